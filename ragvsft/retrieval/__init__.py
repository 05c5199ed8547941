"""A sample to hits: encoders and what searches with them."""
