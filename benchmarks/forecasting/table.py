"""The table of docs/forecasting.md, and the gates it stands for."""

import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np
from django.utils.timezone import now

from benchmarks.forecasting import real
from benchmarks.forecasting.cases import cases_of
from benchmarks.forecasting.rivals import PACES, by_bands, by_rule, learned
from benchmarks.forecasting.scores import Scored, mean, scored
from benchmarks.forecasting.series import (
    GATED,
    KINDS,
    Kind,
    Values,
    held_out_numbers,
    made,
    open_numbers,
)
from benchmarks.goals import Goal, at_most, told
from goals.rules.forecasting import History, forecast, select
from metrics.rules.periods import Grain

DOCUMENT = Path(__file__).parents[2] / "docs" / "forecasting.md"
BEGIN, END = "<!-- bench forecast -->", "<!-- /bench forecast -->"
COVERED = (0.75, 0.85)
LIMIT_MS = 20
SPEED_DAYS, SPEED_HORIZON = 1095, 90
TITLES = (
    "| series | cases | sum in band | periods in band | the same, steps evened "
    "| pinball of sum | of naive | pinball | of naive | MASE | of naive "
    "| Brier | pace rule | usual rate |\n|" + " --- |" * 14
)


@dataclass(frozen=True)
class Found:
    """Everything that was scored."""

    opened: list[Scored]
    held_out: list[Scored]
    real: list[Scored]


def run(_ground: object = None, _rows: int = 0) -> Iterator[Goal]:
    """Score all, write the table, and tell the gates."""
    found = Found(_of(open_numbers(), library=False), _of(held_out_numbers()), scored(real.cases()))
    goals = [*gates(found.held_out), *_told(found), *_speed()]
    write(found, goals)
    yield from goals


def _of(numbers: list[int], *, library: bool = True) -> list[Scored]:
    return scored((case for one in made(numbers) for case in cases_of(one)), library=library)


def pooled(found: Sequence[Scored]) -> list[Scored]:
    """Those of the classes that are gated."""
    return [one for one in found if one.case.kind in GATED]


def gates(found: Sequence[Scored]) -> Iterator[Goal]:
    """What must hold, pooled over the gated classes."""
    pool = pooled(found)
    ours = [one.ours for one in pool]
    for name, what in (("sum_covered", "sums"), ("covered", "periods")):
        share = mean(ours, name)
        yield Goal(
            "F1", f"80 % bands of {what} hold", f"{100 * share:.1f} %", "80 %", "", "75-85 %",
            COVERED[0] <= share <= COVERED[1],
        )  # fmt: skip
    for name, what in (
        ("sum_pinball", "pinball loss of sums"),
        ("pinball", "pinball loss of periods"),
        ("mase", "MASE of periods"),
    ):
        naive = min(naives(pool, name))
        yield _less("F2", f"{what}, of the better seasonal naive", mean(ours, name), naive)
    brier, rivals = mean(ours, "brier"), briers(pool)
    yield _less("F3", "Brier score of P(hit), of the linear-pace rule", brier, rivals[0])
    yield _less("F3", "the same, of its bands", brier, rivals[1])
    yield _less("F3", "the same, of the usual rate", brier, rivals[2])


def _less(name: str, what: str, ours: float, other: float) -> Goal:
    return Goal(
        name, what, f"{ours:.4f}", f"{other:.4f}", f"{ours / other:.2f}", "< 1", ours < other
    )


def naives(found: Sequence[Scored], name: str) -> tuple[float, float]:
    """A score of the seasonal naive, by the week and by the year."""
    return mean([o.week_before for o in found], name), mean([o.year_before for o in found], name)


def briers(found: Sequence[Scored]) -> tuple[float, float, float]:
    """The Brier scores of the pace rule, of its bands, and of the rate at which these were met."""
    hits = np.array([one.case.hit for one in found], dtype=float)
    rules = (
        [by_rule(one.pace) for one in found],
        [by_bands(one.pace) for one in found],
        [hits.mean()] * len(hits),
    )
    first, second, third = (float(np.mean((np.array(rule) - hits) ** 2)) for rule in rules)
    return first, second, third


def _told(found: Found) -> Iterator[Goal]:
    """What gates nothing."""
    pool = pooled(found.held_out)
    known = pooled(found.opened)
    rates = learned([one.pace for one in known], [one.case.hit for one in known])
    hits = np.array([one.case.hit for one in pool], dtype=float)
    chances = rates[np.digitize([one.pace for one in pool], PACES)]
    brier = mean([one.ours for one in pool], "brier")
    rival = float(np.mean((chances - hits) ** 2))
    yield told(
        "Brier score, of pace with the rates learnt from the open half",
        f"{brier:.4f}", f"{rival:.4f}", f"{brier / rival:.2f}",
    )  # fmt: skip
    both = [one for one in pool if one.library is not None]
    theirs: Values = np.array([one.library for one in both])
    for place, name in enumerate(("covered", "pinball", "mase")):
        ours, other = mean([one.ours for one in both], name), float(theirs[:, place].mean())
        yield told(
            f"days: {name}, of MSTL-ETS of augurs", f"{ours:.4f}", f"{other:.4f}",
            f"{ours / other:.2f}",
        )  # fmt: skip


def _busy(work: Callable[[], None]) -> float:
    """Seconds of the processor: what others do on the machine counts for nothing."""
    began = process_time()
    work()
    return process_time() - began


def _speed() -> Iterator[Goal]:
    """Three years of days, 90 days ahead, 1,000 paths."""
    for number, what in ((0, ""), (2, ", sparse counts")):
        values = next(made([number])).values[:SPEED_DAYS]
        fit = select(History(Grain.DAY, values), SPEED_HORIZON)

        def again(values: Values = values, fit: object = fit) -> None:
            forecast(History(Grain.DAY, values), SPEED_HORIZON, seed=1, fit=fit)

        def anew(values: Values = values) -> None:
            select(History(Grain.DAY, values), SPEED_HORIZON)

        ours, chosen = (min(_busy(work) for _try in range(15)) for work in (again, anew))
        title = f"3 years of days, 90 ahead, 1,000 paths, back-test known{what}"
        yield at_most("F4", title, 1000 * ours, LIMIT_MS, "ms of processor")
        yield told(f"the back-test itself{what}", f"{1000 * chosen:.1f} ms of processor")


def rows(name: str, found: Sequence[Scored]) -> str:
    """A line of the table."""
    ours = [one.ours for one in found]
    losses = [
        part
        for loss in ("sum_pinball", "pinball", "mase")
        for part in (mean(ours, loss), min(naives(found, loss)))
    ]
    rule, _bands, usual = briers(found)
    shares = [100 * mean(ours, share) for share in ("sum_covered", "covered", "ranked")]
    cells = [
        *(f"{share:.1f} %" for share in shares),
        *(f"{loss:.4f}" for loss in losses),
        *(f"{brier:.3f}" for brier in (mean(ours, "brier"), rule, usual)),
    ]
    return f"| {name} | {len(found)} | " + " | ".join(cells) + " |"


def lines(found: Found) -> Iterator[str]:
    """The lines of the table."""
    yield rows("**held out, pooled**", pooled(found.held_out))
    for grain in (Grain.DAY, Grain.WEEK, Grain.MONTH):
        yield rows(f"{grain}s", [one for one in pooled(found.held_out) if one.case.grain is grain])
    for kind in KINDS:
        title = f"{kind} (told)" if kind is Kind.BROKEN else str(kind)
        yield rows(title, [one for one in found.held_out if one.case.kind is kind])
    if found.real:
        yield rows("real (told)", found.real)
    yield rows("open half, pooled", pooled(found.opened))


def write(found: Found, goals: Sequence[Goal]) -> None:
    """Put the table and the gates between the marks of the document."""
    text = DOCUMENT.read_text()
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    gated = "\n".join(
        f"| {g.name} | {g.what} | {g.measured} | {g.limit} | {g.ratio} | {g.wanted} | {g.verdict} |"
        for g in goals
    )
    parts = [
        f"`python manage.py bench forecast`, {now():%Y-%m-%d}, Python "
        f"{platform.python_version()}, numpy {np.__version__}.",
        "| goal | what | measured | of | ratio | wanted | |\n|" + " --- |" * 7 + "\n" + gated,
        TITLES + "\n" + "\n".join(lines(found)),
    ]
    DOCUMENT.write_text(head + BEGIN + "\n\n" + "\n\n".join(parts) + "\n\n" + END + tail)
