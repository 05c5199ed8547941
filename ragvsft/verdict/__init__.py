"""Metrics to differences, costs and a decision."""
