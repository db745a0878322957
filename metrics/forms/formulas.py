"""A formula on its way: the form of a metric as far as the trial of its formula needs it."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.http import QueryDict

from metrics.models.definitions import UNIT_CHOICES
from metrics.rules.amounts import MOST_DECIMALS
from metrics.rules.formula import LONGEST, BadFormula
from metrics.rules.periods import Calendar, Grain, Span, period_of, previous, whole_weeks
from workspaces.models import Workspace

WEEKS = 4


def one_line_end(text: str) -> str:
    """The text as it was typed: browsers send two characters for the end of a line."""
    return text.replace("\r\n", "\n")


class Marked(NamedTuple):
    """A text with the place at fault between what stands before and after it."""

    before: str
    fault: str
    after: str


@dataclass(frozen=True)
class Shown:
    """How the value will be shown, as a metric says it."""

    unit: str
    decimals: int
    currency: str


class TrialForm:
    """Reads what was typed so far; nothing of it has to be right yet."""

    def __init__(self, sent: QueryDict) -> None:
        """Take formula, key, unit, decimals, currency."""
        self.formula = one_line_end(sent.get("formula", ""))[: LONGEST + 1]
        self.metric_key = sent.get("metric", "")[:63].replace("\x00", "")
        units = {unit for unit, _word in UNIT_CHOICES}
        unit, decimals = sent.get("unit", ""), sent.get("decimals", "")
        places = int(decimals) if decimals in map(str, range(MOST_DECIMALS + 1)) else 0
        currency = sent.get("currency", "")[:3].upper()
        self.shown = Shown(unit if unit in units else "number", places, currency)

    def spans(self, workspace: Workspace, *, today: date) -> list[Span]:
        """The last four whole weeks and the last whole month."""
        weeks = whole_weeks(today, WEEKS, Calendar(workspace.week_starts_on))
        month = previous(period_of(today, Grain.MONTH))
        return [Span(weeks.start, weeks.end), Span(month.start, month.end)]

    def marked(self, fault: BadFormula) -> Marked | None:
        """The formula with the place at fault; None where it is not at one place."""
        if not fault.place:
            return None
        start = fault.place - 1
        end = start + max(1, len(fault.found))
        return Marked(self.formula[:start], self.formula[start:end], self.formula[end:])
