"""What several modules of the report's tests read, rendered once."""

from __future__ import annotations

import pytest

from ragvsft.report.page import render
from tests.report.made import Page, realistic


@pytest.fixture(scope="session")
def page() -> Page:
    """Return the report of the realistic run."""
    return Page(render(realistic()))


@pytest.fixture(scope="session")
def small_page() -> Page:
    """Return the report of a realistic run of 12 samples."""
    return Page(render(realistic(12)))
