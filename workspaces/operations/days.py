"""The one rule for days that people name: from 1970 to 2199."""

from datetime import date

from django.utils.translation import gettext as _

from workspaces.rules.days import is_plannable
from workspaces.rules.errors import Refused


def refuse_far_days(**days: object) -> None:
    """Refuse the first field whose day is not meant; what is no day passes."""
    for name, day in days.items():
        if isinstance(day, date) and not is_plannable(day):
            message = _("Choose a day between 1970 and 2199.")
            raise Refused(message, code="out_of_range", field=name)
