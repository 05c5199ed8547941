"""What this machine can do, and what a run would make of a model."""
