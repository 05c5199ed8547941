"""Prices and costs: every figure by hand, every unknown left unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ragvsft.config.sections import Config
from ragvsft.errors import PriceError
from ragvsft.records import IndexRecord, Metric, TrainingRecord, VariantCost
from ragvsft.verdict.cost import break_even, costs
from ragvsft.verdict.prices import PriceBook, load_prices

BOOK = PriceBook.model_validate(
    {
        "as_of": date(2026, 11, 1),
        "currency": "USD",
        "hardware": {
            "box": {"usd_per_hour": 0.36, "devices": ["cpu"], "as_of": date(2026, 11, 1), "source": "our rack"},
            "big": {"usd_per_hour": 3.6, "devices": ["H100"], "as_of": date(2026, 11, 1), "source": "our rack"},
        },
        "storage": {"usd_per_gb_month": 0.1, "as_of": date(2026, 11, 1), "source": "our rack"},
        "models": {"paid": {"input_usd": 2.0, "output_usd": 10.0, "as_of": date(2026, 11, 1), "source": "a page"}},
    }
)
INDEX = IndexRecord(
    documents=40,
    passages=400,
    dim=384,
    encoder="e",
    kind="flat inner product",
    bytes=2 * 10**9,
    tokens=9000,
    seconds=100.0,
    device="cpu",
    peak_memory_bytes=1,
)
TRAINING = TrainingRecord(
    seed=0,
    examples=300,
    dev_examples=30,
    curve=(),
    best_epoch=1,
    stopped="early",
    trainable_parameters=1,
    total_parameters=2,
    tokens=1,
    seconds=1000.0,
    device="cpu",
    dtype="float32",
    peak_memory_bytes=1,
)
BUILDS = {"prompt": [], "rag": [INDEX], "lora": [TRAINING, replace(TRAINING, seed=1, seconds=3000.0)]}


def _config(**fields) -> Config:
    settings = {"requests_per_month": 10_000, "months": 12, "retrainings_per_year": 4.0}
    settings |= fields.pop("cost", {})
    return Config(corpus="c", evalset="e", examples="x", cost=settings, **fields)


def _metric(name: str, variant: str, value: float | None, *, unit: str = "share", better: str = "higher") -> Metric:
    return Metric(name, variant, None, value, value, value, 100, 0, unit, better)


METRICS = [
    _metric("latency_s", "prompt", 0.5, unit="s", better="lower"),
    _metric("latency_s", "rag", 1.0, unit="s", better="lower"),
    _metric("latency_s", "lora", 0.5, unit="s", better="lower"),
    _metric("token_f1", "prompt", 0.25),
    _metric("token_f1", "rag", 0.8),
    _metric("token_f1", "lora", 0.0),
]


def _costs(*, config=None, metrics=METRICS, builds=BUILDS, device="cpu", book=BOOK) -> dict[str, VariantCost]:
    found = costs(config or _config(), metrics, builds, device=device, prices=book)
    return {cost.variant: cost for cost in found}


def test_a_request_costs_its_latency_at_the_hardwares_hourly_price():
    """1 s at 0.36 USD an hour is 0.0001 USD; at 80 % token F1 a correct one costs a quarter more."""
    rag = _costs()["rag"]
    assert rag.request_usd == pytest.approx(0.0001)
    assert rag.correct_usd == pytest.approx(0.0001 / 0.8)
    assert "box at 0.36 USD an hour as of 2026-11-01; one request at a time, an upper bound" in rag.note


def test_twelve_months_are_building_rebuilding_serving_and_storage():
    """The index: 100 s = 0.01 USD, four rebuilds, 120,000 requests = 12 USD, 2 GB x 12 months x 0.1 = 2.4 USD."""
    rag = _costs()["rag"]
    assert dict(rag.parts) == pytest.approx({"building": 0.01, "rebuilding": 0.04, "serving": 12.0, "storage": 2.4})
    assert rag.months_usd == pytest.approx(14.45)
    assert (rag.months, rag.requests_per_month) == (12, 10_000)


def test_one_training_is_deployed_however_many_seeds_were_tried():
    """Mean of 1,000 s and 3,000 s at 0.36 USD an hour."""
    assert _costs()["lora"].build_usd == pytest.approx(0.2)


def test_a_variant_that_builds_nothing_builds_for_nothing_and_a_lost_record_is_unknown():
    """No record is not the same as nothing to record."""
    assert _costs()["prompt"].build_usd == 0
    lost = _costs(builds={"prompt": []})["rag"]
    assert (lost.build_usd, lost.months_usd, dict(lost.parts)["storage"]) == (None, None, None)
    assert "no record of the build" in lost.note


def test_without_a_latency_pass_serving_has_no_price():
    """And so has no sum that needs it."""
    rag = _costs(metrics=METRICS[3:])["rag"]
    assert (rag.request_usd, rag.correct_usd, rag.months_usd) == (None, None, None)
    assert rag.build_usd == pytest.approx(0.01)
    assert "no latency pass" in rag.note


def test_a_device_without_a_price_leaves_the_cost_unknown_until_the_user_names_a_row():
    """Unknown is never 0."""
    assert _costs(device="cuda:0")["rag"].request_usd is None
    assert "name a row in cost.hardware" in _costs(device="cuda:0")["rag"].note
    named = _costs(device="cuda:0", config=_config(cost={"hardware": "big"}))["rag"]
    assert named.request_usd == pytest.approx(0.001)


def test_a_build_on_a_device_without_a_price_is_unknown():
    """It may have run elsewhere than the requests."""
    builds = {**BUILDS, "rag": [replace(INDEX, device="cuda:1")]}
    rag = _costs(builds=builds)["rag"]
    assert (rag.build_usd, rag.months_usd) == (None, None)
    assert "'cuda:1'" in rag.note


def test_no_storage_price_leaves_only_what_stores_unknown():
    """An adapter is not an index."""
    book = BOOK.model_copy(update={"storage": None})
    assert _costs(book=book)["rag"].months_usd is None
    assert _costs(book=book)["lora"].months_usd is not None


def test_a_correct_answer_has_no_price_where_there_is_none():
    """Lora scored 0."""
    assert _costs()["lora"].correct_usd is None
    assert "no answer was correct" in _costs()["lora"].note


def test_a_model_paid_by_the_token_costs_its_tokens():
    """1,000 x 2 USD + 50 x 10 USD per million."""
    metrics = [
        _metric("prompt_tokens", "rag", 1000.0, unit="tokens", better="lower"),
        _metric("completion_tokens", "rag", 50.0, unit="tokens", better="lower"),
    ]
    assert _costs(metrics=metrics, config=_config(model="paid"))["rag"].request_usd == pytest.approx(0.0025)
    assert _costs(metrics=metrics, config=_config(model="paid"))["prompt"].request_usd is None


def test_two_variants_break_even_where_fixed_and_serving_costs_balance():
    """By hand: 100 + 12 r x 0.001 = 40 + 12 r x 0.002 at r = 5,000."""
    one = VariantCost("lora", 100.0, 0.001, None, 0.0, 12, 1, (("building", 100.0), ("serving", 0.0)))
    other = VariantCost("rag", 40.0, 0.002, None, 0.0, 12, 1, (("building", 40.0), ("serving", 0.0)))
    assert break_even(one, other) == pytest.approx(5000)
    assert break_even(other, one) == pytest.approx(5000)


def test_there_is_no_break_even_where_one_is_always_cheaper_or_something_is_unknown():
    """Cheaper to build and to serve; the same to serve; no price."""
    one = VariantCost("lora", 100.0, 0.002, None, 0.0, 12, 1, (("building", 100.0), ("serving", 0.0)))
    other = VariantCost("rag", 40.0, 0.001, None, 0.0, 12, 1, (("building", 40.0), ("serving", 0.0)))
    assert break_even(one, other) is None
    assert break_even(one, replace(other, request_usd=0.002)) is None
    assert break_even(one, replace(other, request_usd=None)) is None


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
        BOOK.hardware_usd_per_hour("tpu", "cpu")


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
