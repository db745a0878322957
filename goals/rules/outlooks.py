"""Where a goal will land: its terms read in the drawn futures of what its metric adds up from."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from goals.rules.fans import LENGTHS, Step, bands_over, decimal, fan, shown_grain, shown_spans
from goals.rules.forecasting import (
    Fit,
    Forecast,
    NoForecast,
    RatioFit,
    Reading,
    Side,
    Timeline,
    fit_of,
    forecast,
    land,
)
from goals.rules.progress import SUMMED, Basis
from goals.rules.spans import Measure, so_far
from goals.rules.track_record import Claim, Horizon, spans_ahead
from metrics.rules.periods import Grain, Span

NOT_ADDING_UP = "not_adding_up"
DIGITS = 4
APART = Decimal("0.4")


@dataclass(frozen=True)
class Terms:
    """What of a goal decides where it lands and whether that is a success."""

    basis: Basis
    grain: Grain
    window: Span
    target: Decimal
    side: Side
    additive: bool


@dataclass(frozen=True)
class Outlook:
    """p10, p50 and p90 in the metric's unit, and the probability of success; else the reason.

    `target` is what the chance is of. `fit` is the back-test, to be kept as JSON and handed in
    again; `path` is the way there, and `claims` are what can be held against what comes.
    """

    reason: str = ""
    low: Decimal | None = None
    middle: Decimal | None = None
    high: Decimal | None = None
    chance: Decimal | None = None
    model: str = ""
    target: Decimal | None = None
    fit: dict[str, Any] | None = None
    path: tuple[Step, ...] = ()
    claims: tuple[Claim, ...] = ()


def side_of(
    basis: Basis, *, target: Decimal, baseline: Decimal | None, lower_is_better: bool
) -> Side:
    """Whether more or less is a success: a sum by its metric, else by where it starts from."""
    if basis is Basis.CUMULATIVE or baseline is None or target == baseline:
        return Side.AT_MOST if lower_is_better else Side.AT_LEAST
    return Side.AT_LEAST if target > baseline else Side.AT_MOST


def are_apart(confidence: Decimal | None, chance: Decimal | None) -> bool:
    """Whether an owner and a forecast disagree so much that they should talk."""
    return confidence is not None and chance is not None and abs(confidence - chance) > APART


@dataclass
class Futures:
    """The futures drawn last: goals on one metric that look as far ahead share them.

    Only the last are held, for a thousand futures of a year take megabytes: ask for goals of the
    same metric one after another.
    """

    drawn: tuple[Timeline, Grain, int] | None = None
    found: Forecast | NoForecast | None = None

    def of(
        self, line: Timeline, grain: Grain, horizon: int, *, seed: int, kept: dict[str, Any] | None
    ) -> Forecast | NoForecast:
        """1,000 futures of the next `horizon` periods, or why there are none."""
        last = self.drawn
        same = last is not None and last[0] is line and last[1:] == (grain, horizon)
        if self.found is None or not same:
            fit = _kept(kept, grain, is_ratio=line.mass is not None)
            self.found = forecast(line.history(grain), horizon, seed=seed, fit=fit)
            self.drawn = line, grain, horizon
        return self.found


def outlook(
    line: Timeline | None,
    terms: Terms,
    *,
    scale: Decimal,
    seed: int,
    kept: dict[str, Any] | None = None,
    futures: Futures | None = None,
) -> Outlook:
    """Where a goal lands; `line` None is a metric that has no data, `kept` a fit from before."""
    measure = so_far(terms.basis, terms.grain, terms.window, additive=terms.additive)
    if line is None or measure is None:
        return Outlook(NoForecast.NO_DATA if line is None else NoForecast.NOTHING_LEFT)
    grain = line.grain_until(measure.span.last)
    shares = line.ahead(grain, measure.span)
    found = (futures or Futures()).of(line, grain, len(shares), seed=seed, kept=kept)
    if isinstance(found, NoForecast):
        return Outlook(found)
    amount, mass = line.known(grain, measure.span)
    landing = land(found, Reading(shares, amount, mass, measure.parts, float(scale)))
    chance = landing.chance(float(terms.target), terms.side)
    if landing.band is None or chance is None:
        return Outlook(NoForecast.NO_DATA)
    low, middle, high = (decimal(value) for value in landing.band)
    ending = Claim(Horizon.END, measure.span, (low, middle, high), measure.parts)
    return Outlook(
        low=low,
        middle=middle,
        high=high,
        chance=Decimal(str(round(chance, DIGITS))),
        model=found.model,
        target=terms.target,
        fit={"grain": grain.value, "fit": found.fit.as_json()},
        path=tuple(_path(line, found, grain, terms, scale)),
        claims=(*_claims(line, found, grain, measure, scale), ending),
    )


def _claims(
    line: Timeline, found: Forecast, grain: Grain, measure: Measure, scale: Decimal
) -> list[Claim]:
    """What is said of the next week, month and quarter; nothing of a part of a month."""
    if grain is Grain.MONTH:
        return []
    spans = spans_ahead(line.until(grain), measure.span.last, LENGTHS[grain])
    bands = bands_over(line, found, grain, list(spans.values()), float(scale))
    return [
        Claim(horizon, span, band)
        for (horizon, span), band in zip(spans.items(), bands, strict=True)
        if band is not None
    ]


def _path(
    line: Timeline, found: Forecast, grain: Grain, terms: Terms, scale: Decimal
) -> list[Step]:
    """The bands of the periods that the goal's chart shows."""
    shown = shown_grain(terms.basis, terms.grain, terms.window)
    spans = shown_spans(shown, terms.window)
    summed = terms.basis in SUMMED
    return fan(line, found, grain, spans, summed=summed, scale=float(scale))


def _kept(kept: dict[str, Any] | None, grain: Grain, *, is_ratio: bool) -> Fit | RatioFit | None:
    """The fit from before, where it is still of the same kind."""
    if not kept or kept["grain"] != grain.value or "way" in kept:
        return None
    fit = fit_of(kept["fit"])
    return fit if isinstance(fit, RatioFit) is is_ratio else None
