"""Whether what a pretext taught is worth keeping: it must show a gain beyond noise, or it is not kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from headstart.core.estimate import Interval
from headstart.develop.pretext.agreement import Sight
from headstart.develop.pretext.following import Followed
from headstart.develop.quick_probe import Gain

LEAST_LIKENESS = 0.5  # of a continued parent's kernel with its own before: below it more was lost than moved


@dataclass(frozen=True)
class Worth:
    """Whether the result is kept, and why, in plain words."""

    reason: str
    is_kept: bool


def worth(
    before: Sight,
    after: Sight,
    followed: Followed,
    *,
    has_parent: bool,
    on_target: Callable[[], Gain] | None = None,
) -> Worth:
    """Judge by what no label is needed for, and by a target's few labels (`on_target`) where there are some.

    A parent that is meant for a target is judged by the target alone; what begins from nothing may show its
    gain on either.
    """
    if why := fault(before, after, followed, has_parent=has_parent):
        return Worth(why, False)
    seen = on_held_out(before, after)
    if on_target is None or (seen.is_kept and not has_parent):
        return seen
    return proven(on_target(), "the parent" if has_parent else "the network that knows nothing")


def fault(before: Sight, after: Sight, followed: Followed, *, has_parent: bool) -> str:
    """What forbids keeping the result, whatever it gained; empty where nothing does."""
    if not followed.losses:
        return "stopped before the first step"
    if followed.is_collapsed:
        return "collapsed: all examples came to look the same"
    likeness = after.likeness(before)
    if has_parent and likeness < LEAST_LIKENESS:
        return f"too much of the parent was lost (likeness {likeness:.2f})"
    return ""


def on_held_out(before: Sight, after: Sight) -> Worth:
    """Whether two views of held-out examples find each other more often than before, beyond noise."""
    span = after.gain_over(before)
    views = (
        f"two views of a held-out example find each other in {after.agreement:.0%} of cases, "
        f"{before.agreement:.0%} before"
    )
    if span.low > 0:
        return Worth(f"{views}: a gain of {in_points(span)}", True)
    if after.agreement < before.agreement:
        return Worth(f"{views}: nothing was learned", False)
    few = len(after.hits)
    return Worth(f"{views}: no gain beyond noise on {few} examples ({in_points(span)})", False)


def proven(gain: Gain, over: str) -> Worth:
    """Whether the target's labels show a gain, and the words for it."""
    span = gain.interval
    measured = f"{gain.nats:+.2f} nats an example ({span.low:+.2f} to {span.high:+.2f})"
    if span.low > 0:
        return Worth(f"the target's labels show a gain over {over}: {measured}", True)
    return Worth(f"the target's labels show no gain over {over} ({measured}): it is left as it was", False)


def in_points(span: Interval) -> str:
    """An interval of a share, in points.

    >>> in_points(Interval(-0.011, 0.2, 0.9))
    '-1 to +20 points, 90 % interval'
    """
    return f"{100 * span.low:+.0f} to {100 * span.high:+.0f} points, {span.level:.0%} interval".replace(
        "%", " %"
    )
