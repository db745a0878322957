"""Where a level lands: the values of whole periods, drawn on to the last one of the goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from goals.rules.fans import Step, bands_of, decimal, thinned
from goals.rules.forecasting import Fit, Forecast, History, Landing, NoForecast, fit_of, forecast
from goals.rules.forecasting.shapes import TEMPOS, Values
from goals.rules.outlooks import DIGITS, NOT_ADDING_UP, Outlook, Terms
from goals.rules.progress import Basis
from goals.rules.spans import last_whole
from goals.rules.track_record import Claim, Horizon
from metrics.rules.periods import DAY, Grain, Span, periods

BACK = {Grain.DAY: 400, Grain.WEEK: 260, Grain.MONTH: 120}  # periods that are looked at
COMES_BACK = 0.2  # of the variance that a level would have that never comes back
STEPS, VALUES = "steps", "values"


@dataclass(frozen=True)
class Levels:
    """The values of consecutive whole periods up to the one that ends on the last day of `known`.

    A None is missing; `known` begins with the first. A state (followers, a stock) holds until
    something else is said, and moves by steps; anything else is measured anew in each period.
    """

    grain: Grain
    known: Span
    values: Sequence[Decimal | None]
    is_state: bool

    @classmethod
    def of(
        cls,
        grain: Grain,
        spans: Sequence[Span],
        values: Sequence[Decimal | None],
        *,
        is_state: bool,
    ) -> "Levels | None":
        """From the first period with a value to the last one; None without any."""
        there = [place for place, value in enumerate(values) if value is not None]
        if not there:
            return None
        low, high = there[0], there[-1]
        known = Span(spans[low].first, spans[high].last)
        return cls(grain, known, values[low : high + 1], is_state)

    @property
    def numbers(self) -> Values:
        """The values as an array; nan is missing, but a state holds."""
        found = np.array([np.nan if one is None else float(one) for one in self.values])
        if not self.is_state:
            return found
        last = np.maximum.accumulate(np.where(np.isnan(found), 0, np.arange(len(found))))
        return np.asarray(found[last])


def level_outlook(
    levels: Levels | None, terms: Terms, *, seed: int, kept: dict[str, Any] | None = None
) -> Outlook:
    """Where a level lands in the last whole period of the goal; `kept` is a fit from before."""
    if terms.grain not in TEMPOS:
        return Outlook(NOT_ADDING_UP)
    if levels is None:
        return Outlook(NoForecast.NO_DATA)
    ahead = _ahead(levels, terms)
    if not ahead:
        return Outlook(NoForecast.NOTHING_LEFT)
    drawn = _drawn(levels, len(ahead), seed, kept)
    if isinstance(drawn, NoForecast):
        return Outlook(drawn)
    return _outlook(drawn, terms, ahead)


def _ahead(levels: Levels, terms: Terms) -> list[Span]:
    """The periods to come: up to the last whole one, or of an average to the very end."""
    end = terms.window.last
    if terms.basis is Basis.LEVEL:
        end = last_whole(terms.grain, end).end
    first = levels.known.last + DAY
    if end < first:
        return []
    return [Span(one.start, min(one.end, end)) for one in periods(terms.grain, first, end)]


def _outlook(drawn: "_Drawn", terms: Terms, ahead: list[Span]) -> Outlook:
    landing = Landing(drawn.paths[:, -1])
    chance = landing.chance(float(terms.target), terms.side)
    if landing.band is None or chance is None:
        return Outlook(NoForecast.NO_DATA)
    low, middle, high = (decimal(value) for value in landing.band)
    places = {span: place for place, span in enumerate(ahead)}
    shown = thinned([span for span in ahead if span.last >= terms.window.first])
    bands = bands_of(drawn.paths[:, [places[span] for span in shown]])
    return Outlook(
        low=low,
        middle=middle,
        high=high,
        chance=Decimal(str(round(chance, DIGITS))),
        model=drawn.model,
        fit=drawn.fit,
        path=tuple(Step(span, band) for span, band in zip(shown, bands, strict=True)),
        claims=(Claim(Horizon.END, ahead[-1], (low, middle, high)),),
    )


@dataclass(frozen=True)
class _Drawn:
    """The value of each period to come in each future, and what to keep of the back-test."""

    paths: Values
    model: str
    fit: dict[str, Any]


def _drawn(
    levels: Levels, horizon: int, seed: int, kept: dict[str, Any] | None
) -> _Drawn | NoForecast:
    """A state that never comes back is drawn by its steps, anything else by its values."""
    values = levels.numbers
    way = STEPS if levels.is_state and not comes_back(values, horizon) else VALUES
    history = steps_of(levels.grain, values) if way == STEPS else History(levels.grain, values)
    found = forecast(history, horizon, seed=seed, fit=_kept(kept, levels.grain, way))
    if isinstance(found, NoForecast):
        return found
    fit = {"grain": levels.grain.value, "way": way, "fit": found.fit.as_json()}
    return _Drawn(_paths(found, values, way), found.model, fit)


def steps_of(grain: Grain, values: Values) -> History:
    """The steps of a state; lifted above zero, their mean would wander by shares of the lift."""
    steps = History(grain, np.diff(values))
    mean = float(steps.sums.mean()) or 1.0
    return History(grain, steps.values, wander=min(1.0, float(steps.values.var()) / mean**2))


def _paths(found: Forecast, values: Values, way: str) -> Values:
    if way == VALUES:
        return found.paths
    paths = values[-1] + np.cumsum(np.nan_to_num(found.paths), axis=1)
    return np.maximum(paths, 0) if values.min() >= 0 else np.asarray(paths)


def comes_back(values: Values, horizon: int) -> bool:
    """Whether a level returns to where it was: its variance ratio (Lo and MacKinlay).

    The variance of changes over the horizon against as many independent steps: 1 for a random
    walk, near 0 for noise around a level.
    """
    ahead = min(horizon, len(values) // 3)
    steps = np.diff(values)
    if ahead < 2 or not steps.var():  # noqa: PLR2004  one step is no stretch
        return False
    sums = np.concatenate([[0.0], np.cumsum(steps - steps.mean())])
    far = sums[ahead:] - sums[:-ahead]
    return float(far.var()) < COMES_BACK * ahead * float(steps.var())


def _kept(kept: dict[str, Any] | None, grain: Grain, way: str) -> Fit | None:
    """The fit from before, where it is still of the same kind."""
    if not kept or (kept["grain"], kept.get("way")) != (grain.value, way):
        return None
    fit = fit_of(kept["fit"])
    return fit if isinstance(fit, Fit) else None
