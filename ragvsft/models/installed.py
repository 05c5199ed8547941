"""Which versions of what a run depends on are installed."""

from __future__ import annotations

from importlib import metadata

PACKAGES = (
    "ragvsft", "torch", "transformers", "peft", "sentence-transformers", "faiss-cpu", "llama-index-core", "pandas",
    "numpy",
)  # fmt: skip


def versions() -> dict[str, str]:
    """Return the installed versions of what a run depends on, without importing any of it."""
    found: dict[str, str] = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
