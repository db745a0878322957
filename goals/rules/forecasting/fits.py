"""What a back-test found out about a series, to be kept and used again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

VERSION = 2


@dataclass(frozen=True)
class Fit:
    """The weights of the models, and how wrong their mixture was `horizon` periods ahead.

    `offset` and `drift` are relative variances of the level, at once and for each period; `rough`
    is how much more the back-test varied from period to period than the noise that was measured;
    `error` is the root mean square error of the sum over the horizon, as a share of the sum;
    `windows` is how many horizons the history holds, `origins` how many were tried.
    """

    weights: Mapping[str, float]
    offset: float
    drift: float
    rough: float
    error: float
    windows: float
    origins: int
    horizon: int

    @property
    def model(self) -> str:
        """The family with the most weight: level, trend, theta, drift, year or weekday."""
        families: dict[str, float] = {}
        for name, weight in self.weights.items():
            family = name.split(" ")[0]
            families[family] = families.get(family, 0.0) + weight
        return max(families, key=lambda family: families[family])

    def as_json(self) -> dict[str, Any]:
        """Plain JSON that `loaded` reads."""
        return {"version": VERSION, **asdict(self)}


def loaded(stored: Mapping[str, Any]) -> Fit | None:
    """The fit that was stored; None where another version of the models made it."""
    if stored.get("version") != VERSION:
        return None
    return Fit(**{name: stored[name] for name in Fit.__dataclass_fields__})
