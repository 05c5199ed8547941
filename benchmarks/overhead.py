"""What the harness costs: the share of a run that is no model, encoder or index work, and the start of the commands.

    python benchmarks/overhead.py reports/<run>

Prints the share of the harness (target: 5 % at most) from stages.jsonl, and how many times as long as an empty
Python `ragvsft --help` and `ragvsft report` take, the three interleaved (target: --help within 0.5 s; report imports no
torch, which a test holds).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from statistics import median

from ragvsft.clock import measure
from ragvsft.store.files import read_jsonl

ROUNDS = 5


def main() -> None:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    run = parser.parse_args().run
    rows = read_jsonl(run / "stages.jsonl")
    total = sum(row["seconds"] for row in rows)
    harness = total - sum(row["model_s"] for row in rows)
    for row in rows:
        print(f"{row['stage']:<18} {row['seconds']:8.1f} s, of which {row['seconds'] - row['model_s']:6.2f} s harness")
    print(f"harness: {harness:.1f} of {total:.1f} s, {harness / total:.1%}")
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "ragvsft --help": [sys.executable, "-m", "ragvsft", "--help"],
        "ragvsft report": [sys.executable, "-m", "ragvsft", "report", str(run)],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            with measure() as cost:
                subprocess.run(command, check=True, capture_output=True)
            seconds[name].append(cost.seconds)
    empty = median(seconds["python -c pass"])
    for name, taken in seconds.items():
        print(f"{name:<18} median {median(taken):6.2f} s of {ROUNDS}, {median(taken) / empty:6.1f} x an empty Python")


if __name__ == "__main__":
    main()
