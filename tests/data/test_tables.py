"""Files of rows: every encoding, layout and oddity that tools write is read, or refused in one line with a remedy."""

from __future__ import annotations

import csv
import datetime
import gzip
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from ragvsft.data.problems import Problems, first_places
from ragvsft.data.rows import check_unique, text_of
from ragvsft.data.tables import read_table

ROWS = [{"question": "Wie heißt es?", "answer": "Müll 🗑"}, {"question": "Why?", "answer": "so"}]


def rows_of(path: Path) -> list[dict[str, object]]:
    """Return the values of a file that has no problems."""
    problems = Problems()
    rows = read_table(path, problems).rows
    assert problems.lines == []
    return [row.values for row in rows]


def problems_of(path: Path) -> list[str]:
    """Return what is wrong with a file, without its folder."""
    problems = Problems()
    read_table(path, problems)
    return [line.replace(f"{path.parent}/", "") for line in problems.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv", ".tsv"])
def test_every_unicode_encoding_is_read(tmp_path: Path, encoding: str, suffix: str) -> None:
    """With a byte order mark or by where the zeros stand."""
    text = {
        ".jsonl": "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS),
        ".json": json.dumps(ROWS, ensure_ascii=False, indent=1),
        ".csv": pd.DataFrame(ROWS).to_csv(index=False),
        ".tsv": pd.DataFrame(ROWS).to_csv(index=False, sep="\t"),
    }[suffix]
    (tmp_path / f"e{suffix}").write_bytes(text.encode(encoding))
    assert rows_of(tmp_path / f"e{suffix}") == ROWS
    (tmp_path / f"e{suffix}.gz").write_bytes(gzip.compress(text.encode(encoding)))
    assert rows_of(tmp_path / f"e{suffix}.gz") == ROWS


def test_what_cannot_be_unpacked_and_folders_are_a_line(tmp_path: Path) -> None:
    """A torn archive, and the folder that save_to_disk of a data set leaves."""
    (tmp_path / "e.jsonl.gz").write_bytes(gzip.compress(b'{"question": "A?"}')[:-6])
    assert problems_of(tmp_path / "e.jsonl.gz")[0].startswith("e.jsonl.gz: cannot be unpacked (")
    (tmp_path / "saved").mkdir()
    [line] = problems_of(tmp_path / "saved")
    assert line.startswith("saved: is a folder; name a file in it")


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv", ".tsv"])
def test_latin_1_is_one_line_with_place_and_remedy(tmp_path: Path, suffix: str) -> None:
    """However many letters of it there are."""
    (tmp_path / f"e{suffix}").write_bytes(("question\n" + "Gebühr für Müll\n" * 50).encode("latin-1"))
    problems = problems_of(tmp_path / f"e{suffix}")
    assert problems[0] == (
        f"e{suffix} line 2: byte 3 is not UTF-8; "
        f"save the file as UTF-8, as in: iconv -f WINDOWS-1252 -t UTF-8 e{suffix} > utf8{suffix}"
    )
    assert len(problems) == 1


@pytest.mark.parametrize("broken", ["\\ud83d", "\\udc00", "\\ud83dx", "\\u0000"])
@pytest.mark.parametrize(
    "line", ['{"q": "a %s b"}', '{"q": ["x", "%s"]}', '{"%s": "x"}', '{"q": {"a": [{"b": "%s"}]}}']
)
@pytest.mark.parametrize("suffix", [".jsonl", ".json"])
def test_half_a_character_is_one_line(tmp_path: Path, broken: str, line: str, suffix: str) -> None:
    """Anywhere in a value or a key; the row is not handed on."""
    (tmp_path / f"e{suffix}").write_text(f"[{line % broken}]" if suffix == ".json" else line % broken)
    problems = problems_of(tmp_path / f"e{suffix}")
    assert len(problems) == 1
    assert broken[:6] in problems[0]
    assert "remove it where the text was made" in problems[0]


def test_a_whole_pair_is_one_character(tmp_path: Path) -> None:
    """JSON in ASCII writes every emoji as two escapes."""
    (tmp_path / "e.jsonl").write_text('{"q": "\\ud83d\\ude00"}')
    assert rows_of(tmp_path / "e.jsonl") == [{"q": "😀"}]


def test_deep_nesting_is_a_line_not_a_traceback(tmp_path: Path) -> None:
    """Of JSON as deep as Python gives up on, and of less."""
    (tmp_path / "e.jsonl").write_text('{"q": ' + "[" * 100_000 + "]" * 100_000 + "}")
    assert "nested too deeply" in problems_of(tmp_path / "e.jsonl")[0]
    (tmp_path / "e.jsonl").write_text('{"q": ' + "[" * 400 + "]" * 400 + "}")
    assert problems_of(tmp_path / "e.jsonl") == []


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_head_says_what_parts_the_cells(tmp_path: Path, mark: str) -> None:
    """Whatever the texts below it hold, and a pipe only where nothing else does."""
    cells = "A, b; c or d|e?"
    (tmp_path / "e.csv").write_text(f'question{mark}answer\n"{cells}"{mark}7\n')
    assert rows_of(tmp_path / "e.csv") == [{"question": cells, "answer": "7"}]


def test_a_pipe_in_the_name_of_a_column_parts_nothing(tmp_path: Path) -> None:
    """Another mark stands there too."""
    (tmp_path / "e.csv").write_text("question|s|x,answer\nA?,7\n")
    assert rows_of(tmp_path / "e.csv") == [{"question|s|x": "A?", "answer": "7"}]


def test_cells_of_any_length_are_read_and_the_limit_of_others_stays(tmp_path: Path) -> None:
    """The csv module refuses more than 131,072 characters for the whole process."""
    long = "word " * 60_000
    (tmp_path / "e.csv").write_text(f'question,answer\n"{long}",x\n')
    before = csv.field_size_limit()
    assert rows_of(tmp_path / "e.csv") == [{"question": long, "answer": "x"}]
    assert csv.field_size_limit() == before


def test_what_pandas_adds_is_left_out(tmp_path: Path) -> None:
    """The column of row numbers, and every word for an empty cell."""
    frame = pd.DataFrame({"q": ["a", "b", "c"], "x": [None, "nan", 1.0]})
    frame.to_csv(tmp_path / "e.csv", na_rep="NaN")
    assert rows_of(tmp_path / "e.csv") == [{"q": "a"}, {"q": "b"}, {"q": "c", "x": "1.0"}]


def test_rows_without_any_value_are_no_rows(tmp_path: Path) -> None:
    """Spreadsheets export them by the hundred; the lines of the others are counted right."""
    (tmp_path / "e.csv").write_text("sep=;\nq;a\n;\nx;y;z\n")
    problems = Problems()
    assert read_table(tmp_path / "e.csv", problems).rows == []
    assert problems.lines == [
        f"{tmp_path}/e.csv line 4: more cells than the header has; put texts with commas in quotes"
    ]


def test_a_quote_that_is_never_closed_is_named(tmp_path: Path) -> None:
    """The rest of the file would be one cell; an inch sign within a cell is no quote."""
    (tmp_path / "e.csv").write_text('q,a\n1,"x\ny"\n2,"z\n3,w\n4,v\n')
    assert problems_of(tmp_path / "e.csv") == [
        "e.csv line 4: a quote is opened here and never closed, so all that follows is one cell; close it"
    ]
    (tmp_path / "e.csv").write_text('q,a\n1,a 5" disk\n2,"x"\n')
    assert rows_of(tmp_path / "e.csv") == [{"q": "1", "a": 'a 5" disk'}, {"q": "2", "a": "x"}]


def test_a_column_that_is_listed_twice_is_named(tmp_path: Path) -> None:
    """The second would silently win."""
    (tmp_path / "e.csv").write_text("q,a,q\n1,2,3\n")
    assert problems_of(tmp_path / "e.csv") == ["e.csv: the column 'q' is listed 2 times in the header; rename one"]


@pytest.mark.parametrize(
    "document",
    [
        ROWS,
        {"data": ROWS},
        {"samples": ROWS},
        {"rows": [{"row_idx": n, "row": row, "truncated_cells": []} for n, row in enumerate(ROWS)]},
        {"features": [{"name": "question"}], "rows": [{"row": row} for row in ROWS], "num_rows_total": 2},
        json.loads(pd.DataFrame(ROWS).to_json()),
        json.loads(pd.DataFrame(ROWS).to_json(orient="split")),
        json.loads(pd.DataFrame(ROWS).to_json(orient="table", index=False)),
        json.loads(pd.DataFrame(ROWS).to_json(orient="index")),
        json.loads(pd.DataFrame(ROWS, index=list("abcdefgh")[: len(ROWS)]).to_json()),
        {key: [row[key] for row in ROWS] for key in ROWS[0]},
        {"Data": ROWS, "Version": 1.0},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_every_layout_of_rows_is_read(tmp_path: Path, document: object, indent: int | None) -> None:
    """Arrays, the answer of a hub's rows API, pandas by columns, datasets by columns."""
    (tmp_path / "e.json").write_text(json.dumps(document, indent=indent))
    assert rows_of(tmp_path / "e.json") == ROWS


def test_the_suffix_does_not_decide_between_an_array_and_lines(tmp_path: Path) -> None:
    """Hubs call JSON lines .json; others call arrays .jsonl."""
    (tmp_path / "e.json").write_text("\n".join(map(json.dumps, ROWS)) + "\n")
    (tmp_path / "e.jsonl").write_text(json.dumps(ROWS, indent=1))
    assert rows_of(tmp_path / "e.json") == rows_of(tmp_path / "e.jsonl") == ROWS


def test_cells_that_a_hub_cut_off_are_refused(tmp_path: Path) -> None:
    """A truncated context would make a question unanswerable."""
    (tmp_path / "e.json").write_text(json.dumps({"rows": [{"row": ROWS[0], "truncated_cells": ["answer"]}]}))
    assert "e.json rows[0]: the hub's preview cut off long cells" in problems_of(tmp_path / "e.json")[0]


def test_nan_is_an_empty_value(tmp_path: Path) -> None:
    """Python writes it, though JSON has none."""
    (tmp_path / "e.jsonl").write_text('{"q": "a", "x": NaN}\n')
    assert rows_of(tmp_path / "e.jsonl") == [{"q": "a", "x": None}]


def test_parquet_days_and_decimals_are_texts(tmp_path: Path) -> None:
    """As they would be written; a missing one is no value."""
    made = {
        "day": [datetime.date(2026, 11, 25), None],
        "time": pd.to_datetime(["2026-11-25 00:00", "2026-11-25 08:30"]),
        "price": [Decimal("1.50"), Decimal("-2")],
    }
    pd.DataFrame(made).to_parquet(tmp_path / "e.parquet")
    assert rows_of(tmp_path / "e.parquet") == [
        {"day": "2026-11-25", "time": "2026-11-25", "price": "1.50"},
        {"time": "2026-11-25 08:30:00", "price": "-2.00"},
    ]


def test_parquet_lists_and_numbers_become_plain(tmp_path: Path) -> None:
    """Arrays become lists, whole numbers stay numbers, NaN is left out."""
    pytest.importorskip("pyarrow")
    pd.DataFrame({"q": ["a", "b"], "x": [["p", "q"], []], "n": [1.0, None]}).to_parquet(tmp_path / "e.parquet")
    assert rows_of(tmp_path / "e.parquet") == [{"q": "a", "x": ["p", "q"], "n": 1.0}, {"q": "b", "x": []}]


def test_a_kind_is_one_line_with_its_count_and_first_three_places(tmp_path: Path) -> None:
    """3,080 rows with the same fault are not 3,080 lines; three are still three."""
    lines = ["{}" if n < 3 else '{"q": 1}' for n in range(3083)]
    (tmp_path / "e.jsonl").write_text("\n".join(lines))
    problems = Problems()
    for row in read_table(tmp_path / "e.jsonl", problems).rows:
        text_of(row, "q", problems)
    assert [line.replace(f"{tmp_path}/", "") for line in problems.lines] == [
        "e.jsonl line 1: q is missing; give it a text",
        "e.jsonl line 2: q is missing; give it a text",
        "e.jsonl line 3: q is missing; give it a text",
        "e.jsonl line 4: q is 1; write it as a text in quotes (3,080 times: line 4, line 5, line 6, ...)",
    ]
    assert len(problems) == 3083


def test_values_that_differ_are_one_kind(tmp_path: Path) -> None:
    """1,000 ids used twice give a line, with the first pair in full."""
    (tmp_path / "e.jsonl").write_text("".join(f'{{"id": "a{n % 1000}"}}\n' for n in range(2000)))
    problems = Problems()
    check_unique(read_table(tmp_path / "e.jsonl", problems).rows, "id", problems)
    [line] = problems.lines
    assert "line 1001: id 'a0' is already used in" in line
    assert line.endswith("(1,000 times: line 1001, line 1002, line 1003, ...)")


def test_lines_that_are_not_json_are_one_kind(tmp_path: Path) -> None:
    """The parser's words differ with the column."""
    (tmp_path / "e.jsonl").write_text("".join("{" + " " * n + "\n" for n in range(10)))
    [line] = problems_of(tmp_path / "e.jsonl")
    assert line.startswith("e.jsonl line 1: not JSON")
    assert "(10 times: line 1, line 2, line 3, ...)" in line


def test_places_in_different_files_are_told_in_full() -> None:
    """And those within one file without its name."""
    assert first_places(["a.json data[0] qas[1]", "a.json data[0] qas[2]"]) == "data[0] qas[1], data[0] qas[2]"
    assert first_places(["a line 1", "b line 2"]) == "a line 1, b line 2"
