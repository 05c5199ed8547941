"""Legs of scripted engines for the tests of both passes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ragvsft.records import Completion, Failure, Request, Sample

SAMPLES = [Sample(f"s{i}", f"question {i}?", ("yes",), ("a.md",), "rephrased") for i in range(7)]


@dataclass(frozen=True)
class Asking:
    """A variant that asks the question as it is, of an adapter or of none."""

    name: str
    adapter: Path | None = None

    def request(self, sample: Sample) -> Request:
        return Request(sample.sample_id, sample.question, adapter=self.adapter)


def echo(request: Request) -> Completion | Failure:
    """Answer with the end of the prompt; the sample s3 fails."""
    if request.sample_id == "s3":
        return Failure("engine-error", "broken on purpose")
    return Completion(request.prompt[-2:], 3, 1, "stop")
