"""The one rule for texts that are too long."""

from django.utils.translation import gettext as _

from workspaces.rules.errors import Refused


def refuse_long(most: int, **texts: str) -> None:
    """Refuse the first field whose text has more characters than that."""
    for name, text in texts.items():
        if len(text) > most:
            message = _("Use at most %(count)s characters.") % {"count": most}
            raise Refused(message, code="too_long", field=name)
