"""What the report calls things: the metrics in plain words, and the glossary."""

from __future__ import annotations

import re

# scorer, or scorer and aggregate -> (short title, what it says)
_METRICS = {
    "token_f1": (
        "Token F1",
        "words and values that answer and target share, by our own rules: “2.5 mg” is one value;"
        " on unanswerable samples: refused or not",
    ),
    "exact_match": (
        "Exact match",
        "the answer says what a target says, but for its spelling, by our own rules: “three” is “3”",
    ),
    "contains": ("Contains", "the answer holds a target as a whole value: “5 mg” is not in “2.5 mg”"),
    "rouge_l": ("ROUGE-L", "longest run of words and values, with gaps, that answer and target share"),
    "squad_f1": ("SQuAD F1", "token F1 by the rules of SQuAD’s script, for comparison with papers: “2.5” is “25”"),
    "squad_em": ("SQuAD exact match", "exact match by the rules of SQuAD’s script, for comparison with papers"),
    "refused": ("Refused wrongly", "“I don't know” on questions that the corpus answers"),
    "abstained": ("Refused rightly", "“I don't know” on unanswerable samples"),
    "unclear": (
        "Unclear",
        "may be a refusal or an answer, as “the contract does not mention a deadline”; counted as an answer",
    ),
    "field_f1": ("Field F1", "fields of the JSON that are there and right; keys and enums as the schema writes them"),
    "field_f1_folded": ("Field F1, any case", "the same, with keys and enums in whatever case"),
    "json_match": ("Whole match", "every field is right and none is invented"),
    "schema_match": ("Schema match", "the JSON fits the schema"),
    "schema_match_folded": ("Schema match, any case", "the same, with keys and enums in whatever case"),
    "json_valid": ("Valid JSON", "the whole answer parses as JSON"),
    "json_repaired": ("JSON unwrapped", "answers whose JSON had to be freed from something before it could be read"),
    "repaired(byte-order-mark)": ("Byte order mark", "taken off the beginning"),
    "repaired(fence)": ("Code fence", "taken off"),
    "repaired(prose)": ("Prose", "before or after the JSON, taken off"),
    "repaired(quotes)": ("Typographic quotes", "read as JSON's own"),
    "unreadable(not-json)": ("No JSON", "nothing in the answer could be read as JSON"),
    "unreadable(duplicate-keys)": ("Duplicate keys", "a key is repeated within one object; refused"),
    "field": ("{k}", ""),
    "recall_at": ("Recall at {k}", "right documents among the first {k} that were found"),
    "ndcg_at": ("nDCG at {k}", "right documents among the first {k}, the higher up the better"),
    "mrr": ("Reciprocal rank", "one over the rank of the first right document"),
    "prompt_tokens": ("Prompt tokens", "what the model reads per request"),
    "completion_tokens": ("Answer tokens", "what the model writes per request"),
    "cut_off": ("Cut off", "answers that the token limit ended; many of them say that max_new_tokens is too low"),
}
_WITH_K = re.compile(r"(?P<stem>\w+)\((?P<k>.+)\)", re.DOTALL)

STRATA = {
    "seen-wording": "asked in the document's own words",
    "rephrased": "asked in other words than the document's",
    "multi-hop": "needs two documents, or two far-apart places",
    "held-out-doc": "on documents without any training example",
    "unanswerable": "the corpus does not answer it; right is to refuse",
    "behaviour": "form and manner of the answer, not facts",
}

VARIANTS = {
    "prompt": "the model as it is",
    "few-shot": "worked examples in the prompt",
    "rag": "retrieved passages in the prompt",
    "lora": "an adapter trained on the corpus",
    "lora-rag": "that adapter, with retrieved passages",
    "raft": "an adapter trained with retrieved passages",
    "oracle": "control: the right passages given",
    "wrong-corpus": "control: irrelevant passages given",
    "rag-parity": "control: an index over the training examples",
}

GLOSSARY = (
    ("document", "one text of the corpus"),
    ("passage", "a stretch of one document that fits in a prompt"),
    ("sample", "one evaluation question with its targets and the documents that answer it"),
    ("target", "an accepted answer"),
    ("example", "one training pair made from the corpus; none shares its wording with a sample"),
    ("variant", "one way of using the corpus; model, sampling and stopwatch are the same for all variants"),
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


def metric_title(name: str) -> str:
    """Return a metric's title: "Recall at 3" for "recall_at(3)"; an unknown one keeps its name."""
    return _words(name)[0]


def metric_meaning(name: str) -> str:
    """Return what a metric says, in a few words; "" for an unknown one."""
    return _words(name)[1]


def _words(name: str) -> tuple[str, str]:
    found = None if name in _METRICS else _WITH_K.fullmatch(name)
    stem, k = (found["stem"], found["k"]) if found else (name, "")
    title, meaning = _METRICS.get(stem, (name, ""))
    return title.replace("{k}", k), meaning.replace("{k}", k)
