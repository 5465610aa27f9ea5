"""How to transfer: a plan of candidates goes in, evidence and adapted networks come out.

Doors: `race.race(plan, context) -> Race`; `strategy.STRATEGIES` names the ways of adapting, a folder each.
"""
