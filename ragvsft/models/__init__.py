"""A name to a loaded model, and how its prompts begin and its answers end."""
