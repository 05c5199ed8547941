"""Legs of scripted engines for the tests of both passes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ragvsft.records import Completion, Failure, Request, Sample
from tests.make import a_completion, a_sample

SAMPLES = [a_sample(f"s{i}", f"question {i}?", ["yes"]) for i in range(7)]


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
    return a_completion(request.prompt[-2:])
