"""The starter catalogue: metrics that most teams use, each with its exact formula."""

from collections.abc import Collection
from dataclasses import replace

from metrics.rules.formula import parse, refs
from metrics.rules.starter import Starter, gettext_noop
from metrics.rules.starters_mail import MAIL
from metrics.rules.starters_sales import SALES
from metrics.rules.starters_web import ADS, WEB

GROUPS = {
    "email": gettext_noop("E-mail"),
    "ads": gettext_noop("Advertising"),
    "sales": gettext_noop("Leads and sales"),
    "web": gettext_noop("Web site"),
}
IN_GROUPS = {"email": MAIL, "ads": ADS, "sales": SALES, "web": WEB}
STARTERS: dict[str, Starter] = {
    starter.key: replace(starter, group=group)
    for group, starters in IN_GROUPS.items()
    for starter in starters
}


def inputs_of(starter: Starter) -> tuple[str, ...]:
    """The keys that it reads directly, each once."""
    if starter.formula:
        return tuple(dict.fromkeys(ref.name for ref in refs(parse(starter.formula))))
    return tuple(dict.fromkeys(filter(None, (starter.above, starter.below))))


def with_inputs(keys: Collection[str]) -> list[Starter]:
    """The starters of these keys and all that they are made of, inputs before what reads them."""
    found: dict[str, Starter] = {}
    waiting = list(dict.fromkeys(keys))[::-1]
    while waiting:
        starter = STARTERS[waiting[-1]]
        missing = [key for key in inputs_of(starter) if key not in found]
        if missing:
            waiting += missing[::-1]
        else:
            found.setdefault(waiting.pop(), starter)
    return list(found.values())
