"""The command that repeats a run, from the options it recorded."""

from __future__ import annotations

import shlex

from headstart.core.run import RunRecord

_PLACES = {
    "out",
    "resume",
    "json",
    "quiet",
    "dry_run",
    "offline",
    "config",
    "store",
}  # not the experiment
_LEFT_OPEN: tuple[object, ...] = (False, "", [], (), {}, "auto")  # 0 equals False: automatic threads


def command(run: RunRecord) -> str:
    """`headstart fit DATA --seed 0 …`; options that were left at nothing do not appear."""
    options = {name: value for name, value in run.lineage.options.items() if name not in _PLACES}
    data = str(options.pop("data", "") or "DATA")
    options.pop("seed", None)
    words = ["headstart", "fit", data if data == "DATA" else shlex.quote(data)]
    for name, value in options.items():
        if value is not None and value not in _LEFT_OPEN:
            words += _option(name, value)
    return " ".join([*words, "--seed", str(run.lineage.seed)])


def _option(name: str, value: object) -> list[str]:
    flag = "--" + name.removesuffix("_s").removesuffix("_bytes").replace("_", "-")
    if value is True:
        return [flag]
    if isinstance(value, dict):
        pairs = [(key, inner) for key, inner in value.items() if inner is not None]
        return [word for key, inner in pairs for word in ("--set", shlex.quote(f"{name}.{key}={inner}"))]
    if isinstance(value, list | tuple):
        return [word for one in value for word in (flag, shlex.quote(str(one)))]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return [flag, shlex.quote(str(value))]
