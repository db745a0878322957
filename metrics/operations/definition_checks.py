"""What a definition must be like, before anything is written: shape first, then its words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models.definitions import (
    ADDITIVE,
    COUNTING_CHOICES,
    DERIVED,
    DIRECTION_CHOICES,
    EXACT,
    KIND_CHOICES,
    RATIO,
    STAGE_CHOICES,
    UNIQUE,
    UNIT_CHOICES,
)
from metrics.rules.aggregation import shortest
from metrics.rules.amounts import MOST_DECIMALS, plain
from metrics.rules.dims import MOST_DIMS, NAME, is_sound
from metrics.rules.formula import KEY
from workspaces.rules.errors import Invalid, Refused, at_field

CURRENCY = re.compile(r"(?!NAN)[A-Z]{3}\Z")  # a program's NaN is no currency
LONGEST_NAME = 120
LONGEST_DESCRIPTION = 2000
HIGHEST_SCALE = Decimal(10**9)
MOST_DAYS = 400  # of a cadence, and of a lag
RESERVED = frozenset({"formula", "starters"})  # words of addresses beside the keys
PLAIN = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,9})?\Z", re.ASCII)


@dataclass(frozen=True)
class Definition:
    """What a metric is; numerator and denominator are keys of metrics, the scale a decimal text.

    `owner` is the e-mail address of a member, "" for nobody, None for who defines it (or as it
    was). `cadence_days` None means that the rhythm of the data is learned, 0 that no more data are
    expected.
    """

    key: str
    name: str
    kind: str = ADDITIVE
    unit: str = "count"
    decimals: int = 0
    direction: str = "up"
    numerator: str = ""
    denominator: str = ""
    scale: str = "1"
    currency: str = ""
    description: str = ""
    formula: str = ""
    counting: str = EXACT
    cadence_days: int | None = None
    lag_days: int = 0
    allowed_dims: tuple[str, ...] = ()
    stage: str = ""
    owner: str | None = None


CHOICES = {
    "kind": tuple(name for name, _word in KIND_CHOICES),
    "unit": tuple(name for name, _word in UNIT_CHOICES),
    "direction": tuple(name for name, _word in DIRECTION_CHOICES),
    "counting": tuple(name for name, _word in COUNTING_CHOICES),
    "stage": ("", *(name for name, _word in STAGE_CHOICES)),
}


ONLY_RATIO = gettext_lazy("Only a ratio has one: leave it out, or let “kind” be “ratio”.")
MISPLACED = (
    ("numerator", {RATIO}, ONLY_RATIO),
    ("denominator", {RATIO}, ONLY_RATIO),
    ("scale", {RATIO}, ONLY_RATIO),
    (
        "formula",
        {DERIVED},
        gettext_lazy("Only a derived metric has one: leave it out, or let “kind” be “derived”."),
    ),
    (
        "counting",
        {UNIQUE},
        gettext_lazy("Only people are counted so: leave it out, or let “kind” be “unique”."),
    ),
    (
        "currency",
        {"currency"},
        gettext_lazy("Only money has one: leave it out, or let “unit” be “currency”."),
    ),
)
USUAL = {"scale": "1", "counting": EXACT}  # what a metric without has all the same


def checked(wanted: Definition) -> Definition:
    """The definition in its canonical form, or the first thing that is wrong with it."""
    if not KEY.match(wanted.key):
        raise refuse(
            _("A key has 1 to 63 small letters, digits and underscores, a letter first."), "key"
        )
    if wanted.key in RESERVED:
        raise refuse(_("This key is a word of the product: choose another."), "key", "reserved")
    name, description = wanted.name.strip(), wanted.description.strip()
    if not name or len(name) > LONGEST_NAME or not is_sound(name) or "[" in name or "]" in name:
        raise refuse(_("A metric has a name of 1 to 120 letters, without [ and ]."), "name")
    if len(description) > LONGEST_DESCRIPTION or not is_sound(description):
        raise refuse(_("A description has at most 2,000 letters."), "description")
    _check_choices(wanted)
    _check_numbers(wanted)
    clean = replace(
        wanted,
        name=name,
        description=description,
        currency=_currency(wanted),
        allowed_dims=_dims(wanted),
        counting=wanted.counting if wanted.kind == UNIQUE else EXACT,
    )
    return _of_its_kind(clean)


def _of_its_kind(clean: Definition) -> Definition:
    """Without the fields that its kind does not use."""
    if clean.kind == RATIO:
        return replace(clean, scale=_scale(clean), formula="")
    clean = replace(clean, numerator="", denominator="", scale="1")
    if clean.kind == DERIVED:
        return clean
    if clean.kind == UNIQUE and (clean.decimals or clean.unit not in ("count", "number")):
        field = "decimals" if clean.decimals else "unit"
        raise refuse(_("People are counted whole: no decimals, and the unit is a count."), field)
    return replace(clean, formula="")


def refuse_summed_percent(wanted: Definition, before: Definition | None = None) -> None:
    """Refuse a metric whose percentages would be added up; one that is there already may stay."""
    if not _sums_percent(wanted) or (before and _sums_percent(before)):
        return
    raise refuse(
        _(
            "Percentages do not add up. Import the counts that they are made of and define a "
            "ratio; a share that is measured at a moment is a level."
        ),
        "unit",
        "percent_adds_up",
    )


def refuse_unknown_currency(wanted: Definition, before: Definition | None = None) -> None:
    """Refuse money in what is no currency of ISO 4217; one that is there already may stay."""
    code = _currency(wanted)
    if not code or code in list_currencies() or (before and before.currency == code):
        return
    message = _("“%(code)s” is no currency: write its three letters by ISO 4217, such as EUR.")
    raise refuse(message % {"code": code}, "currency", "unknown_currency")


def refuse_misplaced(given: Mapping[str, Any], *, kind: str, unit: str) -> None:
    """Invalid for each field with a value that a metric of this kind and unit does not have.

    For programs, which mean what they send; a form hides such fields.
    """
    problems = [
        at_field(name, "misplaced", str(sentence))
        for name, owners, sentence in MISPLACED
        if given.get(name) and given[name] != USUAL.get(name) and not {kind, unit} & owners
    ]
    if problems:
        raise Invalid(problems)


def _sums_percent(definition: Definition) -> bool:
    return definition.kind == ADDITIVE and definition.unit == "percent"


def refuse(message: str, field: str, code: str = "invalid") -> Refused:
    """A refusal at a field."""
    return Refused(message, code=code, field=field)


def _check_choices(wanted: Definition) -> None:
    for field, choices in CHOICES.items():
        if getattr(wanted, field) not in choices:
            raise refuse(
                _("Choose one of: %(choices)s.") % {"choices": ", ".join(filter(None, choices))},
                field,
                "invalid_choice",
            )


def _check_numbers(wanted: Definition) -> None:
    if not 0 <= wanted.decimals <= MOST_DECIMALS:
        raise refuse(_("A metric has 0 to 6 decimals."), "decimals")
    if wanted.cadence_days is not None and not 0 <= wanted.cadence_days <= MOST_DAYS:
        raise refuse(
            _("Data are expected every 1 to 400 days; 0: no more are expected."), "cadence_days"
        )
    if not 0 <= wanted.lag_days <= MOST_DAYS:
        raise refuse(_("Data come with a lag of 0 to 400 days."), "lag_days")


def _dims(wanted: Definition) -> tuple[str, ...]:
    """The names of the allowed dimensions, each once, in order."""
    names = tuple(sorted(set(wanted.allowed_dims)))
    if len(names) > MOST_DIMS or not all(NAME.match(name) for name in names):
        raise refuse(
            _("Name at most 10 dimensions, in small letters, digits and underscores."),
            "allowed_dims",
        )
    return names


def _currency(wanted: Definition) -> str:
    """Money has a currency of three capital letters, anything else has none."""
    code = wanted.currency.strip().upper()
    if wanted.unit != "currency":
        return ""
    if not CURRENCY.match(code):
        raise refuse(_("Money has a currency of three letters, such as EUR."), "currency")
    return code


def _scale(wanted: Definition) -> str:
    """The scale as canonical text."""
    scale = Decimal(wanted.scale) if PLAIN.match(wanted.scale) else Decimal(0)
    if not 0 < scale <= HIGHEST_SCALE:
        raise refuse(_("The scale is a number above 0, such as 1, 100 or 1000."), "scale")
    return plain(shortest(scale)) or "1"
