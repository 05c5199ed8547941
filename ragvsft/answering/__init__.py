"""Legs x samples through their engines: predictions, in a quality pass and a latency pass."""
