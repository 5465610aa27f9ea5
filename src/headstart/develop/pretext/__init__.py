"""Self-supervised development: a network learns from examples that nobody has labelled.

The door is `pretrain`; a method is one file with one registration.
"""

from headstart.develop.pretext import barlow_twins, contrast, vicreg
from headstart.develop.pretext.method import METHODS, Method
from headstart.develop.pretext.pretrain import Pretrained, pretrain

__all__ = ["METHODS", "Method", "Pretrained", "barlow_twins", "contrast", "pretrain", "vicreg"]
