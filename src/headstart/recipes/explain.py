"""Why: the evidence behind a run, in words."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from headstart.core.finding import Finding
from headstart.core.run import RankedSource
from headstart.core.verdict import Verdict
from headstart.report import explain as put_in_words
from headstart.report import read_run


class Explanation(BaseModel):
    """Ranking, findings and verdict with what led to them, and the same in words."""

    text: str
    ranking: tuple[RankedSource, ...]
    findings: tuple[Finding, ...]
    verdict: Verdict


def explain(run: str) -> Explanation:
    """Read a run's folder and explain it.

    Raises:
        OutputError: the folder holds no run, or a damaged one.
    """
    record = read_run(Path(run))
    return Explanation(
        text=put_in_words(record),
        ranking=record.ranking,
        findings=record.findings,
        verdict=record.verdict,
    )
