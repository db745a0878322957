"""A field for a number as people of any of the interface's languages type it."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.rules.amounts import Unfit, plain
from metrics.rules.typed import read_number

DOUBTFUL = "grouped_or_not"
SAID = {
    "not_a_number": _("Write a number such as 25 or 1250.5."),
    DOUBTFUL: _("This can be read in two ways: write 1250 for thousands and 1.250 for decimals."),
}


def number_of(text: object) -> Decimal | None:
    """The number that was typed, None for nothing; what is none is said in a sentence."""
    found = read_number(str(text)) if text is not None else None
    if isinstance(found, Unfit):
        code = DOUBTFUL if found.code == DOUBTFUL else "not_a_number"
        raise forms.ValidationError(SAID[code], code=code)
    return found


class NumberField(forms.DecimalField):
    """A decimal with so many digits."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: object) -> Decimal | None:
        """Read it, then check its digits."""
        number = number_of(value)
        return super().to_python(None if number is None else plain(number))
