"""How much an adapter recalls of the facts it was taught, by epochs and wordings per fact.

    python benchmarks/recall_curve.py --wordings 1 --wordings 3 --epochs 5 --epochs 20

Each line is a training of its own on the demo's examples, cut to so many wordings of every fact, and then the demo's
questions closed-book: token F1 on those in the documents' words, on rephrased ones, and the share of the unanswerable
ones that are refused. The base model's line comes first. A request that fails ends the trial.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import click

from ragvsft.clock import measure
from ragvsft.config.sections import LoraConfig
from ragvsft.data.evalset import read_samples
from ragvsft.data.examples import drop_leaks, read_examples
from ragvsft.engines.transformers import TransformersEngine
from ragvsft.models.hardware import use_threads
from ragvsft.models.load import find_model, load_model
from ragvsft.prompts import answer_prompt
from ragvsft.records import Completion, Example, Request, Sample
from ragvsft.scoring.scorers.closeness import token_f1
from ragvsft.scoring.scorers.refusals import is_refusal
from ragvsft.tuning.train import train

EVALSETS = Path(__file__).parent.parent / "evalsets"
STRATA = ("seen-wording", "rephrased")


@click.command(help=__doc__)
@click.option("--model", default="bundled", show_default=True)
@click.option("--wordings", type=int, multiple=True, default=(1, 2, 3), show_default=True)
@click.option("--epochs", type=int, multiple=True, default=(5, 10, 20), show_default=True)
@click.option("--learning-rate", type=float, default=3e-3, show_default=True)
@click.option("--batch-tokens", type=int, default=1024, show_default=True)
@click.option("--threads", type=int, default=0)
def main(
    model: str, wordings: Sequence[int], epochs: Sequence[int], learning_rate: float, batch_tokens: int, threads: int
) -> None:
    """Print the curve as a Markdown table."""
    samples = read_samples(EVALSETS / "marrowick-facts.jsonl", doc_ids=None)
    examples = drop_leaks(read_examples(EVALSETS / "marrowick-facts.examples.jsonl"), samples).kept
    use_threads(threads)
    click.echo("| wordings per fact | examples | epochs | F1 seen wording | F1 rephrased | refused | dev loss | s |")
    click.echo("| --- | --- | --- | --- | --- | --- | --- | --- |")
    click.echo(f"| the base model | 0 | 0 | {_asked(model, samples, None)} | | |")
    for count in wordings:
        taught = _first_wordings(examples, count)
        for number in epochs:
            lora = LoraConfig(epochs=number, patience=number, learning_rate=learning_rate, batch_tokens=batch_tokens)
            with tempfile.TemporaryDirectory() as folder, measure() as cost:
                record = train(
                    [(answer_prompt(example.question), example.answer) for example in taught],
                    source=find_model(model),
                    config=lora,
                    seed=0,
                    device="auto",
                    folder=Path(folder),
                    checkpoints=Path(folder) / "checkpoints",
                    on_progress=lambda _: None,
                    threads=threads,
                )
                scored = _asked(model, samples, Path(folder))
            dev_loss = min(point.dev_loss for point in record.curve if point.dev_loss is not None)
            click.echo(f"| {count} | {len(taught)} | {number} | {scored} | {dev_loss:.2f} | {cost.seconds:.0f} |")


def _first_wordings(examples: Sequence[Example], count: int) -> list[Example]:
    """Return the first `count` examples of each fact: of each answer from the same documents."""
    seen: Counter[tuple[object, ...]] = Counter()
    kept: list[Example] = []
    for example in examples:
        fact = (example.answer, *example.doc_ids)
        seen[fact] += 1
        if seen[fact] <= count:
            kept.append(example)
    return kept


def _asked(model: str, samples: Sequence[Sample], adapter: Path | None) -> str:
    """Return the table cells: F1 per stratum and the share of unanswerable samples that are refused, in percent."""
    engine = TransformersEngine(load_model(find_model(model)), max_new_tokens=24, token_budget=8192)
    requests = [Request(one.sample_id, answer_prompt(one.question), adapter=adapter) for one in samples]
    texts: dict[str, str] = {}
    for batch in engine.batches(requests):
        for place, outcome in zip(batch, engine.generate([requests[i] for i in batch]), strict=True):
            if not isinstance(outcome, Completion):
                raise click.ClickException(f"{requests[place].sample_id}: {outcome.cause}, {outcome.detail}")
            texts[requests[place].sample_id] = outcome.text
    f1 = {
        one.sample_id: max(token_f1(texts[one.sample_id], target) for target in one.targets)
        for one in samples
        if one.targets
    }
    cells = [mean(f1[one.sample_id] for one in samples if one.stratum == stratum) for stratum in STRATA]
    cells.append(mean(is_refusal(texts[one.sample_id]) for one in samples if not one.targets))
    return " | ".join(f"{cell:.1%}" for cell in cells)


if __name__ == "__main__":
    main()
