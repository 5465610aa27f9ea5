"""The story of `sim record`: somebody acts, and what happened is kept in the store or in a file."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from headstart.core.development import KeptAs
from headstart.core.errors import NothingYet, OptionError, OutputError
from headstart.core.gathering import Gathered
from headstart.core.watch import Watch
from headstart.metrics import returns
from headstart.recipes.cards import as_json
from headstart.recipes.demonstrators import Demonstrator, demonstrator
from headstart.recipes.storing import open_store
from headstart.report.whole_file import write_whole
from headstart.sim import spaces
from headstart.sim.contract import Signature, signature
from headstart.sim.contract.signature import WALK_STEPS
from headstart.sim.environment import EnvironmentId, open_environment
from headstart.sim.gathering.trajectories import FILE, Ended, Episode, Header
from headstart.sim.gathering.walking import walk, walked_in
from headstart.sim.gathering.writing import writing
from headstart.sim.learning.versions import versions
from headstart.sim.metered import LONGEST_EPISODE, Metered, metered
from headstart.sim.rollouts import episode_seeds
from headstart.sources.wheels import sha256
from headstart.store import ObjectKind
from headstart.store.layout import checked_name


def sim_record(
    who: str,
    environment: str,
    watch: Watch,
    *,
    episodes: int = 10,
    most_steps: int = LONGEST_EPISODE,
    script: str | None = None,
    name: str | None = None,
    out: str | None = None,
    seed: int = 0,
    store: str | None = None,
) -> Gathered:
    """Record `episodes` of a policy, of a rule or script (`scripted`), or of chance (`random`).

    Stopped by Ctrl-C, the whole episodes so far are kept.

    Raises:
        OptionError: neither or both of `name` and `out`. OutputError: `out` is there already.
        SimulationError, SourceError, DataError: environment, policy or script cannot be used; a value that is
            no number. Nothing is kept then.
        NothingYet: stopped before the first episode was whole.
    """
    target = EnvironmentId.parse(environment, typed=True)
    check_place(name, out)
    with tempfile.TemporaryDirectory() as work:
        file = Path(work) / FILE
        with metered(target) as env:
            acting = demonstrator(who, target, env, script=script, seed=seed, store=store)
            header = header_of(target, env, acting, seed=seed, most_steps=most_steps)
            watch.stage(f"recording {acting.words} in {target.text}", episodes)
            with writing(file, header) as writer:
                for one in episode_seeds(seed, "record", episodes):
                    if watch.stop_requested:
                        break
                    walked = walked_in(env, one)
                    walk(acting.actor(one), env, walked, most_steps=most_steps)
                    writer.add(walked.trajectory())
                    watch.advance()
        done = writer.episodes
        if not done:
            raise NothingYet("stopped before the first episode was whole", where=target.text)
        stopped = len(done) < episodes
        return keep(file, header, done, acting, name=name, out=out, store=store, stopped=stopped)


def check_place(name: str | None, out: str | None) -> None:
    """Refuse a recording that has no place to go, before anything is done for it."""
    if (name is None) == (out is None):
        raise OptionError(
            "neither --name nor --out" if name is None else "both --name and --out",
            expected="one of them",
            remedy="--name NAME keeps the recording in the knowledge store, --out FILE.parquet in a file.",
        )
    if name is not None:
        checked_name(name)
    if out is not None and Path(out).expanduser().exists():
        raise OutputError("it is there already", where=out, remedy="Name another file with --out.")


def header_of(
    target: EnvironmentId, env: Metered, acting: Demonstrator, *, seed: int, most_steps: int
) -> Header:
    """What is known before the first step; the contract is read in an environment of its own."""
    return Header(
        environment=target.text,
        demonstrator=acting.words,
        demonstrator_sha256=acting.sha256,
        observation_space=spaces.to_json(env.observation_space),
        action_space=spaces.to_json(env.action_space),
        signature=_signature(target, seed),
        seed=seed,
        most_steps=most_steps,
        versions=versions(),
    )


def keep(
    file: Path,
    header: Header,
    episodes: Sequence[Episode],
    acting: Demonstrator,
    *,
    name: str | None,
    out: str | None,
    store: str | None,
    stopped: bool = False,
) -> Gathered:
    """Bring a finished file to the store or to `out`, with what is to be said about it."""
    whole = [one.returned for one in episodes if one.ended != "left"]
    ended = Counter(one.ended for one in episodes)
    said: dict[str, Any] = {
        "environment": header.environment,
        "demonstrator": header.demonstrator,
        "sha256": sha256(file),
        "episodes": len(episodes),
        "steps": sum(one.steps for one in episodes),
        "signature_steps": WALK_STEPS if header.signature is not None else 0,
        "violations": sum(one.violations for one in episodes),
        "returned": returns.score([whole], header.seed) if whole else None,
        "ended": dict(sorted(ended.items())),
        "seed": header.seed,
        "notes": _notes(header, ended),
        "stopped": "interrupt" if stopped else None,
    }
    if out is not None:
        write_whole(Path(out).expanduser(), lambda part: shutil.copyfile(file, part))
        return Gathered(object=None, file=out, **said)
    assert name is not None
    kept = open_store(store).add(
        {FILE: file},
        name=name,
        kind=ObjectKind.RECORDING,
        card=as_json(said | {"versions": header.versions}),
        parents=acting.parents,
    )
    place = KeptAs(name=kept.name, version=kept.version, sha256=kept.sha256, bytes=kept.bytes)
    return Gathered(object=place, file="", **said)


def _notes(header: Header, ended: Counter[Ended]) -> tuple[str, ...]:
    found = []
    if ended["cut"]:
        found.append(
            f"{ended['cut']} episodes had not ended after {header.most_steps:,} steps and were cut there; "
            "a time limit (…?max_episode_steps=1000) would end them"
        )
    if ended["left"]:
        found.append(f"{ended['left']} episodes were left before their end; their returns are not counted")
    if header.signature is None:
        found.append("the contract of the environment could not be read, so none is kept")
    return tuple(found)


def _signature(target: EnvironmentId, seed: int) -> Signature | None:
    """The environment's contract; None where it fails in the walk for it (recording says why, if it does)."""
    try:
        with open_environment(target) as env:
            read = signature(env, target.text, seed=seed)
    except Exception:  # whatever a stranger's environment raises: its contract is extra
        return None
    return read if math.isfinite(read.reward_mean) and math.isfinite(read.reward_spread) else None
