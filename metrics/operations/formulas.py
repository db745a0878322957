"""What a computed metric reads: its formula in stored form, its inputs, its versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from metrics.models.definitions import Metric, MetricInput, MetricVersion
from metrics.operations.money import refuse_two_currencies
from metrics.queries.recipes import book_of
from metrics.queries.wording import standing, versions_of
from metrics.rules.formula import BadFormula, Ref, parse, refs, renamed, text_of
from workspaces.models import Membership, Workspace
from workspaces.rules.errors import Invalid, Refused, at_field

MOST_REACHED = 500  # metrics that one metric may read, directly and through others
ALWAYS = date.min  # "in force from" for a version that replaces the ones before it altogether


def stored_formula(workspace: Workspace, text: str, *, kept: str = "") -> tuple[str, list[Metric]]:
    """The formula with every metric by its key, and the metrics; Invalid names what is wrong."""
    try:
        return read_formula(workspace, text, kept=kept)
    except BadFormula as fault:
        raise refusal(fault) from fault


def read_formula(workspace: Workspace, text: str, *, kept: str = "") -> tuple[str, list[Metric]]:
    """The same; BadFormula says what is wrong and at which character. 1-2 queries a name.

    A formula that is stored already (`kept`) may go on to mix currencies.
    """
    node = parse(text)
    found: dict[str, Metric] = {}
    for ref in refs(node):
        if ref.name not in found:
            found[ref.name] = _named(workspace, ref)
    if not found:
        raise BadFormula("formula_without_metric")
    keys = {written: metric.key for written, metric in found.items()}
    stored = text_of(renamed(node, keys))
    if stored != kept:
        refuse_two_currencies(node, found)
    return stored, list({m.pk: m for m in found.values()}.values())


def _named(workspace: Workspace, ref: Ref) -> Metric:
    """The metric that a formula means: by key, or in brackets by name or key."""
    rows = Metric.objects.filter(workspace=workspace)
    by_key = list(rows.filter(key=ref.name))
    found = by_key or (list(rows.filter(name__iexact=ref.name)[:2]) if ref.quoted else [])
    if not found:
        raise BadFormula("formula_unknown_metric", ref.place, ref.name)
    if len(found) > 1:
        raise BadFormula("formula_two_metrics", ref.place, ref.name)
    if found[0].retired_at is not None:
        raise BadFormula("formula_retired_metric", ref.place, ref.name)
    return found[0]


def refusal(fault: BadFormula) -> Invalid:
    """The fault as a sentence at the field, with the character where it is."""
    words = {
        "formula_empty": _("Write a formula, such as clicks / sends * 100."),
        "formula_too_long": _("A formula has at most 2,000 characters."),
        "formula_too_large": _("The formula is too large: at most 200 metrics, numbers and steps."),
        "formula_ends": _("The formula ends too early."),
        "formula_function": _("“%(found)s” is no function. There are min, max, abs, if_missing."),
        "formula_arguments": _("“%(found)s” takes another number of arguments."),
        "formula_without_metric": _("The formula names no metric."),
        "formula_unknown_metric": _("There is no metric “%(found)s”."),
        "formula_two_metrics": _("Two metrics are called “%(found)s”: write the key instead."),
        "formula_retired_metric": _("“%(found)s” is retired."),
        "formula_two_currencies": _(
            "“%(found)s” is in %(here)s, and what stands before it in %(before)s: money of "
            "different currencies is not computed together."
        ),
        "formula_number": _(
            "“%(found)s” is no number here: at most 15 digits, and nine behind a point; no "
            "exponents, no grouping."
        ),
        "formula_open_bracket": _(
            "The bracket “[” is not closed: the name of a metric stands between [ and ]."
        ),
        "formula_unexpected": _(
            "“%(found)s” is not understood here. A formula has numbers, keys of metrics or "
            "[names] of metrics, + - * / and brackets."
        ),
    }
    told = {"found": fault.found, "here": fault.here, "before": fault.before}
    message = words[fault.code] % told
    if fault.place:
        place = _("At character %(place)s:") % {"place": fault.place}
        message = f"{place} {message}"
    return Invalid([at_field("formula", fault.code, message)])


def refuse_cycle(metric: Metric, inputs: Iterable[Metric]) -> None:
    """A metric cannot be made of itself; the caller holds the workspace's definitions. 1 query."""
    wanted = {part.pk for part in inputs}
    reached = book_of(metric.workspace, wanted).metrics
    if metric.pk in reached:
        through = next((p.name for p in inputs if p.pk == metric.pk), "") or ", ".join(
            sorted(part.name for part in inputs)
        )
        raise Refused(
            _("“%(name)s” would be made of itself, through %(through)s.")
            % {"name": metric.name, "through": through},
            code="formula_cycle",
            field="formula" if metric.formula else "numerator",
        )
    if len(reached) > MOST_REACHED:
        raise Refused(
            _("A metric reads at most %(most)s others.") % {"most": MOST_REACHED},
            code="formula_reaches_too_far",
            field="formula",
        )


def note_inputs(metric: Metric, inputs: Iterable[Metric]) -> None:
    """Remember what the metric reads; what older versions read stays remembered."""
    rows = [MetricInput(metric=metric, input=part) for part in inputs]
    MetricInput.objects.bulk_create(rows, ignore_conflicts=True)


@dataclass(frozen=True)
class Beginning:
    """From which day on a changed way holds: None is today, ALWAYS also replaces what was before.

    Definitions that would begin later are replaced only if that is said.
    """

    day: date | None = None
    replaces_later: bool = False


def refuse_to_replace(metric: Metric, begins: Beginning, *, today: date) -> None:
    """Refused where definitions that begin later would never apply, with their days; 1 query.

    Who says “always” means all that was; what is to come is asked about all the same.
    """
    if begins.replaces_later:
        return
    first = today if begins.day in (None, ALWAYS) else begins.day
    later = [one for one in standing(versions_of(metric)) if _start(one) > (first or today)]
    if not later:
        return
    told = ", ".join(
        _("v%(number)s from %(day)s") % {"number": one.number, "day": one.effective_from}
        for one in later
    )
    raise Refused(
        _(
            "This would replace definitions that begin later: %(later)s. Say that it may, or let "
            "it begin on the day of the last of them or after it."
        )
        % {"later": told},
        code="replaces_later",
        field="effective_from",
    )


def _start(version: MetricVersion) -> date:
    return version.effective_from or date.min


def note_version(
    metric: Metric, *, since: date | None, by: Membership | None, at: datetime
) -> MetricVersion:
    """Write down how the metric is computed from `since` on (None: always)."""
    return MetricVersion.objects.create(
        metric=metric,
        number=metric.definition_revision,
        effective_from=since,
        kind=metric.kind,
        numerator=metric.numerator,
        denominator=metric.denominator,
        scale_text=metric.scale_text,
        formula=metric.formula,
        defined_at=at,
        by=by,
    )
