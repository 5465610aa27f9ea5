"""What holds for every check, whichever it is."""

import re
from pathlib import Path

import numpy as np
import pytest

from headstart import data
from headstart.core.errors import DataError
from headstart.core.finding import Finding, NotApplicable
from headstart.data.notes import NOTES
from headstart.inspection import Facts, every_check, inspect

CHECKS = {check.code: check for check in every_check()}
WORDS = ["red", "green", "blue", "round", "square", "small", "large", "old", "new", "fine"]


def texts(n, seed=0):
    random = np.random.default_rng(seed)
    return [f"{at}: " + " ".join(random.choice(WORDS, 12)) for at in range(n)]


def facts_of(n=40, k=2, regression=False, nan=False):
    """Facts with everything known, at random."""
    random = np.random.default_rng(n + k)
    y = random.normal(size=n) if regression else np.arange(n) % k
    task = data.from_arrays(texts(n), y.tolist(), kind="regression" if regression else "classification")
    oof = {name: random.dirichlet(np.ones(max(2, k)), n) for name in ("one", "two", "three")}
    if nan:
        for predictions in oof.values():
            predictions[:] = np.nan
    test = data.select(task, range(0, n, 2))
    return Facts(
        task, test=test, overlap=data.overlap(task, test), oof=oof, curve=((10, 0.5), (20, 0.6), (40, 0.66))
    )


def test_codes_are_unique_in_the_whole_house_and_of_one_form():
    codes = [*CHECKS, *(note.code for note in NOTES)]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"HS-[DSR]\d\d", code) for code in codes)


def test_every_code_is_documented_with_its_title():
    page = (Path(__file__).parents[2] / "docs" / "checks.md").read_text(encoding="utf-8")
    for entry in (*CHECKS.values(), *NOTES):
        assert f"| {entry.code} | {entry.severity} | {entry.title} |" in page


@pytest.mark.parametrize("code", CHECKS)
@pytest.mark.parametrize(
    "options", [{}, {"n": 6}, {"regression": True}, {"nan": True}, {"n": 200, "k": 7}], ids=str
)
def test_a_check_says_the_same_twice_and_says_it_whole(code, options):
    check = CHECKS[code]
    one, two = (check.missing(facts) or check(facts) for facts in (facts_of(**options), facts_of(**options)))
    assert one == two
    if isinstance(one, Finding):
        assert (one.code, one.severity, one.title) == (code, check.severity, check.title)
        assert one.detail
        assert one.remedy
        assert all(0 <= row < options.get("n", 40) for row in one.rows)
    elif one is not None:
        assert one.because


@pytest.mark.parametrize("code", CHECKS)
def test_a_check_survives_one_row(code):
    facts = facts_of(n=6)
    alone = Facts(data.select(facts.task, [0]))
    said = CHECKS[code].missing(alone) or CHECKS[code](alone)
    assert said is None or isinstance(said, (Finding, NotApplicable))


@pytest.mark.parametrize("code", CHECKS)
def test_a_check_survives_one_class(code):
    facts = facts_of(n=40)
    alone = Facts(data.select(facts.task, range(0, 40, 2)))
    said = CHECKS[code].missing(alone) or CHECKS[code](alone)
    assert said is None or isinstance(said, (Finding, NotApplicable))


def test_without_facts_checks_say_why_they_are_silent():
    silent = {said.code: said.because for said in inspect(Facts(facts_of().task)).not_applicable}
    assert set(silent) == {"HS-D01", "HS-D04", "HS-S01", "HS-S02"}
    assert "look" in silent["HS-D01"]


def test_what_loading_found_comes_along_and_the_worst_comes_first(tmp_path):
    path = tmp_path / "t.csv"
    rows = [f"{text},{'ab'[at % 2]}" for at, text in enumerate(texts(30))]
    path.write_text("\n".join(["text,label", *rows, rows[0][:-1] + "b", "no label here,"]))
    inspection = inspect(Facts(data.load(path)))
    codes = [finding.code for finding in inspection.findings]
    assert codes[0] == "HS-D07"
    assert {"HS-D02", "HS-D20", "HS-D26"} <= set(codes)
    order = [["error", "warning", "info"].index(finding.severity) for finding in inspection.findings]
    assert order == sorted(order)


def test_one_class_never_reaches_the_checks():
    with pytest.raises(DataError, match="one class"):
        data.from_arrays(texts(4), ["a"] * 4)
