"""Money of one currency is not added to, subtracted from or divided by money of another."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from metrics.models.definitions import DERIVED, RATIO, Metric
from metrics.operations.definition_checks import Definition, refuse
from metrics.rules.formula import BadFormula, Node, Op, Ref, parse, refs
from metrics.rules.money import is_plain_ratio


def refuse_two_currencies(node: Node, meant: Mapping[str, Metric]) -> None:
    """BadFormula at the first metric that is in another currency than one before it.

    `meant` says which metric each name of the formula means.
    """
    first: Metric | None = None
    for ref in refs(node):
        metric = meant[ref.name]
        if not metric.currency:
            continue
        first = first or metric
        if metric.currency != first.currency:
            against = (metric.currency, first.currency)
            raise BadFormula("formula_two_currencies", ref.place, ref.name, against=against)


def check_money(wanted: Definition, inputs: Sequence[Metric]) -> None:
    """Refuse a computed metric whose money is not that of its inputs.

    What is computed from money of one currency is money of that currency, or no money.
    """
    if wanted.kind not in (RATIO, DERIVED):
        return
    money = {metric.key: metric for metric in inputs if metric.currency}
    if wanted.kind == RATIO:
        _check_parts(inputs)
    if not money or wanted.unit != "currency":
        return
    one = next(iter(money.values()))
    if one.currency != wanted.currency:
        raise refuse(
            _(
                "“%(name)s” is in %(theirs)s: what is computed from it is not in %(ours)s. "
                "Choose %(theirs)s."
            )
            % {"name": one.name, "theirs": one.currency, "ours": wanted.currency},
            "currency",
            "other_currency",
        )
    if is_plain_ratio(_node(wanted), money):
        raise refuse(
            _("Money divided by money is no money: choose the unit Number or Percent."),
            "unit",
            "not_money",
        )


def _check_parts(parts: Sequence[Metric]) -> None:
    above, below = parts
    if above.currency and below.currency and above.currency != below.currency:
        raise refuse(
            _(
                "“%(one)s” is in %(first)s and “%(other)s” in %(second)s: money of different "
                "currencies is not computed together."
            )
            % {
                "one": above.name,
                "first": above.currency,
                "other": below.name,
                "second": below.currency,
            },
            "denominator",
            "two_currencies",
        )


def _node(wanted: Definition) -> Node:
    """What is computed, over keys."""
    if wanted.kind == RATIO:
        return Op("/", (Ref(wanted.numerator), Ref(wanted.denominator)))
    return parse(wanted.formula)
