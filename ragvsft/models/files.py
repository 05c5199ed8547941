"""The files of a model folder: whether they are whole, and what they are by their hashes.

Only safetensors are read, and of them only the header.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ragvsft.errors import ModelError, first_line
from ragvsft.store.files import file_sha256

CHECKSUMS = "SHA256SUMS"
SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
TOKENIZERS = ("tokenizer.json", "*.model", "vocab.*")
READ_SUFFIXES = {".safetensors", ".json", ".txt", ".model", ".jinja"}


def check_files(name: str, folder: Path) -> None:
    """Raise ModelError, all problems at once, unless the folder holds a config and complete safetensors weights."""
    problems = (
        [] if (folder / "config.json").is_file() else [f"model {name}: config.json is missing; add it to the folder"]
    )
    weights = _weights(folder)
    if not weights and any(folder.glob("*.bin")):
        problems.append(f"model {name}: only pickled weights (.bin), which are never loaded; convert them to {SINGLE}")
    elif not weights:
        problems.append(f"model {name}: no weights; put {SINGLE} (or {INDEX} and its parts) in the folder")
    if not any(next(folder.glob(pattern), None) for pattern in TOKENIZERS):  # transformers would make an empty one up
        problems.append(f"model {name}: no tokenizer; put its tokenizer.json in the folder")
    problems += [f"model {name}: {trouble}" for file in weights if (trouble := _broken(file))]
    if problems:
        raise ModelError(problems)


def _weights(folder: Path) -> list[Path]:
    if (folder / SINGLE).is_file():
        return [folder / SINGLE]
    if not (folder / INDEX).is_file():
        return []
    try:
        parts = set(json.loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"].values())
    except (ValueError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{folder / INDEX}: not an index of weights ({first_line(error)}); download it again"
        ) from error
    return [folder / part for part in sorted(parts)]


def _broken(weights: Path) -> str | None:
    """Return what is wrong with a file of weights; reads its header only."""
    from safetensors import SafetensorError, safe_open

    if not weights.is_file():
        return f"{weights.name} is missing, though the index lists it; add it to the folder"
    try:
        with safe_open(weights, framework="numpy"):
            return None
    except SafetensorError as error:
        return f"{weights.name} is not a complete safetensors file ({first_line(error)}); download it again"


def hashes_of(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file that a load reads, by name."""
    files = sorted(file for file in folder.iterdir() if file.suffix in READ_SUFFIXES and file.is_file())
    return {file.name: file_sha256(file) for file in files}


def digest(hashes: dict[str, str]) -> str:
    """Return one hash for all files by name."""
    return hashlib.sha256("".join(f"{sha256}  {name}\n" for name, sha256 in hashes.items()).encode()).hexdigest()


def check_sums(folder: Path, hashes: dict[str, str]) -> None:
    """Raise ModelError for each file that is not what the folder's SHA256SUMS, if it has one, says."""
    sums = folder / CHECKSUMS
    if not sums.is_file():
        return
    problems = []
    for number, line in enumerate(sums.read_text(encoding="utf-8").splitlines(), start=1):
        parts = line.split(maxsplit=1)
        if len(parts) != 2:
            problems.append(f"{sums} line {number}: {line!r} is not '<sha256>  <file>'; download the file again")
            continue
        name = parts[1].removeprefix("*")
        file = folder / name
        found = hashes.get(name) or (file_sha256(file) if file.is_file() else "missing")
        if found != parts[0]:
            problems.append(
                f"{file}: sha256 is {found[:12]}, but {CHECKSUMS} says {parts[0][:12]}; download the file again"
            )
    if problems:
        raise ModelError(problems)
