"""Training pairs to a LoRA adapter."""
