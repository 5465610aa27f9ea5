"""Develop a source model on a source task: hold out, begin, learn, stop early.

Doors: `parts.divided(task) -> Parts`; `starts.from_scratch`, `starts.continued` give a `Start`;
`contest.develop(starts, problem) -> Developed`.
"""
