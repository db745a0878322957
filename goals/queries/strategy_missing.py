"""What a strategy does not say yet, in sentences."""

from django.utils.translation import gettext_lazy as _

from goals.rules.strategy import Document, Missing

WORDS = {
    "no_outcomes": _("Nobody is named for whom the plan is."),
    "no_outcome": _("It does not say what it accomplishes for “%(name)s”."),
    "no_metrics": _("No metric is named that shows success."),
    "no_why": _("It does not say why “%(name)s” shows success."),
    "no_goals": _("No goal is set."),
    "outside": _("“%(name)s” lies outside of the strategy's period."),
    "no_questions": _("Colleagues are asked nothing."),
    "no_change": _("It does not say what “%(name)s” changes for those whom it touches."),
    "no_steps": _("“%(name)s” has no steps."),
    "no_owner": _("“%(name)s” has no owner."),
}


def sentence_of(one: Missing) -> str:
    """What is missing, with the name of what it is about."""
    return str(WORDS[one.code]) % {"name": one.name}


def missing_in(document: Document) -> list[str]:
    """All that is missing, each sentence once."""
    return list(dict.fromkeys(sentence_of(one) for one in document.missing))
