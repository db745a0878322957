"""Versions of a strategy: the newest, one by its number, what changed, who has signed."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models import SignOff, Strategy, StrategySigner, StrategyVersion
from goals.models.strategy import STEP_CHOICES
from goals.queries.strategy_documents import document_of, signers_of
from goals.rules.strategy_changes import Change, changes
from workspaces.models import Membership


def versions_of(strategy: Strategy) -> QuerySet[StrategyVersion]:
    """What was published, the newest first, without the documents; 1 query."""
    rows = StrategyVersion.objects.select_related("published_by__user").defer("document")
    return rows.filter(strategy=strategy).order_by("-number")


def latest_version(strategy: Strategy) -> StrategyVersion | None:
    """The newest version with its document, or None; 1 query."""
    rows = StrategyVersion.objects.select_related("strategy__workspace", "published_by__user")
    return rows.filter(strategy=strategy).order_by("-number").first()


def version_numbered(strategy: Strategy, number: int) -> StrategyVersion | None:
    """One version with its document; 1 query."""
    rows = StrategyVersion.objects.select_related("strategy__workspace", "published_by__user")
    return rows.filter(strategy=strategy, number=number).first()


def changes_between(
    strategy: Strategy, before: StrategyVersion | None, after: StrategyVersion | None
) -> list[Change]:
    """What differs from one version to another; None as `after` is the draft, as `before` all."""
    new = after.read if after is not None else document_of(strategy)
    return changes(before.read, new) if before is not None else []


FIELD_WORDS = {
    "parties": _("parties"),
    "promises": _("promises"),
    "title": _("title"),
    "start": _("start"),
    "end": _("end"),
    "words": _("words"),
    "questions": _("questions"),
    "signers": _("who signs"),
    "feedback_until": _("feedback until"),
    "name": pgettext_lazy("MOps", "name"),
    "need": _("need"),
    "outcome": _("outcome"),
    "why": _("why"),
    "change": _("what this changes for you"),
    "metric": _("metric"),
    "basis": _("basis"),
    "percent": _("target in percent"),
    "target": _("target"),
    "baseline": _("baseline"),
    "owner": _("owner"),
    "stakeholder": _("stakeholder"),
}


@dataclass(frozen=True)
class Told:
    """A change with the words of its step and its field."""

    change: Change
    step: str
    field: str


def tell_changes(found: list[Change]) -> list[Told]:
    """The changes as a page tells them."""
    steps = dict(STEP_CHOICES)
    return [
        Told(one, str(steps.get(one.step, "")), str(FIELD_WORDS.get(one.field, one.field)))
        for one in found
    ]


@dataclass(frozen=True)
class Signature:
    """One who is asked to sign and what they said to a version, the last word and those before.

    None is nothing yet.
    """

    signer: StrategySigner
    said: SignOff | None
    earlier: tuple[SignOff, ...] = ()

    @property
    def name(self) -> str:
        """Who it is."""
        return self.signer.name

    @property
    def agreed(self) -> bool:
        """Whether they have signed."""
        return self.said is not None and self.said.agreed

    def is_for(self, member: Membership) -> bool:
        """Whether this member may sign here."""
        who = self.signer.stakeholder
        mine = {self.signer.member_id, who.member_id if who else None}
        return member.pk in mine


def signatures_on(strategy: Strategy, version: StrategyVersion) -> list[Signature]:
    """Everybody who is asked, with what they said to the version; 2 queries."""
    said: dict[int | None, list[SignOff]] = {}
    for one in SignOff.objects.filter(version=version).order_by("pk"):
        said.setdefault(one.signer_id, []).append(one)
    found = [(signer, said.get(signer.pk, [])) for signer in signers_of(strategy)]
    return [Signature(who, own[-1] if own else None, tuple(own[:-1])) for who, own in found]


def last_words(version: StrategyVersion) -> dict[int | None, SignOff]:
    """What counts of all that was said to a version, by signer; 1 query."""
    return {one.signer_id: one for one in SignOff.objects.filter(version=version).order_by("pk")}
