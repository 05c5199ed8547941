"""Write report.html from what was scored; asks no model, and imports none."""

from __future__ import annotations

from ragvsft.report.page import render
from ragvsft.stages.run import Run


def do(run: Run) -> None:
    """Write the report."""
    with run.stage("report"):
        run.folder.write_text("report", render(run.evidence()))
