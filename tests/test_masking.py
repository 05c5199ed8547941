"""Secrets: whatever place a key or a password is put into, no message, log, record or report shows it again."""

from __future__ import annotations

import json
import os
import random
import secrets
import string
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from ragvsft.cli import main as cli
from ragvsft.errors import UserError
from ragvsft.masking import HIDDEN, holds_a_key, is_secret_key, masked, without_secrets
from tests.paths import ROOT

PLAIN = "correct-horse-battery"  # looks like nothing: only its place tells that it is a secret
HUB = "hf_QwErTyUiOpAsDfGhJkLzXcVbNm123456"
KEYS = {
    "hub": HUB,
    "short hub": "hf_abc123",
    "openai": "sk-proj-Ab12Cd34Ef56Gh78Ij90",
    "anthropic": "sk-ant-api03-abcdefghij",
    "github": "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "aws": "AKIAIOSFODNN7EXAMPLE",
    "google": "AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "slack": "xoxb-123456789012-abcdefghij",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "random": "Zx81kQ9vTn3LpW7rYb2MdE5s",
    "hex": "9e107d9d372bb6826bd81d3542a419d6",
}


def project(
    folder: Path, text: str = "", *, config: str = "corpus: docs\nevalset: q.jsonl\nvariants: [prompt]\n"
) -> Path:
    """Return the config of a project that runs to its report in a second, with `text` added to its config."""
    (folder / "docs").mkdir()
    (folder / "docs" / "a.md").write_text("The kiln runs at night.")
    (folder / "q.jsonl").write_text('{"sample_id": "s1", "question": "When?", "targets": ["at night"]}\n')
    small = "engine: {kind: scripted}\nlatency: {requests: 0, warmup: 0}\n"
    path = folder / "ragvsft.yaml"
    path.write_text(config + ("" if "engine:" in text else small) + text)
    return path


def everything(folder: Path, arguments: list[object], environ: dict[str, str] | None = None) -> tuple[int, str]:
    """Return the exit code of a command, and all that it printed and wrote, names of files included."""
    before = set(folder.rglob("*"))
    result = CliRunner().invoke(cli.main, [str(argument) for argument in arguments], env=environ)
    assert not isinstance(result.exception, Exception), result.exception  # SystemExit is none
    written = [path for path in folder.rglob("*") if path not in before]
    files = [str(path) + path.read_bytes().decode(errors="replace") for path in written if path.is_file()]
    return result.exit_code, "\n".join([result.output, *map(str, written), *files])


# Each puts a secret where it does not belong: (text of the config, more arguments, environment).
WAYS: dict[str, Callable[[str], tuple[str, list[str], dict[str, str]]]] = {
    "hub_token": lambda key: (f"hub_token: {key}\n", [], {}),
    "hub_token in quotes": lambda key: (f'hub_token: "{key}"\n', [], {}),
    "hub_token as a list": lambda key: (f"hub_token: [{key}, b]\n", [], {}),
    "hub_token as a mapping": lambda key: (f"hub_token: {{value: {key}}}\n", [], {}),
    "hub_token as an alias": lambda key: (f"hub_token: *{key}\n", [], {}),
    "hub_token as an anchor": lambda key: (f"hub_token: &{key} !!binary x\n", [], {}),
    "hub_token as a tag": lambda key: (f"hub_token: !{key} x\n", [], {}),
    "hub_token in broken YAML": lambda key: (f"hub_token: {key}: x\n", [], {}),
    "hub_token with a broken quote": lambda key: (f'hub_token: "{key}\n', [], {}),
    "hub_token on a line before its alias": lambda key: (f"hub_token:\n  *{key}\n", [], {}),
    "hub_token on a line before its tag": lambda key: (f"hub_token:\n  !{key} x\n", [], {}),
    "a token in a flow mapping": lambda key: (f"lora: {{r: 1, access_token: *{key}}}\n", [], {}),
    "a token in a broken flow mapping of a flag": lambda key: ("", ["-s", f"lora={{r: 1, access_token: {key}"], {}),
    "hub_token as a flag": lambda key: ("", ["-s", f"hub_token={key}"], {}),
    "hub_token as broken YAML in a flag": lambda key: ("", ["-s", f"hub_token=[{key}"], {}),
    "hub_token below itself": lambda key: ("", ["-s", f"hub_token.x={key}"], {}),
    "hub_token without an equals sign": lambda key: ("", ["-s", "hub_token", key], {}),
    "a flag without its key": lambda key: ("", ["-s", key], {}),
    "hub_token in the environment": lambda key: ("", [], {"RAGVSFT_HUB_TOKEN": key}),
    "hub_token as broken YAML in the environment": lambda key: ("", [], {"RAGVSFT_HUB_TOKEN": f"{{{key}"}),
    "a key of another tool": lambda key: (f"api_key: {key}\n", [], {}),
    "a password in a section": lambda key: (f"lora: {{password: {key}}}\n", [], {}),
    "another variable": lambda key: ("", [], {"RAGVSFT_OPENAI_API_KEY": key}),
    "a token within a wrong type": lambda key: (f"model: {{name: x, token: {key}}}\n", [], {}),
    "a token within a list of variants": lambda key: (f"variants: [{{like: rag, access_token: {key}}}]\n", [], {}),
    "a token in a section of another type": lambda key: (f"statistics: [{{secret: {key}}}]\n", [], {}),
    "a query in an address": lambda key: (f"model: http://h/x?api_key={key}\n", [], {}),
    "a password in an address": lambda key: (f"model: https://me:{key}@huggingface.co/x\n", [], {}),
    "a token in an address": lambda key: (f"rag: {{encoder: 'https://{key}@huggingface.co/x'}}\n", [], {}),
    "an address as the corpus": lambda key: ("", ["-s", f"corpus=https://me:{key}@host/docs"], {}),
    "an assignment in the notes": lambda key: (f"notes: ['run with api_key={key}']\n", [], {}),
    "a header in the notes": lambda key: (f"notes: ['Authorization: Bearer {key}']\n", [], {}),
    "a header in the instruction": lambda key: (f"task: {{instruction: 'Bearer {key}'}}\n", [], {}),
}  # fmt: skip
SHAPED: dict[str, Callable[[str], tuple[str, list[str], dict[str, str]]]] = {
    "the model": lambda key: (f"model: {key}\n", [], {}),
    "the model as a flag": lambda key: ("", ["--model", key], {}),
    "the model in the environment": lambda key: ("", [], {"RAGVSFT_MODEL": key}),
    "the encoder": lambda key: (f"rag: {{encoder: {key}}}\n", [], {}),
    "a name of a key": lambda key: (f"{key}: 1\n", [], {}),
    "a name of a key in a section": lambda key: (f"lora: {{{key}: 1}}\n", [], {}),
    "a key listed twice": lambda key: (f"{key}: 1\n{key}: 1\n", [], {}),
    "an alias": lambda key: (f"model: *{key}\n", [], {}),
    "a tag": lambda key: (f"model: !{key} x\n", [], {}),
    "a wrong type": lambda key: (f"lora: {{r: {key}}}\n", [], {}),
    "a choice": lambda key: (f"engine: {{kind: {key}}}\n", [], {}),
    "a device": lambda key: (f"engine: {{kind: scripted, device: {key}}}\n", [], {}),
    "the name": lambda key: (f"name: {key}\n", [], {}),
    "the primary metric": lambda key: (f"statistics: {{primary: {key}}}\n", [], {}),
    "the hardware": lambda key: (f"cost: {{hardware: {key}}}\n", [], {}),
    "a variant": lambda key: ("", ["--variants", f"prompt,{key}"], {}),
    "a number of an option": lambda key: ("", ["--limit", key], {}),
    "an option": lambda key: ("", [f"--{key}"], {}),
    "an argument too many": lambda key: ("", [key], {}),
    "the corpus": lambda key: ("", ["-s", "variants=[rag]", "-s", f"corpus={key}"], {}),
    "the evalset": lambda key: ("", ["-s", f"evalset={key}.jsonl"], {}),
    "the price book": lambda key: ("", ["-s", f"cost.prices={key}.yaml"], {}),
    "the run to resume": lambda key: ("", ["--resume", key], {}),
    "the notes": lambda key: (f"notes: ['{key}', 'see {key}.']\n", [], {}),
}  # fmt: skip


@pytest.mark.parametrize("key", [PLAIN, HUB, KEYS["random"]])
@pytest.mark.parametrize("way", WAYS)
def test_a_secret_of_any_shape_is_not_shown_under_a_name_that_says_so(tmp_path: Path, way: str, key: str) -> None:
    """33 ways, each tried with a password that looks like a word; a run that begins does not hold it either."""
    text, arguments, environ = WAYS[way](key)
    path = project(tmp_path, text)
    code, shown = everything(tmp_path, ["run", "-q", "-c", path, *arguments], environ)
    assert key not in shown
    assert code in (0, 2)


@pytest.mark.parametrize("kind", ["hub", "openai", "aws", "random"])
@pytest.mark.parametrize("way", SHAPED)
def test_a_key_is_known_by_its_shape_in_any_place(tmp_path: Path, way: str, kind: str) -> None:
    """24 ways that no name gives away."""
    text, arguments, environ = SHAPED[way](KEYS[kind])
    path = project(tmp_path, text)
    code, shown = everything(tmp_path, ["run", "-q", "-c", path, *arguments], environ)
    assert KEYS[kind] not in shown
    assert code in (0, 2)


@pytest.mark.parametrize("way", WAYS)
def test_a_dry_run_shows_no_more(tmp_path: Path, way: str) -> None:
    """It reads the same config."""
    text, arguments, environ = WAYS[way](PLAIN)
    path = project(tmp_path, text)
    assert PLAIN not in everything(tmp_path, ["run", "--dry-run", "-c", path, *arguments], environ)[1]


@pytest.mark.parametrize("key", [KEYS["hub"], KEYS["openai"], "https://me:pw-of-mine@host/x"])
@pytest.mark.parametrize("command", ["squad", "beir", "ragas", "csv", "utterances"])
def test_the_source_of_an_import_is_not_echoed(tmp_path: Path, command: str, key: str) -> None:
    """A folder or file of that name does not exist."""
    code, shown = everything(tmp_path, ["import", command, key, tmp_path / "out"])
    assert code == 2
    assert key not in shown
    assert "pw-of-mine" not in shown


@pytest.mark.parametrize(
    "row",
    [
        {"question": {"password": PLAIN}, "answers": ["a"]},
        {"question": "Q?", "answers": [{"api_key": PLAIN}]},
        {"question": "Q?", "answers": HUB, "doc_ids": [HUB]},
        {"question": "Q?", "answers": ["a"], "stratum": HUB},
        {"question": ["Bearer " + PLAIN], "answers": ["a"]},
    ],
)
def test_a_row_is_not_echoed_with_its_secret(tmp_path: Path, row: dict[str, object]) -> None:
    """Importing it, and reading it as an evalset."""
    (tmp_path / "r.jsonl").write_text(json.dumps(row))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("x")
    arguments = ["import", "csv", tmp_path / "r.jsonl", tmp_path / "out", "--corpus", tmp_path / "docs"]
    code, shown = everything(tmp_path, arguments)
    assert (code, PLAIN in shown, HUB in shown) == (2, False, False)


@pytest.mark.parametrize(
    "line",
    [
        f"as_of: 2026-01-01\ntoken: {PLAIN}: x\n",
        f"as_of: 2026-01-01\ncurrency: USD\nhardware: {{cpu: {{usd_per_hour: {{token: {PLAIN}}}}}}}\n",
        f"as_of: 2026-01-01\ncurrency: {HUB}\n",
        f"as_of: 2026-01-01\ncurrency: USD\npassword: {PLAIN}\n",
        f"as_of: 2026-01-01\ncurrency: USD\nhardware: {{cpu: {{secret: {PLAIN}}}}}\n",
    ],
)
def test_a_price_book_is_not_echoed_with_its_secret(tmp_path: Path, line: str) -> None:
    """Nor the line that the YAML parser would quote."""
    (tmp_path / "prices.yaml").write_text(line)
    path = project(tmp_path, "cost: {prices: prices.yaml}\n")
    code, shown = everything(tmp_path, ["run", "-q", "-c", path])
    assert (code, PLAIN in shown, HUB in shown) == (2, False, False)


def test_notes_and_instructions_may_speak_of_keys(tmp_path: Path) -> None:
    """Only one that holds a key is refused."""
    path = project(tmp_path, "task: {instruction: 'Answer on bearer shares, tokens and passwords.'}\nnotes: [keys]\n")
    assert everything(tmp_path, ["run", "-q", "-c", path])[0] == 0


def test_the_source_of_a_price_is_shown_without_its_password(tmp_path: Path) -> None:
    """In cost.json and in the report."""
    source = f"{{usd_per_hour: 1.0, as_of: 2026-01-01, source: 'https://me:{PLAIN}@host/prices', note: '{HUB}'}}"
    (tmp_path / "prices.yaml").write_text(f"as_of: 2026-01-01\ncurrency: USD\nhardware: {{mine: {source}}}\n")
    path = project(tmp_path, "cost: {prices: prices.yaml, hardware: mine}\n")
    code, shown = everything(tmp_path, ["run", "-q", "-c", path, "-s", "latency.requests=2"])
    assert (code, PLAIN in shown, HUB in shown) == (0, False, False)
    assert f"https://{HIDDEN}@host/prices" in shown


def test_a_note_keeps_its_words_and_loses_its_key(tmp_path: Path) -> None:
    """In prose a long random run may be the hash of a commit: it is hidden, and the run goes on."""
    path = project(tmp_path, f"notes: ['data of commit {KEYS['hex']}, by Ann']\n")
    code, shown = everything(tmp_path, ["run", "-q", "-c", path])
    assert code == 0
    assert KEYS["hex"] not in shown
    assert "by Ann" in shown


def test_a_traceback_of_ours_is_masked(tmp_path: Path) -> None:
    """A bug may meet a token in the data; its traceback is what users paste into an issue."""
    code = (
        "from ragvsft.cli import main as cli\nfrom ragvsft.config import load as config\n"
        f"def broken(*a, **k): raise RuntimeError('cannot use {HUB}')\n"
        "config.load_config = broken\n"
        "cli.main(['run', '-c', 'x.yaml'])\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=environ)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert f"RuntimeError: cannot use {HIDDEN}" in done.stderr
    assert HUB not in done.stderr


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("around", ["{}", "model {}: no such folder", "'{}'", "a={}, b", "({})", "x: {}\n", "«{}»"])
def test_every_kind_of_key_is_hidden_in_any_sentence(kind: str, around: str) -> None:
    """What stands around it stays."""
    assert masked(around.format(KEYS[kind])) == around.format(HIDDEN)


@pytest.mark.parametrize(
    "text",
    [
        "/data/runs/20261125T220000Z_my-run_1a2b3c4d/manifest.json: not scored yet",
        "continue it with: ragvsft run --resume reports/20261125T220000Z_squad_deadbeef",
        "sample_id '5725b81b271a42140099d097' is already used in e.jsonl line 1",
        "/cache/models--x/snapshots/9e107d9d372bb6826bd81d3542a419d6/config.json: cannot be read",
        "sentence-transformers/all-MiniLM-L6-v2, meta-llama/Llama-3.1-8B-Instruct-GPTQ-INT4, Qwen/Qwen2.5-0.5B",
        "hub_token: a secret stands here only as ${ENV_NAME}, so that no file or run ever holds it",
        "${HF_TOKEN} is not set; export HF_TOKEN=... first",
        "passages.tokens is 600, lora.batch_tokens=512, engine.max_new_tokens=48",
        "id '550e8400-e29b-41d4-a716-446655440000' is listed twice",
        "sha256 is e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "AutoModelForSequenceClassification2 writes no text; pip install 'ragvsft[docs]'",
        "https://huggingface.co/docs/hub/security-tokens#how-to-manage-user-access-tokens",
        "risk-averse investors ask-before-acting-2026 in task-0123456789",
        "hf_transfer is not installed; hf_hub too",
        "Answer on bearer shares and bearer instruments, or on bearer tokens.",
        "Say what the basic authorization: needs; a password is asked for.",
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    """An error that hides its value helps nobody."""
    assert masked(text) == text
    assert not holds_a_key(text)


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    """So a config that was masked when it was recorded has the same hash when it is recalled."""
    assert masked(masked(text)) == masked(text)


@pytest.mark.parametrize("length", [24, 32, 40, 64])
def test_nearly_every_random_key_is_hidden(length: int) -> None:
    """Of 1,000 at least 950, whatever their length."""
    draw = random.Random(length)
    keys = ["".join(draw.choices(string.ascii_letters + string.digits, k=length)) for _ in range(1000)]
    assert sum(masked(f"model {key}: unknown") == f"model {HIDDEN}: unknown" for key in keys) >= 950


def test_keys_as_the_secrets_module_makes_them_are_hidden() -> None:
    """In base64 for addresses, and in hexadecimal digits."""
    made = [secrets.token_urlsafe(48) for _ in range(100)] + [secrets.token_hex(16) for _ in range(100)]
    assert sum(HIDDEN in masked(f"key {key} is wrong") for key in made) >= 190


def test_every_error_of_ours_is_masked_where_it_is_made() -> None:
    """Whoever prints it, with str or line by line."""
    error = UserError(["model hf_abcdef123: unknown", "fine"])
    assert error.problems == (f"model {HIDDEN}: unknown", "fine")
    assert "hf_abcdef123" not in str(error)
    assert "hf_abcdef123" not in repr(error)


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("hub_token", True), ("HF_TOKEN", True), ("apiKey", True), ("api-key", True), ("OPENAI_API_KEY", True),
        ("password", True), ("db_passwd", True), ("client_secret", True), ("aws_secret_access_key", True),
        ("Authorization", True), ("key", True), ("accessToken", True), ("credentials", True), ("passphrase", True),
        ("tokens", False), ("batch_tokens", False), ("max_new_tokens", False), ("monkey", False), ("keys", False),
        ("token_budget", False), ("target_modules", False), ("path", False), ("model", False),
    ],
)  # fmt: skip
def test_names_of_secrets(name: str, is_secret: bool) -> None:
    """Counts of tokens are no secrets."""
    assert is_secret_key(name) is is_secret


def test_nested_values_are_hidden_under_their_name() -> None:
    """Whatever their type; a reference to a variable is shown."""
    shown = without_secrets(
        {"a": [{"token": 7, "b": {"password": ["x", "y"]}}], "hub_token": "${HF_TOKEN}", "n": 1.5, "t": None}
    )
    assert shown == {
        "a": [{"token": HIDDEN, "b": {"password": HIDDEN}}],
        "hub_token": "${HF_TOKEN}",
        "n": 1.5,
        "t": None,
    }
