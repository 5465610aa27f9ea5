"""What the time limit left out is said, with the seconds that it lacked."""

from headstart.core.shortfall import Shortfall
from headstart.report.left_out import left_out, things
from headstart.report.quantities import NARROW
from tests.records import RECORD


def short(what: str, work: str, needed_s: float | None, left_s: float, *, begun: bool = False) -> Shortfall:
    return Shortfall(what=what, work=work, begun=begun, needed_s=needed_s, left_s=left_s)


def said(*short: Shortfall) -> str:
    lineage = RECORD.lineage.model_copy(update={"options": {"time_limit_s": 120.0}})
    cost = RECORD.cost.model_copy(update={"wall_s": 66.0})
    run = RECORD.model_copy(update={"left_out": short, "lineage": lineage, "cost": cost})
    return " ".join(left_out(run)).replace(NARROW, " ")


def test_tunings_that_did_not_fit_are_counted_with_the_time_they_lacked():
    assert said(short("a", "tuning", 80, 40), short("b", "tuning", 65, 40)) == (
        "2 tunings were not begun: the cheapest would have needed about 1 min 5 s, "
        "and 40 s could be spared for it. "
        "1 min 6 s of 2 min were used: what would not end in time is not begun."
    )


def test_each_kind_of_work_has_its_own_sentence():
    words = said(
        short("s", "look", 12, 0.0),
        short("a", "tuning", 30, 20, begun=True),
        short("c", "control", None, 0.0),
    )
    assert (
        "1 source was not looked at: it would have needed about 12 s, "
        "and nothing of the part for looking could be spared for it."
    ) in words
    assert "1 tuning was begun and not finished, so not used: it would have needed about 30 s more" in words
    assert "1 network from scratch was not begun: no time was left." in words


def test_where_nothing_was_left_out_nothing_is_said():
    assert left_out(RECORD) == []
    assert things(RECORD) == ""
