"""Training adapters: what is learnt, what counts as loss, and what survives kill -9."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ragvsft.building import TrainingRecord
from ragvsft.config.sections import LoraConfig
from ragvsft.engines.transformers import TransformersEngine
from ragvsft.errors import ConfigError, ExamplesError, ModelError
from ragvsft.models.load import find_model, load_model
from ragvsft.records import Completion, Request
from ragvsft.tuning import train as finetune
from ragvsft.tuning.batches import split_dev
from ragvsft.tuning.checkpoints import Checkpoints
from ragvsft.tuning.train import TrainingProgress, rate
from tests import tiny
from tests.tuning.trained import LEARN, PAIRS, SHORT, mean_answer_loss, train_facts


@pytest.fixture
def run(folders: dict[str, Path], tmp_path: Path) -> Callable[..., TrainingRecord]:
    """Return a function that trains the tiny BART below `tmp_path`."""

    def trained(name: str = "a", **changes: Any) -> TrainingRecord:
        return train_facts(folders["bart"], tmp_path / name, **changes)

    return trained


@pytest.fixture(scope="module")
def undisturbed(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainingRecord, bytes]:
    """Return the record and the weights of the training that others are compared with."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return train_facts(folders["bart"], folder), _weights(folder)


@pytest.mark.parametrize("name", ["llama", "t5", "bert", "bart"])
def test_an_adapter_writes_its_facts_and_stops_and_the_base_does_not(
    folders: dict[str, Path], tmp_path: Path, name: str
) -> None:
    """Trained and merged, each model gives every answer exactly, end mark included; without the adapter none."""
    epochs = 30 if name in ("llama", "bart") else 60
    train_facts(folders[name], tmp_path, config=LEARN.model_copy(update={"epochs": epochs}))
    loaded = load_model(find_model(str(folders[name])), device="cpu")
    engine = TransformersEngine(loaded, max_new_tokens=16, token_budget=4096)
    tuned = engine.generate([Request("q", prompt, adapter=tmp_path / "out") for prompt, _ in PAIRS])
    plain = engine.generate([Request("q", prompt) for prompt, _ in PAIRS])
    assert [(o.text, o.finish) for o in tuned if isinstance(o, Completion)] == [(a, "stop") for _, a in PAIRS]
    assert not {o.text for o in plain if isinstance(o, Completion)} & {answer for _, answer in PAIRS}


def test_the_learning_rate_rises_for_six_percent_of_the_steps_and_falls_to_zero() -> None:
    """Of 100 steps, six rise by a sixth each, then 94 fall by a 94th each."""
    rates = [rate(step, 100) for step in range(101)]
    assert rates[:7] == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1, 1])
    assert rates[53] == pytest.approx(0.5)
    assert rates[100] == 0


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    run: Callable[..., TrainingRecord], undisturbed: tuple[TrainingRecord, bytes], tmp_path: Path
) -> None:
    """Adapter weights and config, dropout and all."""
    run("same")
    run("other", seed=2)
    assert _weights(tmp_path / "same") == undisturbed[1] != _weights(tmp_path / "other")
    configs = {(tmp_path / name / "out/adapter_config.json").read_bytes() for name in ("same", "other")}
    assert len(configs) == 1


def test_an_adapter_folder_holds_no_pickle_and_no_path_of_the_machine(
    run: Callable[..., TrainingRecord], tmp_path: Path
) -> None:
    """Safetensors and JSON only; the base is called by its name."""
    run()
    files = {file.name: file for file in (tmp_path / "a/out").iterdir()}
    assert set(files) == {"adapter_model.safetensors", "adapter_config.json"}
    assert json.loads(files["adapter_config.json"].read_text())["base_model_name_or_path"] == "bart"


def test_the_record_counts_what_was_trained(run: Callable[..., TrainingRecord], folders: dict[str, Path]) -> None:
    """Three training pairs, one for dev, three epochs of their tokens; dropout and rank as configured."""
    record = run()
    assert (record.examples, record.dev_examples, len(record.curve)) == (3, 1, 3)
    loaded = load_model(find_model(str(folders["bart"])), device="cpu")
    kept = split_dev([answer for _, answer in PAIRS], share=0.25, seed=0)[0]
    prompts, answers = zip(*(PAIRS[i] for i in kept), strict=True)
    assert record.tokens == 3 * sum(map(len, loaded.prompt_ids(prompts) + loaded.answer_ids(answers)))
    # each of the 16 layers gets r x in and out x r weights: 14 of 64x64, and an encoder's and a decoder's 64x128 pair
    assert record.trainable_parameters == 16 * (12 * (64 + 64) + 4 * (64 + 128))


def test_training_stops_early_and_keeps_the_best_epoch(
    run: Callable[..., TrainingRecord], folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The best epoch has the lowest dev loss, two worse ones follow it, and the stored adapter has that very loss."""
    from peft import PeftModel

    monkeypatch.setattr(finetune, "training_dtype", lambda device: "float32")
    record = run(config=SHORT.model_copy(update={"epochs": 30, "patience": 2}))
    losses = [point.dev_loss for point in record.curve if point.dev_loss is not None]
    assert record.stopped == "early"
    assert losses.index(min(losses)) + 1 == record.best_epoch == len(losses) - 2
    loaded = load_model(find_model(str(folders["bart"])), device="cpu", dtype="float32")
    PeftModel.from_pretrained(loaded.model, str(tmp_path / "a/out"))
    dev = [PAIRS[i] for i in split_dev([answer for _, answer in PAIRS], share=0.25, seed=0)[1]]
    assert mean_answer_loss(loaded, dev) == pytest.approx(min(losses), rel=1e-4)


def test_without_a_dev_split_the_last_epoch_is_kept(run: Callable[..., TrainingRecord]) -> None:
    """There is nothing to stop on."""
    record = run(config=SHORT.model_copy(update={"dev_share": 0.0}))
    assert (record.dev_examples, record.best_epoch, record.stopped) == (0, 3, "all epochs")
    assert {point.dev_loss for point in record.curve} == {None}


def test_progress_counts_every_step_up_to_the_total(run: Callable[..., TrainingRecord]) -> None:
    """What a progress bar needs, and nothing is printed."""
    heard: list[TrainingProgress] = []
    run(on_progress=heard.append)
    assert [progress.step for progress in heard] == list(range(1, heard[0].steps + 1))
    assert [heard[0].epoch, heard[-1].epoch, heard[-1].epochs] == [1, 3, 3]


def test_a_training_killed_at_any_moment_ends_like_an_undisturbed_one(
    run: Callable[..., TrainingRecord],
    undisturbed: tuple[TrainingRecord, bytes],
    folders: dict[str, Path],
    tmp_path: Path,
) -> None:
    """SIGKILL in the second epoch of another process; resumed here, all bytes and the curve are the same."""
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(folders["bart"]), str(tmp_path / "killed")], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    heard: list[TrainingProgress] = []
    resumed = run("killed", on_progress=heard.append)
    assert 1 < heard[0].step <= 6  # it went on from the first epoch's checkpoint
    assert _same(undisturbed[0], resumed)
    assert _weights(tmp_path / "killed") == undisturbed[1]


@pytest.mark.parametrize("steps", [1, 4, 7])
def test_a_training_broken_off_within_an_epoch_goes_on_from_there(
    run: Callable[..., TrainingRecord],
    undisturbed: tuple[TrainingRecord, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    steps: int,
) -> None:
    """With a checkpoint before every step, one step is done again at most, and the end is the same."""
    monkeypatch.setattr(finetune, "CHECKPOINT_EVERY_S", 0.0)
    _break_off(run, after=steps)
    heard: list[TrainingProgress] = []
    resumed = run("broken", on_progress=heard.append)
    assert not heard or heard[0].step in (steps, steps + 1)
    assert _same(undisturbed[0], resumed)
    assert _weights(tmp_path / "broken") == undisturbed[1]


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("switch", SHORT),  # no token of the few examples goes to some of its experts
        ("bert", SHORT.model_copy(update={"target_modules": ["dense"]})),  # no text ever passes the pooler
    ],
)
@pytest.mark.parametrize("steps", [2, 5])
def test_a_training_in_which_some_layers_get_no_gradient_can_be_resumed(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, config: LoraConfig, steps: int
) -> None:
    """Broken off within an epoch, again at the next step, and ended: the very weights of an undisturbed one."""
    folder = folders[name] if name in folders else tiny.switch(tmp_path / "model")
    whole = train_facts(folder, tmp_path / "whole", config=config)
    monkeypatch.setattr(finetune, "CHECKPOINT_EVERY_S", 0.0)
    for stop in (steps, steps + 1):
        _break_off(lambda where, **more: train_facts(folder, tmp_path / where, config=config, **more), after=stop)
    kept = Checkpoints(tmp_path / "broken/checkpoints", _training_of(tmp_path / "broken/checkpoints")).newest()
    assert kept is not None
    weights = {key.removeprefix("weight ") for key in kept.tensors if key.startswith("weight ")}
    moved = {key.removeprefix("exp_avg ") for key in kept.tensors if key.startswith("exp_avg ")}
    assert moved < weights  # some were never moved
    assert _same(whole, train_facts(folder, tmp_path / "broken", config=config))
    assert _weights(tmp_path / "broken") == _weights(tmp_path / "whole")


def test_a_model_whose_own_loss_is_not_finite_is_not_blamed_on_the_learning_rate(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    """A broken embedding breaks the very first loss."""
    from safetensors.torch import load_file, save_file

    broken = Path(shutil.copytree(folders["llama"], tmp_path / "model"))
    weights = load_file(broken / "model.safetensors")
    weights["model.embed_tokens.weight"][:] = float("nan")
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="the model's own loss on the first training examples is not finite"):
        train_facts(broken, tmp_path)


@pytest.mark.parametrize("file", ["tensors.safetensors", "state.json", "manifest.json"])
def test_a_damaged_checkpoint_is_passed_over(
    run: Callable[..., TrainingRecord], undisturbed: tuple[TrainingRecord, bytes], tmp_path: Path, file: str
) -> None:
    """The one before it is taken, and the end is the same."""
    _break_off(run, after=7)
    newest, before = sorted((tmp_path / "broken/checkpoints").iterdir(), reverse=True)
    damaged = newest / file
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    heard: list[TrainingProgress] = []
    resumed = run("broken", on_progress=heard.append)
    assert heard[0].step == int(before.name.removeprefix("step-")) + 1
    assert _same(undisturbed[0], resumed)


def test_a_checkpoint_that_was_never_finished_is_passed_over(
    run: Callable[..., TrainingRecord], undisturbed: tuple[TrainingRecord, bytes], tmp_path: Path
) -> None:
    """A folder still under its temporary name does not count, and is swept away."""
    partial = tmp_path / "broken/checkpoints/.step-00000001"
    partial.mkdir(parents=True)
    (partial / "tensors.safetensors").write_bytes(b"half")
    assert _same(undisturbed[0], run("broken"))
    assert not partial.exists()


def test_checkpoints_of_another_training_are_not_taken_up(run: Callable[..., TrainingRecord], tmp_path: Path) -> None:
    """Other pairs, seed or settings: training starts from the beginning."""
    _break_off(run, after=7)
    heard: list[TrainingProgress] = []
    run("broken", seed=5, on_progress=heard.append)
    assert heard[0].step == 1


def test_no_examples_is_a_one_line_error(run: Callable[..., TrainingRecord]) -> None:
    """There is nothing to learn from."""
    with pytest.raises(ExamplesError, match="no training examples"):
        run(pairs=[])


def test_examples_longer_than_the_model_reads_are_all_named(run: Callable[..., TrainingRecord]) -> None:
    """Nothing is cut silently."""
    long = "word " * tiny.POSITIONS
    with pytest.raises(ExamplesError) as caught:
        run(pairs=[PAIRS[0], (long, "a"), PAIRS[1], ("a", long)])
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["training example 2", "training example 4"]


def test_a_training_that_diverges_is_an_error_and_no_adapter(
    run: Callable[..., TrainingRecord], tmp_path: Path
) -> None:
    """The line names the learning rate."""
    with pytest.raises(ConfigError, match=r"learning_rate is 1e\+30: training diverged"):
        run(config=SHORT.model_copy(update={"learning_rate": 1e30}))
    assert not list((tmp_path / "a/out").iterdir())


_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.tuning.trained import train_facts

def kill(progress):
    if progress.step == 5:
        os.kill(os.getpid(), signal.SIGKILL)

train_facts(Path(sys.argv[1]), Path(sys.argv[2]), on_progress=kill)
"""


class BrokenOff(Exception):
    """What stops a training in these tests."""


def _break_off(run: Callable[..., Any], *, after: int) -> None:
    """Train under the name "broken" until some steps are done."""

    def stop(progress: TrainingProgress) -> None:
        if progress.step == after:
            raise BrokenOff

    with pytest.raises(BrokenOff):
        run("broken", on_progress=stop)


def _training_of(checkpoints: Path) -> str:
    """Return the fingerprint that a training's checkpoints carry."""
    newest = max(checkpoints.glob("step-*"))
    return str(json.loads((newest / "manifest.json").read_text())["training"])


def _same(one: TrainingRecord, other: TrainingRecord) -> bool:
    """Return whether two records differ in seconds and memory at most."""
    one, other = (replace(record, seconds=0.0, peak_memory_bytes=0) for record in (one, other))
    return one == other


def _weights(folder: Path) -> bytes:
    return (folder / "out/adapter_model.safetensors").read_bytes()
