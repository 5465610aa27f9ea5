"""A window that shows frames and hears keys, by pygame; refused plainly where there is no screen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import MachineError
from headstart.sim.drawing import has_screen
from headstart.sim.gathering.keys import Keys
from headstart.sim.gathering.walking import Left
from headstart.sim.making import INSTALL

SIDE_PIXELS = 600  # smaller pictures are enlarged to about that
WITHOUT = (
    "Play by a list of actions (--script FILE) or watch (--policy …); --film out.gif shows what happened."
)


def require_screen() -> None:
    """Refuse to go on without one.

    Raises:
        MachineError: no window can be opened here.
    """
    if not has_screen():
        raise MachineError("there is no screen here (no DISPLAY)", expected="a desktop", remedy=WITHOUT)


class Window:
    """Open until `close`; `frames_per_second` is kept by waiting."""

    def __init__(self, title: str, frames_per_second: float) -> None:
        """Raises MachineError where pygame or a screen is missing."""
        require_screen()
        try:
            import pygame
        except ImportError:
            raise MachineError("pygame is not installed", remedy=f"Install it:  {INSTALL}") from None
        self._pygame: Any = pygame
        self._frames_per_second = frames_per_second
        self._surface: Any = None
        try:
            pygame.display.init()
            pygame.display.set_caption(title)
        except pygame.error as error:
            raise MachineError(
                f"no window can be opened ({error})", expected="a desktop", remedy=WITHOUT
            ) from None
        self._clock = pygame.time.Clock()
        self._held: set[str] = set()

    def show(self, frame: NDArray[np.uint8]) -> None:
        """Put a picture [h, w, 3] into the window, and wait until the next one is due."""
        pygame = self._pygame
        high, wide = frame.shape[:2]
        times = max(1, round(SIDE_PIXELS / max(high, wide)))
        if self._surface is None:
            self._surface = pygame.display.set_mode((wide * times, high * times))
        picture = pygame.surfarray.make_surface(frame.swapaxes(0, 1))
        pygame.transform.scale(picture, self._surface.get_size(), self._surface)
        pygame.display.flip()
        self._clock.tick(self._frames_per_second)

    def held(self) -> set[str]:
        """The names of the keys that are held down.

        Raises:
            Left: the window was closed, or Esc pressed.
        """
        pygame = self._pygame
        for event in pygame.event.get():
            if event.type == pygame.QUIT or (event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE):
                raise Left
            if event.type == pygame.KEYDOWN:
                self._held.add(pygame.key.name(event.key))
            if event.type == pygame.KEYUP:
                self._held.discard(pygame.key.name(event.key))
        return self._held

    def close(self) -> None:
        """Close it."""
        self._pygame.display.quit()


class ByKeyboard:
    """A person at the keys of a window."""

    def __init__(self, window: Window, keys: Keys) -> None:
        self.window, self.keys = window, keys

    def act(self, observations: NDArray[Any]) -> NDArray[Any]:
        """What the keys say."""
        return np.asarray(self.keys.action(self.window.held()))[None]
