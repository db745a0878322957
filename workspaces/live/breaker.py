"""Doing without a server for a while once it has failed."""

import time
from dataclasses import dataclass, field

PAUSE = 10.0  # seconds without another try


@dataclass
class Breaker:
    """Remembers that a server failed, so that only one request in ten seconds waits for it."""

    pause: float = PAUSE
    until: float = field(default=0.0)

    def is_open(self) -> bool:
        """Whether it is too early to try again."""
        return time.monotonic() < self.until

    def trip(self) -> None:
        """Do without it for a while."""
        self.until = time.monotonic() + self.pause
