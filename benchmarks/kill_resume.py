"""Kill a run with SIGKILL at random moments, resume it until it is done, and compare with an undisturbed run.

    python benchmarks/kill_resume.py -c evalsets/marrowick-facts.yaml --times 20

Each of the `--times` runs starts with an empty cache, is killed once at a moment drawn evenly from the length of the
undisturbed run, and is resumed. It passes if its metrics.json is the undisturbed run's, but for the metrics that hold
measured seconds, and if no request was answered twice. Prints one line per run; exits with 1 unless all passed.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from ragvsft.store.files import read_jsonl

JOURNALS = ("predictions.jsonl", "latency.jsonl")


def main() -> None:
    """Run the trial of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-c", "--config", type=Path, required=True)
    parser.add_argument("-s", "--set", action="append", default=[], metavar="KEY=VALUE", dest="changes")
    parser.add_argument("--limit", type=int, help="samples to use, for a quicker trial")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as scratch:
        started = time.monotonic()
        whole = _run(arguments, Path(scratch) / "whole")
        length = time.monotonic() - started
        print(f"undisturbed: {length:.1f} s", flush=True)
        passed = 0
        for number in range(1, arguments.times + 1):
            moment = moments.uniform(0.0, length)
            passed += _trial(arguments, Path(scratch) / f"trial{number}", moment, whole, number)
    print(f"{passed} of {arguments.times} finished with the undisturbed run's metrics and nothing answered twice")
    sys.exit(passed < arguments.times)


def _trial(arguments: argparse.Namespace, place: Path, moment: float, whole: Path, number: int) -> bool:
    process = subprocess.Popen(_command(arguments, place), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        process.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    begun = _only_run(place)
    how_far = "nothing" if begun is None else ", ".join(sorted(path.name for path in begun.iterdir()))
    run = _run(arguments, place, resume=begun)
    same, twice = _metrics(run) == _metrics(whole), _answered_twice(run)
    print(
        f"{number:3d}  killed at {moment:6.1f} s with {how_far}: same metrics {same}, answered twice {twice}",
        flush=True,
    )
    shutil.rmtree(place)
    return same and twice == 0


def _run(arguments: argparse.Namespace, place: Path, resume: Path | None = None) -> Path:
    command = _command(arguments, place)
    if resume is not None:
        command = [sys.executable, "-m", "ragvsft", "run", "--quiet", "--resume", str(resume)]
    finished = subprocess.run(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, check=False)
    if finished.returncode:
        sys.exit(f"{' '.join(command)} ended with {finished.returncode}:\n{finished.stderr}")
    run = _only_run(place)
    assert run is not None
    return run


def _command(arguments: argparse.Namespace, place: Path) -> list[str]:
    changes = [*arguments.changes, f"output={place / 'reports'}", f"cache={place / 'cache'}"]
    sets = [part for change in changes for part in ("-s", change)]
    limit = [] if arguments.limit is None else ["--limit", str(arguments.limit)]
    return [sys.executable, "-m", "ragvsft", "run", "--quiet", "-c", str(arguments.config), *limit, *sets]


def _only_run(place: Path) -> Path | None:
    """Return the run folder that can be resumed; one without a manifest never began."""
    runs = [path.parent for path in (place / "reports").glob("*/manifest.json")]
    return max(runs, default=None)


def _metrics(run: Path) -> list[dict[str, object]]:
    metrics = json.loads((run / "metrics.json").read_text())
    return [metric for metric in metrics if metric["unit"] != "s"]


def _answered_twice(run: Path) -> int:
    twice = 0
    for name in JOURNALS:
        asked = ((row["variant"], row["seed"], row["sample_id"], row["round"]) for row in read_jsonl(run / name))
        counts = Counter(asked)
        twice += sum(count - 1 for count in counts.values())
    return twice


if __name__ == "__main__":
    main()
