"""What the demo's people did, played in the order of the days on which they did it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Script:
    """Deeds with their instants; those of one instant are played in the order of writing."""

    deeds: list[tuple[datetime, Callable[[datetime], object]]] = field(default_factory=list)

    def at(self, when: datetime, deed: Callable[[datetime], object]) -> None:
        """Write down that `deed(when)` happens at `when`."""
        self.deeds.append((when, deed))

    def play(self) -> None:
        """Do it all, the oldest first, so that the log reads as one that grew."""
        for when, deed in sorted(self.deeds, key=lambda written: written[0]):
            deed(when)
