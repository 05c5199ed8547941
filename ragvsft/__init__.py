"""RAG or fine-tuning? Evidence for your corpus."""

__version__ = "0.1.0"
