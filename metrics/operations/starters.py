"""Taking metrics from the starter catalogue, together with what they are made of."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.operations.definition_checks import Definition
from metrics.operations.definitions import define_metric
from metrics.queries.starters import kind_of, known_metrics, money_among, usual_currency
from metrics.rules.starter import Starter
from metrics.rules.starters import STARTERS, with_inputs
from workspaces.models import Membership, Workspace
from workspaces.rules.errors import Invalid, Problem, Refused


@transaction.atomic
def define_starters(
    workspace: Workspace,
    *,
    keys: Sequence[str],
    currency: str = "",
    by: Membership | None,
    at: datetime,
) -> list[Metric]:
    """Define the starters of these keys and the inputs that are missing; return the new ones.

    A metric that is there already is used if it is of the same kind, else all is refused. Money
    is in `currency`, or in that of the money that is used, or of most metrics of the workspace.
    """
    _check_keys(keys)
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    known = {key: kind_of(metric) for key, metric in known_metrics(workspace).items()}
    wanted = with_inputs(keys)
    for starter in wanted:
        _refuse_clash(starter, known.get(starter.key, starter.kind))
    missing = [starter for starter in wanted if starter.key not in known]
    used = money_among(workspace, [starter.key for starter in wanted])
    money = currency.strip().upper() or _one_of(used) or usual_currency(workspace)
    if not money and any(starter.is_money for starter in missing):
        raise Refused(
            _("Say in which currency the money is, such as EUR."),
            code="currency_needed",
            field="currency",
        )
    for starter in missing:
        _refuse_other_money(starter, used, money)
    return [
        define_metric(workspace, definition=_definition(starter, money), by=by, at=at)
        for starter in missing
    ]


def _one_of(used: Mapping[str, str]) -> str:
    """The currency of the metrics that are there, if they have one."""
    currencies = set(used.values())
    return currencies.pop() if len(currencies) == 1 else ""


def _refuse_other_money(starter: Starter, used: Mapping[str, str], money: str) -> None:
    """What is computed from money of the workspace is in its currency, and not in another."""
    reads = {one.key for one in with_inputs([starter.key])}
    other = next((key for key in sorted(reads & used.keys()) if used[key] != money), "")
    is_mixed = starter.is_money or any(STARTERS[key].is_money for key in reads - used.keys())
    if other and is_mixed:
        raise Refused(
            _(
                "“%(name)s” would be computed from “%(key)s”, which is in %(theirs)s: "
                "choose %(theirs)s, for currencies are not mixed."
            )
            % {"name": _(starter.name), "key": other, "theirs": used[other]},
            code="two_currencies",
            field="currency",
        )


def _definition(starter: Starter, currency: str) -> Definition:
    return Definition(
        key=starter.key,
        name=_(starter.name),
        kind=starter.kind,
        unit=starter.unit,
        decimals=starter.decimals,
        direction=starter.direction,
        numerator=starter.above,
        denominator=starter.below,
        scale=starter.scale,
        currency=currency if starter.is_money else "",
        description=_(starter.description),
        formula=starter.formula,
        stage=starter.stage,
    )


def _check_keys(keys: Sequence[str]) -> None:
    problems = [
        Problem(
            _("The catalogue has no metric “%(key)s”.") % {"key": key},
            "unknown_starter",
            f"/keys/{place}",
            place + 1,
            "keys",
        )
        for place, key in enumerate(keys)
        if key not in STARTERS
    ]
    if not keys:
        problems = [Problem(_("Choose at least one metric."), "required", "/keys", None, "keys")]
    if problems:
        raise Invalid(problems)


def _refuse_clash(starter: Starter, kind: str) -> None:
    if kind == "retired":
        message = _("A metric with the key “%(key)s” is retired; it cannot be used again.")
    elif kind != starter.kind:
        message = _("A metric with the key “%(key)s” exists and is of another kind.")
    else:
        return
    raise Refused(message % {"key": starter.key}, code="starter_clash", field="keys")
