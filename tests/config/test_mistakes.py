"""Every mistake in a config is one line in plain words."""

from __future__ import annotations

import pytest

from tests.config.written import MINIMAL, problems_of


def test_all_problems_of_a_file_come_at_once_with_their_keys(tmp_path):
    """Three mistakes give three lines, each with the path of its key."""
    problems = problems_of(tmp_path, MINIMAL + "engin: 1\nrag: {k: 0}\nengine: {devize: cpu}\n")
    assert len(problems) == 3
    assert any("retrieval.k: 0" in line for line in problems)
    assert any("engine.devize: unknown key; did you mean device?" in line for line in problems)
    assert any("engin: unknown key; did you mean engine?" in line for line in problems)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("retrieval: {k: three}", "retrieval.k: 'three' cannot be used; write a whole number"),
        ("retrieval: {k: 2.5}", "retrieval.k: 2.5 cannot be used; write a whole number"),
        (
            "retrieval: {k: yes}",
            "retrieval.k: true cannot be used; no key takes yes or no; write a number, or a text in quotes",
        ),
        ("lora: {dropout: on}", "lora.dropout: true cannot be used; no key takes yes or no; write a number, or"),
        ("lora: {learning_rate: .inf}", "lora.learning_rate: inf cannot be used; write a finite number"),
        ("statistics: {tolerable_loss: .inf}", "statistics.tolerable_loss: inf cannot be used; write a finite number"),
        ("statistics: {confidence: 95}", "statistics.confidence: 95 cannot be used; write less than 1"),
        ("lora: {dropout: -1}", "lora.dropout: -1 cannot be used; write 0.0 or more"),
        ("retrieval: 3", "retrieval: 3 cannot be used; write its keys below it, indented"),
        ("notes: rag", "notes: 'rag' cannot be used; write a list, such as [first, second]"),
        (
            "retrieval: {k: 99999999999999999999}",
            "retrieval.k: 99999999999999999999 cannot be used; write 10000 or less",
        ),
        ("lora: {r: 2147483648}", "lora.r: 2147483648 cannot be used; write less than 2147483648"),
        ("latency: {requests: 2147483648}", "latency.requests: 2147483648 cannot be used; write less than 2147483648"),
        ("lora: {seeds: []}", "lora.seeds: [] cannot be used; name at least one"),
        ("engine: {dtype: fp16}", "engine.dtype: 'fp16' cannot be used; choose from 'auto', 'float32', 'bfloat16' or"),
        ("name: 2026-11-25", "name: '2026-11-25' cannot be used; write a text, in quotes if it looks like a number"),
        ("name: my run", "name: 'my run' cannot be used; use only letters, digits, dots, - and _"),
        ("lora: {target_modules: [q_proj, 3]}", "lora.target_modules.1: 3 cannot be used; write a text"),
        ("lora: {target_modules: 3}", "lora.target_modules: 3 cannot be used; write a text"),
        ("output: [a]", "output: ['a'] cannot be used; write the path of a file or folder"),
        ("lora: {rank: 8}", "lora.rank: unknown key; did you mean r?"),
        ("retrieval: {top_k: 5}", "retrieval.top_k: unknown key; did you mean k?"),
        ("retreival: {k: 5}", "retreival: unknown key; did you mean retrieval?"),
        ("base_modle: x", "base_modle: unknown key; did you mean model?"),
        ("rag:\n\tk: 3", "line 5: a line is indented with a tab; indent with spaces"),
        ("cache: docs/kept", "docs/kept lies inside the corpus, so the next run would read what this one keeps"),
    ],
)
def test_each_mistake_is_one_line_with_the_value_and_the_remedy(tmp_path, text, said):
    """In words that need no knowledge of Python or of the library that checks."""
    [problem] = problems_of(tmp_path, MINIMAL + text + "\n")
    assert said in problem
