"""The plan of a development, for a person."""

from __future__ import annotations

from headstart.recipes.develop_plan import DevelopPlan, PlannedData, PlannedStart


def in_words(plan: DevelopPlan, time_limit_s: float | None) -> str:
    """The four steps as they would be, with what is known of their cost."""
    lines = ["1 select: " + _selection(plan)]
    lines += [f"  {_data(one)}" for one in plan.data]
    lines.append("2 develop: " + _beginning(plan))
    lines += [f"  {_start(one)}" for one in plan.starts]
    most_s = max((one.predicted_s for one in plan.starts), default=0.0)
    lines.append(
        f"  at most about {plan.look_s + most_s:.0f} s (right within a factor of three; what has learned "
        f"enough ends sooner), {plan.download_bytes / 1e6:.0f} MB to fetch"
    )
    if time_limit_s is not None and plan.look_s + most_s > time_limit_s:
        lines.append(f"  with --time-limit {time_limit_s:g} fewer passes are made, or on fewer rows")
    lines.append(f"3 reuse: kept in the store as the next version of {plan.name}")
    lines.append(f"4 tune: headstart fit {plan.target or 'TARGET'} --source store:{plan.name}")
    lines.append("Nothing was fetched or written.")
    return "\n".join(lines)


def _selection(plan: DevelopPlan) -> str:
    if len(plan.data) == 1:
        return "the only data set given"
    return f"one of {len(plan.data)}, by what each promises to {plan.target}; costs are those of the largest"


def _data(one: PlannedData) -> str:
    if not one.metric:
        return (
            f"{one.data}: {one.learn} {one.modality.value}s to learn from, {one.test} to look at the result"
        )
    what = f"{one.classes} classes" if one.classes else "a value each"
    return (
        f"{one.data}: {one.learn} {one.modality.value}s to learn from, {one.stop} to stop by, {one.test} to "
        f"score once; {what}, by {one.metric}"
    )


def _beginning(plan: DevelopPlan) -> str:
    if len(plan.starts) == 1:
        return "from"
    if plan.look_s:
        return f"a look (about {plan.look_s:.0f} s) picks the parent; short tries decide which goes on"
    return "short tries decide which of these goes on"


def _start(one: PlannedStart) -> str:
    fetch = f"{one.download_bytes / 1e6:.0f} MB to fetch" if one.download_bytes else "at hand"
    return f"{one.start}: about {one.predicted_s:.0f} s for {one.passes} passes, {fetch}"
