"""Findings in words: what was seen, and what to do about it."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.models.definitions import Metric
from metrics.rules.quality import Finding, Kind
from workspaces.queries import formats

KIND_WORDS = {
    Kind.LATE: gettext_lazy("Late data"),
    Kind.GAP: gettext_lazy("Gaps"),
    Kind.ABOVE_MAXIMUM: gettext_lazy("Above 100 %"),
    Kind.FAR_ABOVE: gettext_lazy("Clicks far above opens"),
    Kind.WITHOUT: gettext_lazy("One without the other"),
    Kind.JUMP: gettext_lazy("Sudden jump"),
    Kind.NEGATIVE: gettext_lazy("Negative counts"),
    Kind.DOUBLE: gettext_lazy("Counted twice"),
    Kind.SPANS: gettext_lazy("Several days in one"),
    Kind.CURRENCIES: gettext_lazy("Currencies mixed"),
}
ADVICE = {
    Kind.LATE: gettext_lazy(
        "See whether the source still sends. Goals on it are unknown meanwhile. If no more is "
        "expected, say so: every 0 days, at the metric or at the source, or of this metric alone "
        "at its source."
    ),
    Kind.GAP: gettext_lazy("Import the missing days, or state how often data are expected."),
    Kind.ABOVE_MAXIMUM: gettext_lazy(
        "Total clicks over unique people may exceed 100 %; else look for robots or a wrong part."
    ),
    Kind.FAR_ABOVE: gettext_lazy("Link scanners click without opening: exclude them by a rule."),
    Kind.WITHOUT: gettext_lazy(
        "Look at the rows; the columns may be swapped or come at other times."
    ),
    Kind.JUMP: gettext_lazy("Annotate what happened, or exclude what should not count."),
    Kind.NEGATIVE: gettext_lazy("Correct the values at their source and import them again."),
    Kind.DOUBLE: gettext_lazy(
        "Choose the source that is trusted; the other is kept and not counted."
    ),
    Kind.SPANS: gettext_lazy(
        "Days and weeks of it mislead: read it by month, or import it day by day."
    ),
    Kind.CURRENCIES: gettext_lazy(
        "Compute it from money of one currency, and state that one as its own."
    ),
}


INSIDE = gettext_lazy(
    "Undo one of the two imports, let a file replace its days, or give it a source of its own "
    "and choose the one that is trusted."
)


def advice_on(found: Finding) -> str:
    """What to do about a finding."""
    return str(INSIDE if _is_inside(found) else ADVICE[found.kind])


def _is_inside(found: Finding) -> bool:
    """Whether one source tells the same twice, and not two."""
    return found.kind is Kind.DOUBLE and "source" in found.data


def sentence_of(found: Finding, metrics: Mapping[int, Metric]) -> str:
    """What was found, in the reader's language."""
    metric, data = metrics[found.metric_id], found.data
    words = {
        "name": metric.name,
        "first": _day(found.first),
        "last": _day(found.last),
        "n": found.count,
        "worst": _day(_dated(data.get("day"))) if "day" in data else "",
        **{key: str(value) for key, value in data.items()},
        "sources": " + ".join(map(str, _listed(data.get("sources")))),
    }
    words["dims"] = " + ".join(
        ", ".join(map(str, _listed(names))) or "–" for names in _listed(data.get("dims"))
    )
    return (_inside(found) if _is_inside(found) else _template(found)) % words


def _day(day: date) -> str:
    """A day as sentences write it."""
    return formats.day(day)


def _dated(text: object) -> date:
    return date.fromisoformat(str(text))


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _inside(found: Finding) -> str:
    if found.data["dims"]:
        return ngettext(
            "%(source)s tells one day twice, by different dimensions (%(dims)s): %(last)s.",
            "%(source)s tells %(n)s days twice, by different dimensions (%(dims)s), from "
            "%(first)s to %(last)s.",
            found.count,
        )
    return ngettext(
        "%(source)s tells one day twice, alone and within several days: %(last)s.",
        "%(source)s tells %(n)s days twice, in values whose days overlap, from %(first)s to "
        "%(last)s.",
        found.count,
    )


def _template(found: Finding) -> str:
    n = found.count
    return {
        Kind.LATE: _("No data since %(first)s."),
        Kind.GAP: ngettext(
            "Data are missing once, for %(days)s days, around %(last)s.",
            "Data are missing %(n)s times, for %(days)s days in all, last around %(last)s.",
            n,
        ),
        Kind.ABOVE_MAXIMUM: ngettext(
            "One day lies above 100 %%: %(value)s %%.",
            "%(n)s days lie above 100 %%; the highest has %(value)s %%.",
            n,
        ),
        Kind.FAR_ABOVE: ngettext(
            "On one day %(value)s against %(against)s of %(other)s: %(worst)s.",
            "On %(n)s days far above %(other)s; the worst is %(worst)s with %(value)s against "
            "%(against)s.",
            n,
        ),
        Kind.WITHOUT: ngettext(
            "One row has a value, but 0 in %(other)s.",
            "%(n)s rows have a value, but 0 in %(other)s.",
            n,
        ),
        Kind.JUMP: _("%(value)s on %(first)s, where %(usual)s is usual."),
        Kind.NEGATIVE: ngettext(
            "One day has a count below zero: %(value)s.",
            "%(n)s days have counts below zero, down to %(value)s.",
            n,
        ),
        Kind.DOUBLE: ngettext(
            "%(sources)s both report one day.", "%(sources)s both report the same %(n)s days.", n
        ),
        Kind.SPANS: ngettext(
            "One value of %(source)s covers %(longest)s days and stands on the last, %(last)s.",
            "%(n)s values of %(source)s cover up to %(longest)s days and stand on the last of "
            "them, from %(first)s to %(last)s.",
            n,
        ),
        Kind.CURRENCIES: _("It is computed from money of different currencies: %(money)s."),
    }[found.kind]
