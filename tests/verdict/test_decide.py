"""The decision: what the evidence says, why, and what would change it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from ragvsft import names
from ragvsft.config.root import Config
from ragvsft.findings import Decision, Difference
from ragvsft.names import VariantRow
from ragvsft.verdict.decide import asked_for, decide
from tests.make import a_config, a_cost, a_difference, a_metric, a_sample, some_samples

MEANS = [a_metric("token_f1", "prompt", 0.30), a_metric("token_f1", "rag", 0.70), a_metric("token_f1", "lora", 0.50)]
ROWS = [
    a_difference("rag", "prompt", 0.40, "better"),
    a_difference("lora", "prompt", 0.20, "better"),
    a_difference("lora", "rag", -0.20, "worse"),
]
TIED = [
    a_difference("rag", "prompt", 0.40, "better"),
    a_difference("lora", "prompt", 0.38, "better"),
    a_difference("lora", "rag", -0.02, "no clear difference"),
]
TIED_MEANS = [*MEANS[:2], a_metric("token_f1", "lora", 0.68)]


def _decide(rows=ROWS, means=MEANS, costs=(), config=None, stamps=()) -> Decision:
    """Return the decision with its texts as a keyboard has them: a plain space and minus sign."""
    found = decide(rows, means, list(costs), config or a_config(), stamps=stamps)
    reasons, changes = (tuple(map(_typed, texts)) for texts in (found.reasons, found.would_change))
    return replace(found, headline=_typed(found.headline), reasons=reasons, would_change=changes)


def _typed(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def _tolerant(loss: float) -> Config:
    config = a_config()
    return config.model_copy(update={"statistics": config.statistics.model_copy(update={"tolerable_loss": loss})})


def _text(decision: Decision) -> str:
    return "\n".join([decision.headline, *decision.reasons, *decision.would_change])


def test_a_variant_that_is_clearly_better_than_every_other_is_recommended():
    """Whichever way round its pairs are written; the reason has the means, the interval, n and p."""
    decision = _decide()
    assert (decision.verdict, decision.variant) == ("recommended", "rag")
    assert decision.headline == "Use rag: clearly better than prompt and lora on token_f1."
    assert decision.reasons[1] == (
        "rag scores 70.0 % on token_f1, lora 50.0 %: better (+20.0 points, 95 % interval [14.0, 26.0], n = 200 samples"
        " in 40 clusters, p = 0.012 after Holm)."
    )


def test_a_variant_that_leads_by_refusing_is_not_recommended():
    """A model that never answers wins an evalset half of which is unanswerable; that decides nothing."""
    decision = _decide(means=[*MEANS, a_metric("refused", "rag", 0.97), a_metric("refused", "lora", 0.2)])
    assert (decision.verdict, decision.variant) == ("refused", None)
    assert decision.headline == "No decision: rag scores highest by saying that it does not know."
    assert decision.reasons[0].startswith("rag refused 97 % of the questions that the corpus answers")
    assert "rule of thumb" not in _text(decision)
    assert _decide(means=[*MEANS, a_metric("refused", "rag", 0.5)]).variant == "rag"


def test_quality_comes_before_cost():
    """A clearly better variant is recommended although another is cheaper, and the volume that matters is named."""
    costs = [
        a_cost("prompt", fixed=0.0, request=0.0001),
        a_cost("rag", fixed=1.0, request=0.0004),
        a_cost("lora", fixed=121.0, request=0.0002),
    ]
    decision = _decide(costs=costs)
    assert decision.variant == "rag"
    # 1 + 12 r x 0.0004 = 121 + 12 r x 0.0002 at r = 50,000
    assert "rag and lora cost the same at 50,000 requests a month; above that lora is cheaper (assumed: 100,000)." in (
        decision.would_change
    )
    assert "prompt USD 120.00, rag USD 481.00, lora USD 361.00." in _text(decision)


def test_of_those_not_clearly_worse_the_clearly_cheapest_is_recommended():
    """With what may be lost by choosing it."""
    means = [*TIED_MEANS, a_metric("latency_s", "rag", 1.0), a_metric("latency_s", "lora", 0.4)]
    costs = [a_cost("rag", fixed=1.0, request=0.0010), a_cost("lora", fixed=9.0, request=0.0004)]
    decision = _decide(TIED, means, costs, _tolerant(0.08 + 1e-9))
    assert (decision.verdict, decision.variant) == ("recommended", "lora")
    assert decision.headline == "Use lora: no clear difference to rag on token_f1, and clearly cheaper."
    assert "The price of choosing lora: it may be up to 8.0 points worse than rag." in decision.reasons


def test_a_cheaper_variant_that_may_be_much_worse_is_not_recommended():
    """It may lose 8 points by its interval, 5 are tolerable: that no difference was seen is no proof of equality."""
    means = [*TIED_MEANS, a_metric("latency_s", "rag", 1.0), a_metric("latency_s", "lora", 0.4)]
    costs = [a_cost("rag", fixed=1.0, request=0.0010), a_cost("lora", fixed=9.0, request=0.0004)]
    decision = _decide(TIED, means, costs)
    assert (decision.verdict, decision.variant) == ("no clear difference", None)
    assert decision.would_change[0] == (
        "lora is clearly cheaper, and would be recommended if its interval bounded the loss to 5.0 points"
        " (statistics.tolerable_loss); now it may lose up to 8.0 points against rag."
    )


@pytest.mark.parametrize("spread", [0.05, 0.4])
def test_a_cost_within_the_noise_of_the_latency_decides_nothing(spread):
    """0.9 s against 1.0 s: clear at +-0.04 s, not at these."""
    means = [
        *TIED_MEANS,
        a_metric("latency_s", "rag", 1.0, spread=spread),
        a_metric("latency_s", "lora", 0.9, spread=spread),
    ]
    costs = [a_cost("rag", fixed=1.0, request=0.0010), a_cost("lora", fixed=1.0, request=0.0009)]
    decision = _decide(TIED, means, costs, _tolerant(1.0))
    assert (decision.verdict, decision.variant) == ("no clear difference", None)
    assert decision.headline == "No clear difference between rag and lora on token_f1."


@pytest.mark.parametrize(("spread", "variant"), [(0.05, "lora"), (0.3, None)])
def test_what_is_paid_by_the_token_varies_with_its_tokens(spread, variant):
    """Not with the latency, which was never measured: 12 USD against 10.8, clear at 5 % either way, not at 30 %."""
    means = [*TIED_MEANS]
    for name in ("rag", "lora"):
        means += [a_metric(measure, name, 1.0, spread=spread) for measure in ("prompt_tokens", "completion_tokens")]
    costs = [
        a_cost(name, fixed=0.0, request=usd, hardware=None) for name, usd in (("rag", 0.00001), ("lora", 0.000009))
    ]
    assert _decide(TIED, means, costs, _tolerant(1.0)).variant == variant


def test_without_costs_a_tie_stays_a_tie_and_says_how_many_samples_would_break_it():
    """(8 points visible / 2 points observed)^2 = 16 times 200 samples, less the 200 there are."""
    decision = _decide(TIED, TIED_MEANS)
    assert decision.variant is None
    assert decision.would_change[0] == (
        "rag against lora: this evalset sees differences from 8.0 points up; if the observed 2.0 points are real, about"
        " 3,000 more samples on other documents would show it."
    )


def test_a_tie_that_no_evalset_could_break_is_called_that():
    """0.2 points where 8 are visible would take 1,600 times the samples."""
    rows = [*TIED[:2], a_difference("lora", "rag", -0.002, "no clear difference")]
    assert "would take more than 50 times as many" in _text(_decide(rows, TIED_MEANS))


def test_too_many_failures_refuse_a_decision():
    """Even where the other pairs are clear."""
    rows = [*ROWS[:2], a_difference("lora", "rag", None, "refused")]
    decision = _decide(rows)
    assert (decision.verdict, decision.variant) == ("refused", None)
    assert decision.reasons == ("lora against rag: 30 of 200 samples are unscored; at most 2 % may be.",)


def test_a_variant_without_any_score_refuses_a_decision():
    """It was asked for, and nothing is known of it."""
    decision = _decide(ROWS[:1], MEANS[:2])
    assert (decision.verdict, decision.reasons) == ("refused", ("lora has no score.",))


def test_one_variant_is_never_recommended():
    """There is nothing to compare it with."""
    decision = _decide([], MEANS[1:2], config=a_config("rag"))
    assert (decision.verdict, decision.variant) == ("no clear difference", None)


@pytest.mark.parametrize(
    ("kind", "value", "verdict", "finding"),
    [
        ("answer", -0.20, "worse", "facts want retrieval would put rag before lora; the measurement agrees."),
        (
            "answer",
            0.20,
            "better",
            "facts want retrieval would put rag before lora; the measurement says the opposite.",
        ),
        ("json", 0.20, "better", "behaviour wants tuning would put lora before rag; the measurement agrees."),
        ("json", -0.02, "no clear difference", "the measurement does not settle it."),
    ],
)
def test_the_rule_of_thumb_is_held_against_the_measurement(kind, value, verdict, finding):
    """Nothing assumes a winner."""
    name = "token_f1" if kind == "answer" else "field_f1"
    means = [a_metric(name, "rag", 0.5), a_metric(name, "lora", 0.5 + value)]
    decision = _decide(
        [a_difference("lora", "rag", value, verdict, metric=name)], means, config=a_config("rag", "lora", kind=kind)
    )
    assert finding in _text(decision)


def test_the_rule_of_thumb_is_not_mentioned_where_it_was_not_measured():
    """Without lora there is nothing to hold it against."""
    decision = _decide(ROWS[:1], MEANS[:2], config=a_config("prompt", "rag"))
    assert "rule of thumb" not in _text(decision)


def test_a_stratum_that_another_variant_wins_would_change_the_decision():
    """Named with its n and that it lies outside the declared comparison."""
    rows = [*ROWS, a_difference("lora", "rag", 0.15, "better", stratum="seen-wording")]
    assert (
        "If most questions were seen-wording: there lora is better than rag by 15.0 points (n = 200, p = 0.004, outside"
        " the declared comparison)." in _decide(rows).would_change
    )


def test_one_training_is_named_as_a_doubt_and_several_show_their_range():
    """Training is random."""
    assert "it was trained once" in _text(_decide())
    seeds = [*MEANS[:2], a_metric("token_f1", "lora", 0.5, by_seed=(0.45, 0.5, 0.55))]
    assert "its 3 seeds range from 45.0 % to 55.0 %" in _text(_decide(means=seeds))


def test_unscored_samples_are_named():
    """Also where they are too few to refuse."""
    means = [*MEANS[:2], a_metric("token_f1", "lora", 0.5, n_unscored=3)]
    assert "3 of 203 samples of lora are unscored." in _decide(means=means).would_change


def test_an_unknown_cost_is_said_to_be_unknown():
    """With what is missing."""
    known = a_cost("rag", fixed=0.1, request=0.0, is_upper_bound=True)
    unknown = replace(known, request_usd=None, serving_usd=None, months_usd=None, notes=("no latency pass", "no disk"))
    assert "The cost of rag is unknown: no latency pass; no disk." in _decide(costs=[unknown]).reasons


def test_upper_bounds_are_called_that():
    """Those that are, and no other: a price by the token is none, and an unknown cost bounds nothing."""
    rag = a_cost("rag", fixed=1.0, request=0.0001, is_upper_bound=True)
    lora, by_tokens = replace(rag, variant="lora"), replace(rag, variant="lora", is_upper_bound=False)
    over = "Over 12 months at 100,000 requests a month:"
    assert f"{over} rag USD 121.00 (upper bound: batching lowers it)." in _decide(costs=[rag]).reasons
    assert (
        f"{over} rag USD 121.00, lora USD 121.00 (upper bounds: batching lowers them)."
        in _decide(costs=[rag, lora]).reasons
    )
    mixed = f"{over} rag USD 121.00, lora USD 121.00 (upper bound for rag: batching lowers it)."
    assert mixed in _decide(costs=[rag, by_tokens]).reasons
    unknown = replace(rag, months_usd=None)
    assert f"{over} lora USD 121.00." in _decide(costs=[unknown, by_tokens]).reasons


def test_stamps_travel_with_every_verdict():
    """A recommendation from 20 samples stays marked as one."""
    stamps = ("--limit 20: a part of the evalset",)
    for rows in (ROWS, TIED, [a_difference("lora", "rag", None, "refused")]):
        assert _decide(rows, stamps=stamps).stamps == stamps


@pytest.mark.parametrize("variants", [("prompt", "rag"), ("rag", "prompt")])
def test_the_order_of_the_config_recommends_nothing(variants):
    """Equal means and wide intervals: the cheapest is not chosen for being named first."""
    means = [a_metric("token_f1", name, 0.0) for name in variants]
    means += [a_metric("latency_s", "prompt", 0.2), a_metric("latency_s", "rag", 1.0)]
    costs = [a_cost("prompt", fixed=0.0, request=0.0001), a_cost("rag", fixed=1.0, request=0.0010)]
    decision = _decide([a_difference("rag", "prompt", 0.0, "no clear difference")], means, costs, a_config(*variants))
    assert decision.verdict == "no clear difference"
    assert any("prompt is clearly cheaper" in line and "against rag" in line for line in decision.would_change)


FLOOR_MEANS = [*MEANS, a_metric("token_f1", "best-constant", 0.72), a_metric("token_f1", "lead", 0.10)]


def _floor_rows(rag: str = "better", lora: str = "better", prompt: str = "worse") -> list[Difference]:
    gaps = {"better": 0.2, "worse": -0.2, "no clear difference": -0.02}
    verdicts = {"prompt": prompt, "rag": rag, "lora": lora}
    return [*ROWS, *[a_difference(name, "best-constant", gaps[found], found) for name, found in verdicts.items()]]


@pytest.mark.parametrize("verdict", ["no clear difference", "worse"])
def test_a_leader_that_a_constant_answer_matches_is_not_usable(verdict):
    """Though it is clearly better than every other variant; the reason has both figures and the test."""
    decision = _decide(_floor_rows(rag=verdict, lora=verdict), FLOOR_MEANS)
    assert (decision.verdict, decision.variant) == ("none usable", None)
    assert decision.headline == "None is usable: no variant is clearly better than the best constant answer."
    assert decision.reasons[0].startswith("The floor is the best constant answer, 72.0 %: rag is ")
    assert "95 % interval" in decision.reasons[0]
    assert "p = 0.012 after Holm" in decision.reasons[0]
    assert decision.would_change[0].startswith("A variant that beats the best constant answer (72.0 %) clearly")
    assert decision.reasons[1] == "A fixed text would do at least as well."
    assert "rule of thumb" not in _text(decision)


def test_a_leader_above_the_floor_is_recommended_with_the_floor_as_a_reason():
    """The other variants may lie below it."""
    decision = _decide(_floor_rows(lora="worse"), FLOOR_MEANS)
    assert (decision.verdict, decision.variant) == ("recommended", "rag")
    assert decision.reasons[0].startswith("The floor is the best constant answer, 72.0 %: rag is clearly better")


def test_a_cheaper_leader_at_the_floor_is_not_recommended():
    """Rag and lora are tied, lora is cheaper, but only rag is clearly above what costs nothing."""
    means = [*TIED_MEANS, a_metric("latency_s", "rag", 1.0), a_metric("latency_s", "lora", 0.4)]
    means += [a_metric("token_f1", "best-constant", 0.6)]
    costs = [a_cost("rag", fixed=1.0, request=0.0010), a_cost("lora", fixed=9.0, request=0.0004)]
    rows = [*TIED, *[row for row in _floor_rows(lora="no clear difference") if row.other == "best-constant"]]
    assert _decide(rows, means, costs, _tolerant(0.1)).variant is None
    rows = [*TIED, *[row for row in _floor_rows() if row.other == "best-constant"]]
    assert _decide(rows, means, costs, _tolerant(0.1)).variant == "lora"


def test_a_single_variant_is_held_against_the_floor_too():
    """There is nothing else to compare it with."""
    rows = [a_difference("rag", "best-constant", -0.02, "no clear difference")]
    decision = _decide(
        rows, [a_metric("token_f1", "rag", 0.70), a_metric("token_f1", "best-constant", 0.72)], config=a_config("rag")
    )
    assert decision.verdict == "none usable"
    assert decision.headline == "rag is not usable: it is not clearly better than the best constant answer."


@pytest.mark.parametrize(
    ("samples", "kind", "expected"),
    [
        (some_samples(4), "answer", "facts"),
        (some_samples(4), "json", "behaviour"),
        ([a_sample("s9"), *some_samples(3, strata=["behaviour"])], "answer", "behaviour"),
        ([a_sample(f"s{i}", doc_ids=()) for i in range(4)], "answer", None),
        ([a_sample("s9"), *[a_sample(f"s{i}", targets=(), doc_ids=()) for i in range(3)]], "answer", "facts"),
    ],
)
def test_a_rule_of_thumb_is_only_said_of_what_it_is_about(samples, kind, expected):
    """Facts want retrieval: not of behaviour, nor of samples that no document answers."""
    assert asked_for(samples, kind) == expected
    config = a_config("prompt", "rag", "lora", kind=kind)
    metric = "token_f1" if kind == "answer" else "field_f1"
    rows = [replace(row, metric=metric) for row in ROWS]
    means = [replace(mean, name=metric) for mean in MEANS]
    said = "\n".join(decide(rows, means, [], config, samples=samples).reasons)
    rules = {"facts": "facts want retrieval", "behaviour": "behaviour wants tuning"}
    assert [rule for rule in rules.values() if rule in said] == ([rules[expected]] if expected else [])


def _wide(name: str, value: float, reach: float, *, visible: float | None, n: int = 12) -> Difference:
    row = a_difference(name, "best-constant", value, "no clear difference")
    low, high = value - reach, value + reach
    return replace(row, low=low, high=high, n=n, n_clusters=n, p_adjusted=0.2, smallest_visible=visible)


def test_too_few_samples_are_not_called_no_better():
    """Rag is 20 points above the constant on 12 samples: nobody knows, and a fixed text is no advice."""
    rows = [*ROWS, *[_wide(name, gap, 0.3, visible=0.4) for name, gap in (("prompt", -0.5), ("lora", -0.3))]]
    decision = _decide(
        [*rows, _wide("rag", 0.20, 0.3, visible=0.4)], [*MEANS, a_metric("token_f1", "best-constant", 0.5)]
    )
    assert decision.verdict == "none usable"
    assert decision.headline == (
        "None is usable yet: 12 samples are too few to tell whether rag would beat the best constant answer."
    )
    assert decision.reasons[1] == (
        "That does not make rag useless: rag may be up to 50.0 points better, and these samples show differences from"
        " 40.0 points up."
    )
    assert "would do at least as well" not in _text(decision)
    # 12 samples show 40 points, so 20 take 4 times as many
    assert decision.would_change[0] == (
        "More samples: rag is ahead of the best constant answer, and if the observed 20.0 points are real, about 36"
        " more samples on other documents would show it."
    )


def test_a_single_variant_on_too_few_samples_is_not_called_useless():
    """Without any spread there is not even a smallest visible difference."""
    means = [a_metric("token_f1", "rag", 0.70), a_metric("token_f1", "best-constant", 0.60)]
    decision = _decide([_wide("rag", 0.1, 0.4, visible=None)], means, config=a_config("rag"))
    assert decision.headline == (
        "rag is not shown to be usable: 12 samples are too few to tell whether it would beat the best constant answer."
    )
    assert "no spread to tell by" in decision.reasons[1]


def test_a_single_variant_that_could_not_be_scored_is_not_called_useless():
    """30 of 200 samples are unscored: that is a failure of the run."""
    means = [a_metric("token_f1", "rag", 0.70, n_unscored=30), a_metric("token_f1", "best-constant", 0.72)]
    decision = _decide([a_difference("rag", "best-constant", None, "refused")], means, config=a_config("rag"))
    assert (decision.verdict, decision.headline) == ("refused", "No decision: token_f1 cannot be compared.")


def test_a_leader_that_stands_at_the_floor_is_named_in_a_tie():
    """Rag and lora are tied, and only rag is clearly above the floor."""
    means = [*TIED_MEANS, a_metric("token_f1", "best-constant", 0.6)]
    rows = [*TIED, *[row for row in _floor_rows(lora="no clear difference") if row.other == "best-constant"]]
    decision = _decide(rows, means)
    assert decision.verdict == "no clear difference"
    assert "lora is not clearly better than the floor." in decision.reasons


def test_who_is_clearly_beaten_needs_no_more_samples():
    """A leader that refuses is held against all others; the one that it clearly beats is settled."""
    refusing = [a_metric("refused", "rag", 0.99), *MEANS]
    decision = _decide(ROWS, refusing)
    assert decision.verdict == "refused"
    assert not any("rag against prompt" in line for line in decision.would_change)


@pytest.mark.parametrize(("folded", "said"), [(0.97, True), (0.08, False)])
def test_json_that_only_the_case_makes_wrong_is_explained(folded, said):
    """All valid JSON and no schema match, since a model wrote "bookrestaurant"."""
    shares = [a_metric("schema_match", "lora", 0.0), a_metric("schema_match_folded", "lora", folded)]
    decision = _decide(means=[*MEANS, *shares])
    sentence = (
        "lora writes keys or enum values in another case than the schema: its schema_match is 0.0 %, and 97.0 % where"
        " case does not count."
    )
    assert (sentence in decision.reasons) is said


def test_a_single_variant_above_the_floor_says_so():
    """It is not recommended, as there is nothing to compare it with."""
    means = [a_metric("token_f1", "rag", 0.70), a_metric("token_f1", "best-constant", 0.50)]
    decision = _decide([a_difference("rag", "best-constant", 0.2, "better")], means, config=a_config("rag"))
    assert decision.verdict == "no clear difference"
    assert decision.reasons[0].startswith("The floor is the best constant answer, 50.0 %: rag is clearly better")


def _with_rows(monkeypatch, **rows: VariantRow) -> None:
    for name, row in rows.items():
        monkeypatch.setitem(names.VARIANTS, name.replace("_", "-"), row)


ORACLE = a_metric("token_f1", "oracle", 0.95)
BESIDE_ORACLE = [a_difference("oracle", name, 0.95 - mean, "better", stratum=None) for name, mean in
                 (("prompt", 0.30), ("rag", 0.70), ("lora", 0.50))]  # fmt: skip
BESIDE_ORACLE = [replace(row, p_adjusted=None) for row in BESIDE_ORACLE]


@pytest.fixture
def controlled(monkeypatch) -> Config:
    """Return a config whose last variant is a control that has the right passages given."""
    _with_rows(monkeypatch, oracle=VariantRow("The right passages given.", role="control"))
    return a_config("prompt", "rag", "lora", "oracle")


def test_a_control_is_never_recommended(controlled):
    """The right passages given, a model answers best, and nobody can have them."""
    decision = _decide([*ROWS, *BESIDE_ORACLE], [*MEANS, ORACLE], config=controlled)
    assert (decision.verdict, decision.variant) == ("recommended", "rag")
    assert decision.headline == "Use rag: clearly better than prompt and lora on token_f1."


def test_a_control_explains_in_one_sentence_and_changes_no_other(controlled):
    """Neither a reason nor what would change the verdict, nor what things cost."""
    costs = [a_cost(name, fixed=1.0, request=0.0001) for name in ("prompt", "rag", "lora")]
    alone = _decide(costs=costs)
    dear = replace(a_cost("oracle", fixed=1.0, request=9.0), months_usd=None, notes=("it retrieves nothing",))
    explained = _decide([*ROWS, *BESIDE_ORACLE], [*MEANS, ORACLE], [*costs, dear], controlled)
    sentence = (
        "oracle, a control, scores 95.0 % on token_f1, rag 70.0 %: better (+25.0 points, 95 % interval [19.0, 31.0],"
        " n = 200 samples in 40 clusters, p = 0.004, outside the declared comparison)."
    )
    assert [reason for reason in explained.reasons if reason != sentence] == list(alone.reasons)
    assert sentence in explained.reasons
    assert (explained.headline, explained.would_change) == (alone.headline, alone.would_change)


def test_a_control_that_failed_is_no_obstacle(controlled):
    """Its comparison is refused, or it has no score at all; the candidates are decided on."""
    refused = [replace(row, value=None, low=None, high=None, verdict="refused", notes=("all failed",))
               for row in BESIDE_ORACLE]  # fmt: skip
    decision = _decide([*ROWS, *refused], [*MEANS, ORACLE], config=controlled)
    assert decision.variant == "rag"
    assert "oracle, a control, scores 95.0 % on token_f1; all failed." in decision.reasons
    decision = _decide(ROWS, MEANS, config=controlled)
    assert decision.variant == "rag"
    assert "oracle, a control, has no score." in decision.reasons


def test_a_single_candidate_beside_a_control_is_not_recommended(monkeypatch):
    """And it is not said that only it was run."""
    _with_rows(monkeypatch, oracle=VariantRow("The right passages given.", role="control"))
    decision = _decide(BESIDE_ORACLE[1:2], [MEANS[1], ORACLE], config=a_config("rag", "oracle"))
    assert (decision.verdict, decision.variant) == ("no clear difference", None)
    assert decision.headline == "rag is the only candidate: there is nothing to compare it with."
    assert decision.reasons[0].startswith("oracle, a control, scores 95.0 %")


def test_controls_alone_give_no_decision(monkeypatch):
    """There is nothing to recommend, and what they score is said."""
    _with_rows(monkeypatch, oracle=VariantRow("The right passages given.", role="control"))
    decision = _decide([], [ORACLE], config=a_config("oracle"))
    assert (decision.verdict, decision.variant) == ("refused", None)
    assert decision.headline == "No decision: only controls were run, and a control is never recommended."
    assert decision.reasons == ("oracle, a control, scores 95.0 % on token_f1.",)


def test_the_rule_of_thumb_goes_by_what_a_recipe_does_and_not_by_its_name(monkeypatch):
    """The best that only retrieves against the best that is only trained; what does both stands for neither."""
    retrieves = VariantRow("It retrieves.", passages="retrieved")
    trains = VariantRow("It is trained.", adapter="closed-book")
    both = VariantRow("Both.", passages="retrieved", adapter="raft")
    _with_rows(monkeypatch, keyword=retrieves, hybrid=retrieves, small=trains, raft=both)
    means = {"keyword": 0.2, "hybrid": 0.6, "small": 0.4, "raft": 0.9}
    rows = [
        a_difference(one, other, means[one] - means[other], "better" if means[one] > means[other] else "worse")
        for other, one in combinations(means, 2)
    ]
    decision = _decide(
        rows, [a_metric("token_f1", name, value) for name, value in means.items()], config=a_config(*means)
    )
    assert decision.reasons[-1] == (
        "The rule of thumb that facts want retrieval would put hybrid before small; the measurement agrees."
    )


def test_of_many_variants_the_nearest_are_compared_in_full_and_the_rest_by_verdict():
    """Nine sentences that differ in a name are read by nobody; the report has all figures."""
    values = [0.9, 0.5, 0.52, 0.88, 0.4, 0.86, 0.84, 0.45]
    names = [f"rag-{place}" for place in range(len(values))]
    variants = [{"name": name, "like": "rag"} for name in names]
    differences = [
        a_difference(other, name, theirs - ours, "worse" if ours - theirs > 0.3 else "no clear difference")
        for (name, ours), (other, theirs) in combinations(zip(names, values, strict=True), 2)
    ]
    means = [a_metric("token_f1", name, value) for name, value in zip(names, values, strict=True)]
    decision = decide(differences, means, [], Config(corpus="c", evalset="e", variants=variants))
    said = [reason for reason in decision.reasons if reason.startswith("rag-0 ")]
    assert [reason.partition(" on token_f1, ")[2][:5] for reason in said[:3]] == ["rag-3", "rag-5", "rag-6"]
    assert said[3:] == ["rag-0 against rag-1, rag-2, rag-4 and rag-7: better; the report has the figures."]
    assert [change[:20] for change in decision.would_change if " against " in change] == [
        "rag-0 against rag-3:", "rag-0 against rag-5:", "rag-0 against rag-6:",
    ]  # fmt: skip
