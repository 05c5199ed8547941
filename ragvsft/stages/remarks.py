"""What to know of a run's inputs before anything is built: said at the start and by --dry-run, and in the report."""

from __future__ import annotations

from collections.abc import Callable

from ragvsft.data.examples import LeakCheck
from ragvsft.scoring.floor import FROM_EXAMPLES
from ragvsft.stages.inputs import Inputs
from ragvsft.tasks import TASKS
from ragvsft.text import whole_share

# Share of the samples that ask in the same words of different documents, from which it is said. What one sample in a
# hundred does to a metric is less than the evalsets that people write can see.
NAMELESS_SHARE = 0.01
DROPPED_SHARE = 0.20  # of the training examples: past it, what is left may be too little to learn from
_LONGEST_QUOTE = 80  # characters


def remarks(inputs: Inputs) -> list[str]:
    """Return what makes the numbers of this run mean less, each with what to do about it; nothing for most inputs."""
    return [*inputs.notes, *[line for remark in _REMARKS if (line := remark(inputs)) is not None]]


def _of_nameless_questions(inputs: Inputs) -> str | None:
    found = inputs.nameless
    if not found.samples or found.samples < NAMELESS_SHARE * found.of:
        return None
    return (
        f"{found.samples:,} of {found.of:,} samples use the same words as a sample about another document"
        f" (“{_quoted(found.question)}” is asked about {found.documents:,} of them). Nothing in the question says which"
        " document is meant, so no retriever can find it and no adapter can know it: name it in the question, for"
        " instance the company."
    )


def _of_samples_without_documents(inputs: Inputs) -> str | None:
    asked = [sample for sample in inputs.samples if sample.stratum not in ("unanswerable", "behaviour")]
    without = sum(not sample.doc_ids for sample in asked)
    if not inputs.documents or not without:
        return None
    return (
        f"{without:,} of {len(asked):,} samples do not name in doc_ids the documents that answer them. For these,"
        " nothing shows whether retrieval found the right passage, and each counts as independent of all others, which"
        " makes the intervals too narrow where several ask about the same document: add their doc_ids."
    )


def _of_dropped_examples(inputs: Inputs) -> str | None:
    leaks = inputs.leaks
    dropped, total = leaks.exact + leaks.near, _total(leaks)
    if dropped <= DROPPED_SHARE * total:
        return None
    are = "is" if dropped == 1 else "are"
    return (
        f"{dropped:,} of {total:,} training examples ({whole_share(dropped / total)}) {are} left out because a sample"
        f" asks the same question: {leaks.exact:,} in the same words, {leaks.near:,} in nearly the same. An adapter"
        f" trained on them would be tested on what it was taught. {len(leaks.kept):,} are left: add examples in other"
        " words or about other facts, or take the questions that both files share out of one of them."
    )


def _of_the_floor(inputs: Inputs) -> str | None:
    if inputs.leaks.kept or not set(TASKS[inputs.task.kind].rivals) <= set(FROM_EXAMPLES):
        return None
    return (
        "No trivial rival is scored because there are no training examples, so nothing shows whether a fixed answer"
        " would do as well as the variants: name a file of examples in the config (examples:), even if nothing is"
        " trained on it."
    )


_REMARKS: tuple[Callable[[Inputs], str | None], ...] = (
    _of_nameless_questions,
    _of_samples_without_documents,
    _of_dropped_examples,
    _of_the_floor,
)


def _total(leaks: LeakCheck) -> int:
    return len(leaks.kept) + leaks.exact + leaks.near


def _quoted(question: str) -> str:
    """Return a question on one line, short and without characters that could drive a terminal."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in question).split())
    return plain if len(plain) <= _LONGEST_QUOTE else plain[: _LONGEST_QUOTE - 1] + "…"
