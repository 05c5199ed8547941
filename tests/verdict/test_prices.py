"""Which device a row of the price book prices; a book that cannot be used is found before anything is built."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.errors import PriceError
from ragvsft.verdict.prices import PriceBook, load_prices

DAY = date(2026, 11, 1)
BOOK = "as_of: 2026-11-01\ncurrency: USD\nhardware:\n"
BOOK += "  l4: {usd_per_hour: 0.8, devices: [L4], as_of: 2026-11-01, source: us}\n"


def _book(*devices: str) -> PriceBook:
    """Return a book with a row for each device, called what the device is called."""
    rows = {name: {"usd_per_hour": 1.0, "devices": [name], "as_of": DAY, "source": "us"} for name in devices}
    return PriceBook.model_validate({"as_of": DAY, "currency": "USD", "hardware": rows})


@pytest.mark.parametrize(
    ("devices", "device", "row"),
    [
        (["L4"], "NVIDIA L4", "L4"),
        (["L4"], "NVIDIA L40S", None),
        (["L4", "L40"], "NVIDIA L40S", None),
        (["L4", "L40", "L40S"], "NVIDIA L40S", "L40S"),
        (["A10"], "NVIDIA A10G", None),
        (["A10"], "NVIDIA A100-SXM4-80GB", None),
        (["A10", "A10G", "A100"], "NVIDIA A10", "A10"),
        (["A10", "A10G", "A100"], "NVIDIA A10G", "A10G"),
        (["A100", "A100-SXM4-80GB"], "NVIDIA A100-SXM4-80GB", "A100-SXM4-80GB"),
        (["A100", "A100-SXM4-80GB"], "NVIDIA A100-SXM4-40GB", "A100"),
        (["A100-SXM4-80GB"], "NVIDIA A100-SXM4-40GB", None),
        (["A100-80GB"], "NVIDIA A100-SXM4-80GB", "A100-80GB"),
        (["RTX 4000"], "NVIDIA RTX 4000 Ada Generation", None),
        (["RTX 4000", "RTX 4000 Ada"], "NVIDIA RTX 4000 Ada Generation", "RTX 4000 Ada"),
        (["RTX 4000", "RTX 4000 Ada"], "Quadro RTX 4000", "RTX 4000"),
        (["RTX 6000"], "NVIDIA RTX A6000", None),
        (["RTX 4090"], "NVIDIA GeForce RTX 4090 Laptop GPU", None),
        (["RTX 4070"], "NVIDIA GeForce RTX 4070 Ti SUPER", None),
        (["H100", "H100 PCIe", "H100 NVL", "H200"], "NVIDIA H100 PCIe", "H100 PCIe"),
        (["H100", "H100 PCIe", "H100 NVL", "H200"], "NVIDIA H100 NVL", "H100 NVL"),
        (["H100", "H100 PCIe", "H100 NVL", "H200"], "NVIDIA H100 80GB HBM3", "H100"),
        (["H100", "H100 PCIe", "H100 NVL", "H200"], "NVIDIA H200", "H200"),
        (["H200"], "NVIDIA GH200 480GB", None),
        (["T4"], "Tesla T4", "T4"),
        (["T4"], "NVIDIA T4G", None),
        (["V100"], "Tesla V100-SXM2-16GB", "V100"),
        (["MI300"], "AMD Instinct MI300X", None),
        (["cpu"], "cpu", "cpu"),
        (["cpu"], "cuda:0", None),
    ],
)
def test_a_device_is_priced_by_its_whole_name_the_longest_first(devices, device, row):
    """A part of a name is another device; maker, memory and socket may be left out."""
    assert _book(*devices).hardware_row("auto", device) == row
    assert _book(*reversed(devices)).hardware_row("auto", device) == row


@pytest.mark.parametrize(
    "known", ["rtx 4090", "RTX-4090", "RTX4090", "GeForce RTX 4090", "NVIDIA GeForce RTX 4090", "4090"]
)
def test_case_blanks_hyphens_and_the_maker_do_not_matter(known):
    """People write a card as they like."""
    assert _book(known).hardware_row("auto", "NVIDIA GeForce RTX 4090") == known
    assert _book(known).hardware_row("auto", "nvidia-geforce-rtx-4090") == known


@pytest.mark.parametrize("known", ["", "NVIDIA", "80GB", "RTX", "HBM3"])
def test_a_name_that_is_no_device_prices_none(known):
    """A row for every card of a maker would be a guess."""
    assert _book(known).hardware_row("auto", "NVIDIA H100 80GB HBM3") is None


def test_a_slice_of_a_gpu_is_never_priced_as_the_whole():
    """It has a row of its own or no price; the whole GPU never takes the slice's."""
    part, whole = "NVIDIA A100-SXM4-40GB MIG 1g.5gb", "NVIDIA A100-SXM4-40GB"
    book = _book("A100", "A100-SXM4-40GB")
    assert (book.hardware_row("auto", part), book.hardware_row("auto", whole)) == (None, "A100-SXM4-40GB")
    book = _book("A100", "A100 MIG 1g.5gb", "A100 MIG 2g.10gb")
    assert (book.hardware_row("auto", part), book.hardware_row("auto", whole)) == ("A100 MIG 1g.5gb", "A100")
    assert book.hardware_row("auto", "NVIDIA A100-SXM4-40GB MIG 3g.20gb") is None
    assert _book("H100").hardware_row("auto", "NVIDIA H100 80GB HBM3 MIG 1g.10gb") is None
    assert _book("A10", "T4").hardware_row("auto", "GRID T4-16Q") is None  # a virtual GPU


@pytest.fixture
def project(tmp_path) -> Path:
    """Return a folder with a corpus, an evalset and a config of the scripted engine that names prices.yaml."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text("# Leave\n\nEverybody has 27 days of leave a year.\n")
    sample = {"sample_id": "q", "question": "How many days?", "targets": ["27"], "doc_ids": ["leave.md"]}
    (tmp_path / "questions.jsonl").write_text(json.dumps({**sample, "stratum": "rephrased"}) + "\n")
    (tmp_path / "prices.yaml").write_text(BOOK)
    (tmp_path / "ragvsft.yaml").write_text(
        "corpus: documents\nevalset: questions.jsonl\nvariants: [prompt, rag]\nretrieval: {encoder: packaged}\n"
        "engine: {kind: scripted}\nlatency: {requests: 0}\ncost: {prices: prices.yaml}\noutput: out\ncache: cache\n"
    )
    return tmp_path


BAD_BOOKS = {
    "a price of 0": (BOOK.replace("0.8", "0"), ["hardware.l4.usd_per_hour", "0", "leave the row out"]),
    "a negative price": (BOOK.replace("0.8", "-1.5"), ["hardware.l4.usd_per_hour", "-1.5", "leave the row out"]),
    "not a number": (BOOK.replace("0.8", ".nan"), ["hardware.l4.usd_per_hour", "nan", "plain number"]),
    "an infinite price": (BOOK.replace("0.8", ".inf"), ["hardware.l4.usd_per_hour", "inf", "plain number"]),
    "a boolean price": (BOOK.replace("0.8", "yes"), ["hardware.l4.usd_per_hour", "True", "plain number"]),
    "a price in quotes": (BOOK.replace("0.8", "'0.8'"), ["hardware.l4.usd_per_hour", "'0.8'", "plain number"]),
    "a thirteenth month": (BOOK.replace("2026-11-01, s", "2026-13-01, s"), ["line 4", "2026-13-01", "such as 2026-"]),
    "30 February": (BOOK.replace("as_of: 2026-11-01\nc", "as_of: 2026-02-30\nc"), ["line 1", "2026-02-30", "such as"]),
    "a date in words": (BOOK.replace("2026-11-01, s", "yesterday, s"), ["hardware.l4.as_of", "yesterday", "such as"]),
    "an alias": (BOOK.replace("[L4]", "&l [L4]") + "  l5: *l\n", ["line 5", "alias *l", "write out its value"]),
    "a row twice": (BOOK + BOOK.splitlines()[-1] + "\n", ["line 5", "l4 is listed twice"]),
    "no YAML": ("hardware: [", ["line 1"]),
    "nothing": ("", ["NoneType", "the packaged one"]),
}  # fmt: skip


@pytest.mark.parametrize("arguments", [["run"], ["run", "--dry-run"], ["build"]])
@pytest.mark.parametrize("name", BAD_BOOKS)
def test_a_bad_price_book_is_one_line_before_anything_is_built(project, name, arguments):
    """File, value and remedy; no index, no run folder."""
    text, said = BAD_BOOKS[name]
    (project / "prices.yaml").write_text(text)
    _fails(project, arguments, [str(project / "prices.yaml"), *said])


@pytest.mark.parametrize("arguments", [["run"], ["run", "--dry-run"], ["build"]])
def test_a_missing_book_and_an_unknown_row_are_found_before_anything_is_built(project, arguments):
    """The one names the file, the other the rows that there are."""
    row = ["-s", "cost.hardware=l40s"]
    _fails(project, [*arguments, *row], ["cost.hardware: 'l40s'", str(project / "prices.yaml"), "it has l4", "auto"])
    packaged = ["-s", "cost.prices=null"]
    _fails(project, [*arguments, *row, *packaged], ["the packaged price book", "nvidia-h100"])
    (project / "prices.yaml").unlink()
    _fails(project, arguments, [str(project / "prices.yaml"), "no such file", "cost.prices"])
    (project / "prices.yaml").mkdir()
    _fails(project, arguments, [str(project / "prices.yaml"), "is a folder; name a file in it"])
    (project / "prices.yaml").rmdir()
    (project / "prices.yaml").write_bytes(b"as_of: \xff")
    _fails(project, arguments, [str(project / "prices.yaml"), "byte 7 (0xff) is not UTF-8; save the file as UTF-8"])


def test_problems_of_the_book_come_with_those_of_the_evalset(project):
    """Whoever mends one would find the other a run later."""
    (project / "prices.yaml").write_text(BOOK.replace("0.8", "-1"))
    (project / "questions.jsonl").write_text('{"sample_id": "q"}\n')
    result = CliRunner().invoke(cli.main, ["run", "-c", str(project / "ragvsft.yaml")])
    assert result.exit_code == 2
    assert "usd_per_hour" in result.stderr
    assert "questions.jsonl" in result.stderr


def test_a_good_book_with_a_named_row_prices_the_run(project):
    """What is checked first is what is used last."""
    changes = ["-s", "cost.hardware=l4", "-s", "latency.requests=2"]
    result = CliRunner().invoke(cli.main, ["run", "-q", "-c", str(project / "ragvsft.yaml"), *changes])
    assert result.exit_code == 0, result.stderr
    [cost] = (project / "out").glob("*/cost.json")
    assert json.loads(cost.read_text())["prices"][0]["usd_per_hour"] == 0.8


def _fails(project: Path, arguments: list[str], said: list[str]) -> None:
    result = CliRunner().invoke(cli.main, [arguments[0], "-c", str(project / "ragvsft.yaml"), *arguments[1:]])
    assert (result.exit_code, result.stdout) == (2, "")
    [line] = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert all(part in line for part in said), (said, line)
    assert {path.name for path in project.iterdir()} <= {"documents", "questions.jsonl", "prices.yaml", "ragvsft.yaml"}


def test_the_packaged_price_book_is_dated_and_sourced():
    """Every row says when and where its price was read, none later than the book."""
    book = load_prices()
    rows = [*book.hardware.values(), *book.models.values(), book.storage]
    assert len(rows) >= 6
    assert all(row.source and row.as_of <= book.as_of for row in rows)


@pytest.mark.parametrize(
    ("device", "row"),
    [
        ("cpu", "cpu-4-vcpu"),
        ("NVIDIA H100 80GB HBM3", "nvidia-h100"),
        ("NVIDIA A100-SXM4-80GB", "nvidia-a100-80gb"),
        ("NVIDIA A100-SXM4-40GB", None),  # another price
        ("cuda:0", None),  # which GPU is not known
    ],
)
def test_the_packaged_book_knows_hardware_by_its_name(device, row):
    """And does not guess."""
    assert load_prices().hardware_row("auto", device) == row


def test_an_unknown_hardware_row_names_the_known_ones():
    """The config names it, so the config is to blame."""
    with pytest.raises(PriceError, match=r"cost\.hardware: 'tpu' is not in the price book; it has box, big"):
        _book("box", "big").hardware_usd_per_hour("tpu", "cpu")


def test_all_problems_of_a_price_book_come_at_once(tmp_path):
    """A price of 0, a row without a source, an unknown key, a foreign currency: four lines."""
    path = tmp_path / "prices.yaml"
    path.write_text(
        "as_of: 2026-11-01\ncurrency: EUR\ngpu: 1\nhardware:\n"
        "  box: {usd_per_hour: 0, as_of: 2026-11-01, source: us}\n  big: {usd_per_hour: 1, as_of: 2026-11-01}\n"
    )
    with pytest.raises(PriceError) as caught:
        load_prices(path)
    problems = sorted(problem.removeprefix(f"{path}: ") for problem in caught.value.problems)
    assert [problem.split(":")[0] for problem in problems] == [
        "currency",
        "gpu",
        "hardware.big.source",
        "hardware.box.usd_per_hour",
    ]


@pytest.mark.parametrize("text", ["- 1\n", "a: [", ""])
def test_a_price_book_that_is_no_mapping_is_one_line(tmp_path, text):
    """Whatever it is instead."""
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    with pytest.raises(PriceError) as caught:
        load_prices(path)
    assert len(caught.value.problems) == 1
    assert "\n" not in str(caught.value)
    with pytest.raises(PriceError, match="no such file"):
        load_prices(tmp_path / "none.yaml")
