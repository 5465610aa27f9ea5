"""Recordings made quickly: a rule, chance or any actor in an environment, into a file."""

from headstart.sim import spaces
from headstart.sim.environment import EnvironmentId
from headstart.sim.gathering.actors import by_chance, by_rule
from headstart.sim.gathering.trajectories import Header, Trajectories
from headstart.sim.gathering.walking import walk, walked_in
from headstart.sim.gathering.writing import writing
from headstart.sim.metered import metered


def recorded(file, text, *, who="rule", episodes=3, most_steps=10_000, seed=0, actor=None):
    """A recording, read back."""
    identity = EnvironmentId.parse(text, typed=True)
    with metered(identity) as env:
        acting = actor or (by_rule(identity) if who == "rule" else by_chance(env))
        header = Header(
            environment=text,
            demonstrator=who,
            observation_space=spaces.to_json(env.observation_space),
            action_space=spaces.to_json(env.action_space),
            seed=seed,
            most_steps=most_steps,
        )
        with writing(file, header) as writer:
            for at in range(episodes):
                walked = walked_in(env, 1000 * seed + at)
                walk(acting(walked.seed), env, walked, most_steps=most_steps)
                writer.add(walked.trajectory())
    return Trajectories.load(file)
