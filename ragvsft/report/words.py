"""What the report calls things: strata, variants, and the glossary."""

from __future__ import annotations

from ragvsft.config.recorded import differences
from ragvsft.config.root import Config

STRATA = {
    "seen-wording": "asked in the document's own words",
    "rephrased": "asked in other words than the document's",
    "multi-hop": "needs two documents, or two far-apart places",
    "held-out-doc": "on documents without any training example",
    "unanswerable": "the corpus does not answer it; right is to refuse",
    "behaviour": "form and manner of the answer, not facts",
}

GLOSSARY = (
    ("document", "one text of the corpus"),
    ("passage", "a stretch of one document that fits in a prompt"),
    ("sample", "one evaluation question with its targets and the documents that answer it"),
    ("target", "an accepted answer"),
    ("example", "one training pair made from the corpus; one worded like a sample on the same document is dropped"),
    ("variant", "one way of using the corpus, with a name of its own"),
    ("candidate, control", "a variant that may be recommended; one that only explains why the others do as they do"),
    ("score", "one number for one answer"),
    ("unscored", "an answer without a number, with its cause; it is never counted as 0"),
    ("metric", "many scores as one number, with its interval and n"),
    ("stratum", "why a sample is hard"),
    ("floor", "the best score that an answer gets without any model: a constant, the input's beginning, a look-up"),
    ("interval", "where the number would plausibly lie with other documents and questions of the same kind"),
    ("smallest visible difference", "the difference that this evalset finds in four of five tries (80 % power)"),
    ("Holm p", "the p value after guarding against several comparisons at once (Holm 1979)"),
    ("points", "percentage points: from 50 % to 60 % is +10 points"),
    ("p50, p95", "the time within which half, or 95 %, of the requests were answered"),
)


def variant_meaning(config: Config, name: str) -> str:
    """Return what a variant is: its recipe's sentence, and what it sets differently; "" for one not in the config."""
    if name not in config.names:
        return ""
    variant = config.variant(name)
    settings = ", ".join(f"{key} {value}" for key, value in differences(config)[name].items())
    if settings:
        return f"Like {variant.recipe}, with {settings}. {variant.row.says}"
    return variant.row.says if variant.recipe == name else f"Like {variant.recipe}. {variant.row.says}"
