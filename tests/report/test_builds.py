"""What was built stands with the variants that use it."""

from __future__ import annotations

import re
from dataclasses import replace

from ragvsft.building import Builds, LegBuild
from ragvsft.report.builds import built_of
from ragvsft.report.page import render
from tests.report.made import INDEX, Page, realistic, training

SMALL = replace(INDEX, passages=99)
TWO_OF_EACH = Builds(
    {"i": INDEX, "j": SMALL, "a": training(0), "b": training(1), "c": replace(training(0), best_epoch=5)},
    (
        LegBuild("prompt", None, ()),
        LegBuild("rag", None, ("i",)),
        LegBuild("rag-small", None, ("j",)),
        LegBuild("lora", 0, ("a",)),
        LegBuild("lora", 1, ("b",)),
        LegBuild("lora-rag", 0, ("i", "a")),
        LegBuild("small-lora", 0, ("c",)),
    ),
)


def test_an_adapter_has_the_names_of_all_that_answer_with_it() -> None:
    """Each once, in the order of the legs; a seed never stands without its variant."""
    built = built_of(replace(realistic(12), builds=TWO_OF_EACH))
    assert [adapter.name for adapter in built.adapters] == [
        "lora and lora-rag, seed 0",
        "lora, seed 1",
        "small-lora, seed 0",
    ]
    assert [index.variants for index in built.indexes] == [("rag", "lora-rag"), ("rag-small",)]
    assert built.trained == ("lora", "small-lora")
    assert built.seeds == ("lora and lora-rag: 0", "lora: 1", "small-lora: 0")


def test_two_trained_variants_have_two_families_of_curves() -> None:
    """Each with its name in the label and the legend, and its own colour; two indexes have their facts apart."""
    builds = replace(
        TWO_OF_EACH, legs=tuple(leg for leg in TWO_OF_EACH.legs if leg.variant in ("lora", "rag", "prompt"))
    )
    legs = (*builds.legs, LegBuild("prompt", 0, ("c", "j")))
    source = render(replace(realistic(12), builds=replace(builds, legs=legs)))
    page = Page(source)
    [label] = {a["aria-label"] for tag, a in page.tags if tag == "svg" and "Loss per epoch" in (a["aria-label"] or "")}
    assert label == (
        "Loss per epoch. lora, seed 0: weights of epoch 8 kept; lora, seed 1: weights of epoch 8 kept; "
        "prompt, seed 0: weights of epoch 5 kept"
    )
    [picture] = re.findall(r'<div class="wide">(<svg role="img" aria-label="Loss per epoch.*?</svg>)', source)
    assert {'stroke="#bf4a0a"', 'stroke="#5f6b78"'} <= set(re.findall(r'stroke="#\w+"', picture))
    assert "Index of rag" in page.text
    assert "Index of prompt Searched by prompt Passages 99" in page.text


def test_a_run_that_built_nothing_has_nothing_to_show() -> None:
    """As before it came so far."""
    assert built_of(replace(realistic(12), builds=None)).adapters == ()
    assert built_of(replace(realistic(12), builds=Builds({}, ()))).indexes == ()
