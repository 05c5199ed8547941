"""Where the tests find the repository and what lies in or beside it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ragvsft"
BUNDLED = PACKAGE / "models" / "bundled"
GOLD = ROOT / "tests" / "gold"
SHARED = ROOT.parent / "shared"  # real data and reported cases; only tests that skip without it read it
