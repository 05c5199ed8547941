"""Prices and costs: every figure by hand, every unknown left unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ragvsft import names
from ragvsft.codec import from_dict, to_plain
from ragvsft.config.root import Config
from ragvsft.findings import CostSheet, PriceFacts, VariantCost
from ragvsft.verdict.cost import break_even, costs
from ragvsft.verdict.prices import PriceBook
from tests.make import a_config, a_cost, a_metric, a_training, an_index, some_builds

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
INDEX = an_index(bytes=2 * 10**9)
ADAPTERS = [a_training(), a_training(1, seconds=3000.0)]
BUILDS = some_builds({"prompt": [], "rag": [INDEX], "lora": ADAPTERS})


def _config(**fields) -> Config:
    settings = {"requests_per_month": 10_000, "months": 12, "retrainings_per_year": 4.0}
    settings |= fields.pop("cost", {})
    return a_config(cost=settings, **fields)


METRICS = [
    a_metric("latency_s", "prompt", 0.5),
    a_metric("latency_s", "rag", 1.0),
    a_metric("latency_s", "lora", 0.5),
    a_metric("token_f1", "prompt", 0.25),
    a_metric("token_f1", "rag", 0.8),
    a_metric("token_f1", "lora", 0.0),
]


def _sheet(*, config=None, metrics=METRICS, builds=BUILDS, devices=None, models=None, book=BOOK) -> CostSheet:
    config = config or _config()
    on_cpu = dict.fromkeys(config.names, "cpu")
    return costs(config, metrics, builds, devices=on_cpu | (devices or {}), models=models or {}, prices=book)


def _costs(**changes) -> dict[str, VariantCost]:
    return {cost.variant: cost for cost in _sheet(**changes).variants}


def test_a_request_costs_its_latency_at_the_hardwares_hourly_price():
    """1 s at 0.36 USD an hour is 0.0001 USD; at 80 % token F1 a correct one costs a quarter more."""
    rag = _costs()["rag"]
    assert rag.request_usd == pytest.approx(0.0001)
    assert rag.correct_usd == pytest.approx(0.0001 / 0.8)
    assert (rag.hardware, rag.is_upper_bound, rag.notes) == ("box", True, ())


def test_twelve_months_are_building_rebuilding_serving_and_storage():
    """The index: 100 s = 0.01 USD, four rebuilds, 120,000 requests = 12 USD, 2 GB x 12 months x 0.1 = 2.4 USD."""
    rag = _costs()["rag"]
    parts = (rag.building_usd, rag.rebuilding_usd, rag.serving_usd, rag.storage_usd)
    assert parts == pytest.approx((0.01, 0.04, 12.0, 2.4))
    assert rag.months_usd == pytest.approx(14.45)
    assert (rag.months, rag.requests_per_month) == (12, 10_000)


def test_one_training_is_deployed_however_many_seeds_were_tried():
    """Mean of 1,000 s and 3,000 s at 0.36 USD an hour."""
    assert _costs()["lora"].building_usd == pytest.approx(0.2)


def test_a_variant_that_builds_nothing_builds_for_nothing_and_a_lost_record_is_unknown():
    """No record is not the same as nothing to record."""
    assert _costs()["prompt"].building_usd == 0
    lost = _costs(builds=some_builds({"prompt": []}))["rag"]
    assert (lost.building_usd, lost.months_usd, lost.storage_usd) == (None, None, None)
    assert lost.notes == ("no record of the build, so its price is unknown",)


def test_without_a_latency_pass_serving_has_no_price():
    """And so has no sum that needs it."""
    rag = _costs(metrics=METRICS[3:])["rag"]
    assert (rag.request_usd, rag.correct_usd, rag.months_usd) == (None, None, None)
    assert rag.building_usd == pytest.approx(0.01)
    assert rag.notes == ("no latency pass, so the price of a request is unknown",)
    assert (rag.hardware, rag.is_upper_bound) == (None, False)


def test_a_device_without_a_price_leaves_the_cost_unknown_until_the_user_names_a_row():
    """Unknown is never 0."""
    unpriced = _costs(devices={"rag": "cuda:0"})["rag"]
    assert unpriced.request_usd is None
    assert unpriced.notes == ("the price book has no hardware for the device 'cuda:0'; name a row in cost.hardware",)
    named = _costs(devices={"rag": "cuda:0"}, config=_config(cost={"hardware": "big"}))["rag"]
    assert named.request_usd == pytest.approx(0.001)


def test_a_build_on_a_device_without_a_price_is_unknown():
    """It may have run elsewhere than the requests."""
    builds = some_builds({"rag": [replace(INDEX, device="cuda:1")]})
    rag = _costs(builds=builds)["rag"]
    assert (rag.building_usd, rag.months_usd) == (None, None)
    assert rag.notes == ("the price book has no hardware for the build's device 'cuda:1'",)


def test_no_storage_price_leaves_only_what_stores_unknown():
    """An adapter is not an index."""
    book = BOOK.model_copy(update={"storage": None})
    assert _costs(book=book)["rag"].months_usd is None
    assert _costs(book=book)["rag"].notes == ("the price book has no price for storage",)
    assert _costs(book=book)["lora"].months_usd is not None


def test_a_correct_answer_has_no_price_where_there_is_none():
    """Lora scored 0."""
    assert _costs()["lora"].correct_usd is None
    assert _costs()["lora"].notes == ("no answer was correct, so none has a price",)


def test_a_model_paid_by_the_token_costs_its_tokens():
    """1,000 x 2 USD + 50 x 10 USD per million."""
    metrics = [
        a_metric("prompt_tokens", "rag", 1000.0),
        a_metric("completion_tokens", "rag", 50.0),
    ]
    found = _costs(metrics=metrics, models={"prompt": "paid", "rag": "paid"})
    assert found["rag"].request_usd == pytest.approx(0.0025)
    assert (found["rag"].hardware, found["rag"].is_upper_bound) == (None, False)
    assert found["prompt"].request_usd is None


def test_each_variant_is_priced_by_what_it_ran_on():
    """1 s on the box is 0.0001 USD; half a second on the big machine five times that; tokens have their own price."""
    metrics = [
        *METRICS,
        a_metric("prompt_tokens", "lora", 1000.0),
        a_metric("completion_tokens", "lora", 0.0),
    ]
    found = _costs(metrics=metrics, devices={"prompt": "NVIDIA H100"}, models={"lora": "paid"})
    usd = [found[name].request_usd for name in ("prompt", "rag", "lora")]
    assert usd == pytest.approx([0.0005, 0.0001, 0.002])
    assert [found[name].hardware for name in ("prompt", "rag", "lora")] == ["big", "box", None]


def test_a_variant_of_which_no_device_is_known_has_no_price():
    """It is not taken for one that ran where the others did."""
    sheet = costs(_config(), METRICS, BUILDS, devices={"rag": "cpu"}, models={}, prices=BOOK)
    by_name = {cost.variant: cost for cost in sheet.variants}
    assert by_name["prompt"].request_usd is None
    assert by_name["prompt"].notes == ("it is not known what it ran on, so the price of a request is unknown",)
    assert by_name["rag"].request_usd is not None


def test_two_trained_variants_each_cost_their_own_trainings(monkeypatch):
    """1,000 s and 3,000 s at 0.36 USD an hour, not twice the mean of all."""
    monkeypatch.setitem(names.VARIANTS, "small", names.VariantRow("It is trained.", adapter="closed-book"))
    builds = some_builds({"lora": [a_training()], "small": [a_training(seconds=3000.0)]})
    found = _costs(config=_config(variants=["lora", "small"]), builds=builds)
    assert (found["lora"].building_usd, found["small"].building_usd) == pytest.approx((0.1, 0.3))


def test_a_cost_sheet_names_the_prices_that_were_used_each_once():
    """With day and source; the book's other rows are not there."""
    sheet = _sheet()
    assert sheet.prices_as_of == "2026-11-01"
    assert sheet.prices == (
        PriceFacts("box", "2026-11-01", "our rack", usd_per_hour=0.36),
        PriceFacts("storage", "2026-11-01", "our rack", usd_per_gb_month=0.1),
    )
    assert from_dict(CostSheet, to_plain(sheet)) == sheet


def test_two_variants_break_even_where_fixed_and_serving_costs_balance():
    """By hand: 100 + 12 r x 0.001 = 40 + 12 r x 0.002 at r = 5,000."""
    one = a_cost("lora", fixed=100.0, request=0.001)
    other = a_cost("rag", fixed=40.0, request=0.002)
    assert break_even(one, other) == pytest.approx(5000)
    assert break_even(other, one) == pytest.approx(5000)


def test_there_is_no_break_even_where_one_is_always_cheaper_or_something_is_unknown():
    """Cheaper to build and to serve; the same to serve; no price."""
    one = a_cost("lora", fixed=100.0, request=0.002)
    other = a_cost("rag", fixed=40.0, request=0.001)
    assert break_even(one, other) is None
    assert break_even(one, replace(other, request_usd=0.002)) is None
    assert break_even(one, replace(other, request_usd=None)) is None
