"""The one training loop, and the frozen prefix that it need not run twice.

`cache_prefix` runs the blocks below a cut once; `starting_head` fits the head on the frozen features;
`train` tunes what a `Tuning` names; `features` reads the result. A network is lent to them, never copied.
"""
