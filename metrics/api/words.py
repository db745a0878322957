"""Query parameters that several endpoints of the evidence share."""

from collections.abc import Collection
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.queries.catalogue import find_metric
from metrics.rules.days import read_day
from metrics.rules.periods import is_known_day
from workspaces.models import Workspace
from workspaces.rules.errors import Invalid, Problem, at_field


def ask_day(query: QueryDict, name: str, problems: list[Problem]) -> date | None:
    """A day of the query, or a problem told."""
    text = query.get(name)
    if text is None:
        return None
    day = read_day(text)
    if day is None or not is_known_day(day):
        problems.append(at_field(name, "not_a_day", _("Write a day as 2026-01-31.")))
        return None
    return day


def ask_days(query: QueryDict) -> tuple[date | None, date | None]:
    """The parameters from and to; 400 naming what cannot be understood."""
    problems: list[Problem] = []
    first, last = ask_day(query, "from", problems), ask_day(query, "to", problems)
    if first and last and first > last:
        problems.append(at_field("from", "backwards", _("“from” lies after “to”.")))
    if problems:
        raise Invalid(problems)
    return first, last


def ask_choice(query: QueryDict, name: str, choices: Collection[str], default: str = "") -> str:
    """One of the words, or the default where nothing is asked; else a 400."""
    word = query.get(name, default)
    if word not in choices and word != default:
        message = _("Choose one of: %s.") % ", ".join(choices)
        raise Invalid([at_field(name, "invalid_choice", message)])
    return word


def ask_metric(workspace: Workspace, query: QueryDict, name: str) -> Metric:
    """The metric that a parameter must name; 400 where there is none."""
    metric = find_metric(workspace, query.get(name, ""))
    if metric is None:
        message = _("There is no metric with this key.")
        raise Invalid([at_field(name, "unknown_metric", message)])
    return metric
