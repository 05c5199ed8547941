"""Which column is what: the map of an import, as it is read and as the help teaches it."""

from __future__ import annotations

import pytest

from ragvsft.data.importers.columns import read_map
from ragvsft.errors import EvalsetError
from tests.data.importers.written import invoke


def test_the_map_is_read_with_commas_in_names_of_columns() -> None:
    """A comma parts two fields only where a field follows."""
    assert read_map(["question=What, then,targets=A"], ("question", "targets")) == {
        "question": ["What, then"],
        "targets": ["A"],
    }
    with pytest.raises(EvalsetError):
        read_map(["=x"], ("question",))


def test_help_teaches_the_map() -> None:
    """With an example to copy."""
    _, said = invoke("import", "csv", "--help")
    assert "--map question=Question --map targets=Answer_True" in said
