"""The verbs, as a light table: the front page of the help is drawn without loading any of them."""

from __future__ import annotations

VERBS: dict[str, str] = {
    "fit": "the main job: inspect, rank, look, decide, adapt, report",
    "rank": "only what: the sources at hand, ranked for your data, with costs",
    "inspect": "only the checks: what is wrong with the data, and what to do",
    "develop": "a source model from a task with plenty of data, kept for tasks with little",
    "predict": "predictions of a model, with probabilities",
    "eval": "scores of a model on labelled data that nobody has used yet",
    "distil": "one fast network that answers like a combination of several",
    "explain": "why: the evidence behind what, when and how of a run",
    "sim": "the same three questions for control: environments in, policies out",
    "store": "what was kept: add, list, check, lineage, remove",
    "fetch": "bring sources into the cache ahead of time",
    "doctor": "this machine: what is there, what is missing, what to do",
    "demo": "the main job on real data that an installable package ships",
}

FRONT_PAGE = """\
Usage: headstart VERB [OPTIONS] ...

Give it the few labelled examples you have: it tells you what to transfer, when,
and how, with evidence, and hands back the tuned model.

{verbs}

  headstart VERB --help   the options of a verb, with an example
  headstart --version     the version

Start here:  headstart demo   or   headstart fit photos/ --time-limit 120
(photos/ holds one folder per class; a .csv with a label column does as well)
"""


def front_page() -> str:
    """What ``headstart --help`` prints."""
    width = max(map(len, VERBS))
    return FRONT_PAGE.format(verbs="\n".join(f"  {verb:<{width}}  {does}" for verb, does in VERBS.items()))
