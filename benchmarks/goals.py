"""What a benchmark says of a goal, and how it times: alternatives in one run, the best of few."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

TRIES = 3


@dataclass(frozen=True)
class Goal:
    """One goal: what was measured, against what, and their ratio or what else the goal names.

    `met` is None where something is told beside the goals.
    """

    name: str
    what: str
    measured: str
    limit: str
    ratio: str
    wanted: str
    met: bool | None

    @property
    def verdict(self) -> str:
        """Whether it was met, as a word of the table."""
        return {True: "met", False: "**missed**", None: ""}[self.met]


def seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def best(*ways: Callable[[], object], tries: int = TRIES) -> list[float]:
    """The best time of each way; in turns, so that a busy machine slows all alike."""
    times = [[seconds(way) for way in ways] for _try in range(tries)]
    return [min(of) for of in zip(*times, strict=True)]


def share(name: str, what: str, rates: tuple[float, float], least: float) -> Goal:
    """A goal that is a share of a limit; both in rows a second."""
    ours, limit = rates
    return Goal(
        name,
        what,
        f"{ours:,.0f} rows/s",
        f"{limit:,.0f} rows/s",
        f"{100 * ours / limit:.1f} %",
        f">= {100 * least:.0f} %",
        ours / limit >= least,
    )


def at_most(name: str, what: str, value: float, most: float, unit: str) -> Goal:
    """A goal that is a plain limit."""
    return Goal(
        name, what, f"{value:,.1f} {unit}", f"{most:,g} {unit}", f"{value / most:.2f}",
        "<= 1", value <= most,
    )  # fmt: skip


def told(what: str, measured: str, limit: str = "", ratio: str = "") -> Goal:
    """What helps to read the goals and is none."""
    return Goal("", what, measured, limit, ratio, "", None)


def times(name: str, what: str, pair: tuple[float, float], wanted: float, *, least: bool) -> Goal:
    """A goal that says how many times one time is another; both in seconds."""
    ours, other = pair
    found = other / ours if least else ours / other
    sign = ">=" if least else "<="
    return Goal(
        name, what, f"{1000 * ours:,.2f} ms", f"{1000 * other:,.2f} ms", f"{found:,.1f} x",
        f"{sign} {wanted:g} x", found >= wanted if least else found <= wanted,
    )  # fmt: skip
