"""The loss is that of the definition."""

from __future__ import annotations

from pathlib import Path

import pytest

from ragvsft.models.load import find_model, load_model
from ragvsft.tuning.loss import loss_of
from ragvsft.tuning.train import Training
from tests.tuning.trained import LEARN, PAIRS, mean_answer_loss


@pytest.mark.parametrize("name", ["llama", "t5", "bert", "bart"])
def test_the_loss_is_the_mean_over_answer_tokens_alone(folders: dict[str, Path], name: str) -> None:
    """It equals the log-probabilities that the plain model gives each answer token, pair by pair, without padding."""
    loaded = load_model(find_model(str(folders[name])), device="cpu", dtype="float32")
    expected = mean_answer_loss(loaded)
    training = Training(PAIRS, loaded, config=LEARN, seed=0)  # a fresh adapter changes nothing
    assert loss_of(loaded.model, training._batch(training._pairs), loaded).item() == pytest.approx(expected, rel=1e-5)
