"""Small environments of our own: fast, plain, adjustable; Gymnasium knows them by this import."""

import gymnasium

for _id, _module, _steps in (
    ("headstart/LaneKeeping-v0", "lane_keeping:LaneKeeping", 200),
    ("headstart/Crossing-v0", "crossing:Crossing", 200),
    ("headstart/Paddle-v0", "paddle:Paddle", 300),
):
    if _id not in gymnasium.registry:
        gymnasium.register(_id, entry_point=f"headstart.sim.own.{_module}", max_episode_steps=_steps)
