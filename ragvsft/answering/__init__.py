"""Legs x samples through the engines: predictions."""
