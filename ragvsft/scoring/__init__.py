"""Predictions to scores, and scores to metrics."""
