"""The matrix of samples: what is in a row, what is flagged, and how much of it a report has room for."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ragvsft.evidence.run import Evidence
from ragvsft.records import Hit
from ragvsft.report import matrix
from ragvsft.report.page import render
from tests.make import a_metric, a_prediction, a_sample, a_score, an_evidence
from tests.report.made import SUBJECTS, Page, realistic


def test_a_passage_of_a_paged_document_is_shown_with_its_page() -> None:
    """Beside the answer and in the list of passages; one without pages has none."""
    evidence = realistic(12)

    def paged(hit: Hit) -> Hit:
        return replace(hit, page=12) if hit.doc_id == SUBJECTS[0][1] else hit

    predictions = [replace(p, hits=p.hits and tuple(map(paged, p.hits))) for p in evidence.predictions]
    text = " ".join(Page(render(replace(evidence, predictions=tuple(predictions)))).text.split())
    found = re.findall(rf"{re.escape(SUBJECTS[0][1])}#\d+ ?(, page 12)?", text)
    assert found
    assert all(found)
    assert not re.search(rf"{re.escape(SUBJECTS[1][1])}#\d+ ?, page", text)


def test_report_of_4000_samples_is_cut_and_says_so() -> None:
    """Past the room of a report the samples on which variants disagree come first, and the report says how many."""
    source = render(realistic(4000))
    page = Page(source)
    rows = [attributes["data-f"] or "" for tag, attributes in page.tags if tag == "tr" and "data-f" in attributes]
    assert len(source.encode()) <= 1_500_000
    assert 500 < len(rows) < 4000
    assert f"The first {len(rows):,} of 4,000 samples, chosen as: all on which variants disagree first" in page.text
    disagree = ["d" in flags for flags in rows]
    assert disagree == sorted(disagree, reverse=True)


def test_each_passage_is_stored_once(page: Page) -> None:
    """A passage that many answers saw stands in the report once."""
    hits = [hit for prediction in realistic().predictions for hit in prediction.hits or ()]
    assert len(hits) == 600
    passages = [name for name in page.attributes("id") if re.fullmatch(r"p\d+", name or "")]
    assert len(passages) == len({hit.passage_id for hit in hits})
    assert page.source.count("Paragraph 7 of the handbook") % 6 == 0


def _run(*outcomes: tuple[str, int, str, float | None]) -> Evidence:
    """Return a run of one sample from (variant, seed, text, score) of each prediction."""
    return an_evidence(
        samples=(a_sample(targets=["21 days"]),),
        predictions=tuple(a_prediction(text, variant, seed=seed) for variant, seed, text, _ in outcomes),
        scores=tuple(a_score(value, variant, seed=seed, cause="not-finite") for variant, seed, _, value in outcomes),
        metrics=tuple(a_metric("token_f1", variant, value) for variant, _, _, value in outcomes),
    )


def test_the_same_answer_of_several_seeds_stands_once() -> None:
    """Answers that are equal but for their training seed are one answer with several seeds."""
    [row] = matrix.matrix_of(
        _run(("lora", 0, "21 days", 1.0), ("lora", 1, "3 weeks", 0.0), ("lora", 2, "21 days", 1.0))
    ).rows
    assert [(answer.text, answer.seeds) for answer in row.answers[0]] == [("21 days", (0, 2)), ("3 weeks", (1,))]


def test_what_stood_in_a_prompt_stands_beside_its_answer() -> None:
    """Worked examples by their ids; a search that found nothing says so, and a variant that never searches nothing."""
    run = _run(("few-shot", 0, "x", 1.0), ("rag", 0, "y", 0.0), ("prompt", 0, "z", 0.0))
    shown, searched, alone = run.predictions
    changed = (replace(shown, shots=("e1", "e7"), dropped_shots=2), replace(searched, hits=()), alone)
    text = Page(render(replace(run, predictions=changed))).text
    assert "2 worked examples, 2 did not fit e1 e7" in text
    assert text.count("no passage found") == 1


@pytest.mark.parametrize(
    ("scores", "flags"),
    [
        ((1.0, 1.0), (False, False, False)),
        ((1.0, 0.4), (True, True, False)),
        ((0.5, 0.6), (False, False, False)),
        ((0.0, 0.1), (False, True, False)),
        ((1.0, None), (False, False, True)),
    ],
)
def test_flags_of_a_sample(scores: tuple[float | None, ...], flags: tuple[bool, ...]) -> None:
    """Right is a primary score of 0.5 or more; variants disagree where one is right and another is not."""
    [row] = matrix.matrix_of(_run(("prompt", 0, "x", scores[0]), ("rag", 0, "y", scores[1]))).rows
    assert (row.disagree, row.wrong, row.unscored) == flags
