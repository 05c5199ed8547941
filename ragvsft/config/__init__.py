"""ragvsft.yaml: its keys, its mistakes, and how it is kept."""
