"""Keys, passwords and tokens in a text, hidden before anybody reads it: they are pasted into the wrong place daily."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

HIDDEN = "(not shown)"
_REFERENCE = re.compile(r"\$\{\w+\}")

_NAMES = (
    r"(?:token|secrets?|passw(?:or)?ds?|pwd|passphrase|passwort|kennwort|mot[_ ]de[_ ]passe|contrase[nñ]a|senha|"
    r"wachtwoord|hasło|пароль|密码|credentials?|authorization|bearer|"
    r"(?:api|access|private|secret|auth|account)[_.\- ]?key)"
)
_SECRET_KEY = re.compile(rf"{_NAMES}$|(?:^|[_.\- ])(?:key|auth|pat)$", re.IGNORECASE)

# What nothing but a key looks like. The first group, where there is one, is kept: it says what was hidden.
_CERTAIN = [
    re.compile(pattern)
    for pattern in (
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
        r"(:/{1,2})(?![^\s/@:]+:\d+/)[^\s'\"@/:]*:[^\s'\"]*(?=@)",  # user:password@, whatever the password holds
        r"(:/{1,2})[^\s/'\"]+(?=@)",  # token@ in a URL; a Path keeps one slash only
        r"(?i)(\bhooks\.slack\.com/services/)[\w/]{8,}",
        r"(?i)((?:^|\s)(?:-u|--user)[\s=]+)[^\s:]+:\S+",
        r"(?i)(\bauthorization[\"']?\s*[:=]\s*[\"']?(?:basic|bearer|token)\s+)[\w.~+/=-]{4,}",
        # "bearer shares" are papers, not keys
        r"(?i)(\bbearer\s+)(?=[\w.~+/=-]{0,99}\d|[A-Za-z]+[-_][A-Za-z]+[-_]|[A-Za-z]{20})[\w.~+/=-]{6,}",
        r"(?i)([?&](?:\w*token|\w*key|\w*secret|passw\w*|pwd|sig|signature|x-amz-\w+)=)[^&\s'\"]+",
        r"\bhf_(?!(?:hub|home|token|transfer|transformers|datasets|inference|endpoint|xet)\b)[A-Za-z0-9]{6,}",
        r"(?<![A-Za-z0-9])sk-(?:(?=[\w-]{0,200}\d)[\w-]{8,}|[A-Za-z]{8,}|(?:proj|ant|or|live|test)-[\w-]{4,})",
        r"\b[spr]k_(?:live|test)_\w{6,}",
        r"\bgh[pousr]_[A-Za-z0-9]{8,}|\bgithub_pat_\w{8,}|\bgl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|soat|agent)-[\w-]{8,}",
        r"\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{12,}",
        r"\bAIza[\w-]{20,}|\bya29\.[\w-]{10,}|\bGOCSPX-[\w-]{10,}",
        r"\bxox[abeoprs]-[\w-]{8,}|\bxapp-\d-[\w-]{8,}",
        r"\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}",
        r"\b(?:npm|gsk|r8|tgp_v1|lsv2_pt|lsv2_sk|do[opr]_v1|lin_api|whsec|ntn|glsa|pcsk|dckr_pat|sbp|shp(?:at|ss|ca|pa))_\w{16,}",
        r"\b(?:secret|figd|fw)_(?=[\w-]{0,40}\d)[\w-]{16,}|\b(?:pypi|nvapi|xai|pplx|tskey|PMAK)-[\w-]{16,}",
        r"\bSG\.[\w-]{10,}(?:\.[\w-]+)*|\b(?:hv[sb]|dp\.(?:pt|st|ct))\.[\w-]{16,}|\bATATT3[\w=-]{12,}|\bAGE-SECRET-KEY-\w+",
        r"\b(?:SK|AC|dapi)[0-9a-f]{32}\b",
    )
]
# key=value, and "key": "value" as JSON and Python write it; ${NAME} and ... are not values
_ASSIGNED = re.compile(
    rf"({_NAMES}\s*=\s*)(?![\s\"']*(?:\$\{{|\.\.\.|\(not))(?:\"[^\"]*\"|'[^']*'|[^\s,;&)'\"\]}}]+)"
    rf"|({_NAMES}[\"']\s*:\s*)(?![\"']?(?:\$\{{|\(not))(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\s,}}\]]+)",
    re.IGNORECASE,
)
# password: sommer2026, as a message may hold it; "the password: see the notice board" is a sentence
_SAID = re.compile(rf"({_NAMES}\s*:\s+)(?=[^\s,;]*\d)(?![\"']?(?:\$\{{|\(not))[^\s,;'\"]{{6,}}", re.IGNORECASE)
_BASE64 = re.compile(r"(?<![\w/+.~-])[A-Za-z0-9/+]{40}(?![\w/+.=-])")  # a secret of 30 bytes, which may hold a slash
_LONG = re.compile(r"[A-Za-z0-9+_-]{18,}=*")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SHA256_DIGITS = 64


def masked(text: str) -> str:
    """Return a text in which keys, passwords and tokens are "(not shown)"; what is masked stays as it is.

    Known kinds by their shape, a value beside a name such as `api_key=`, and long runs that look drawn at random.
    """
    hidden = _ASSIGNED.sub(lambda found: f"{found[1] or found[2]}{HIDDEN}", _without_certain(text))
    hidden = _SAID.sub(lambda found: f"{found[1]}{HIDDEN}", hidden)
    hidden = _BASE64.sub(lambda found: HIDDEN if _is_random(found[0], in_path=False) else found[0], hidden)
    return _LONG.sub(_hide_random, hidden)


def holds_a_key(text: str) -> bool:
    """Return whether a text certainly holds a key or a password, by its shape."""
    return _without_certain(text) != text or _ASSIGNED.search(text) is not None


def is_secret_key(name: str) -> bool:
    """Return whether the value under a name is never shown: `hub_token`, `api_key`, `password`."""
    return _SECRET_KEY.search(name) is not None


def names_a_secret(text: str) -> bool:
    """Return whether a text that could not be read, such as a line of YAML, has a secret's name before a colon or =."""
    return any(map(is_secret_key, re.findall(r"[\w.-]+(?=[\"']?\s*[:=])", text)))


def without_secrets(value: Any, key: str = "") -> Any:
    """Return a JSON-able value that can be shown: the value under a secret's name is hidden, whatever its shape.

    A reference, ${NAME}, is not a secret.
    """
    if value is not None and is_secret_key(key) and not _REFERENCE.fullmatch(str(value)):
        return HIDDEN
    if isinstance(value, Mapping):
        return {masked(str(name)): without_secrets(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(inner) for inner in value]
    if value is None or isinstance(value, int | float | bool):
        return value
    return masked(str(value))


def _without_certain(text: str) -> str:
    for pattern in _CERTAIN:
        text = pattern.sub(lambda found: f"{found[1] if found.re.groups else ''}{HIDDEN}", text)
    return text


def _hide_random(found: re.Match[str]) -> str:
    text, whole = found[0], found.string
    before, after = whole[max(0, found.start() - 1) : found.start()], whole[found.end() : found.end() + 1]
    in_path = before in ("/", "\\") or (after != "" and after in "/\\.")
    parts = [] if _UUID.fullmatch(text) else re.findall(r"[A-Za-z0-9]{18,}", text)
    return HIDDEN if any(_is_random(part, in_path) for part in parts) else text


def _is_random(text: str, in_path: bool) -> bool:
    """Return whether a run of letters and digits looks drawn at random. File names are often hashes: those are not."""
    digits = sum(character.isdigit() for character in text)
    is_mixed = text.lower() != text != text.upper()
    if digits == len(text) or (not is_mixed and (digits < 4 or in_path or len(text) == _SHA256_DIGITS)):
        return False
    if re.fullmatch("[0-9a-f]+|[0-9A-F]+", text):
        return len(text) >= 32  # shorter ones are ids of questions
    # of random letters and digits 62 % differ in kind from their neighbour, of words in CamelCase about a third
    kinds = [(one.isdigit(), one.isupper()) for one in text]
    share = sum(left != right for left, right in pairwise(kinds)) / (len(text) - 1)
    return share >= (0.3 if not is_mixed else 0.42 if digits else 0.52)
