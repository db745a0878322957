"""Request forms and what was sent by them, as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tasks.models import (
    Card,
    Comment,
    CustomField,
    RequestForm,
    RequestFormVersion,
    Stay,
    Submission,
)
from tasks.models.cards import Priority
from tasks.rules.intake import PRIORITIES, Kind, Question, Target, question_from
from tasks.rules.markdown import fill, to_html
from workspaces.models import Membership, SlaPromise, Workspace

PRIORITY_WORDS = {word: Priority(n).label for n, word in enumerate(PRIORITIES, 1)}


class Stage(StrEnum):
    """How a request stands, for who sent it: no word of the board."""

    RECEIVED = "received"
    IN_WORK = "in_work"
    DONE = "done"
    CLOSED = "closed"


@dataclass(frozen=True)
class AnswerView:
    """A question and what was answered, as one reads it."""

    question: Question
    words: str

    @property
    def is_link(self) -> bool:
        """Whether it leads somewhere."""
        return self.question.kind is Kind.LINK and bool(self.words)


@dataclass(frozen=True)
class RequestView:
    """What was sent, with how it stands."""

    submission: Submission
    stage: Stage


@dataclass(frozen=True)
class PublicRequest:
    """What who sent it sees of it, without anything of the workspace."""

    submission: Submission
    stage: Stage
    answers: list[AnswerView]
    said: list[tuple[Comment, SafeString]]
    takes_comments: bool


def forms_of(workspace: Workspace) -> QuerySet[RequestForm]:
    """All forms with how much was sent by each, open ones first; 1 query."""
    rows = RequestForm.objects.filter(workspace=workspace).select_related("board")
    return rows.annotate(sent=Count("submissions")).order_by("archived_at", "name", "pk")


def open_forms(workspace: Workspace) -> QuerySet[RequestForm]:
    """The forms that take requests, by name; 1 query."""
    rows = RequestForm.objects.filter(workspace=workspace, archived_at=None, is_open=True)
    return rows.filter(board__archived_at=None).order_by("name", "pk")


def form_by_hash(digest: str) -> RequestForm | None:
    """The public form of that address, whether it takes requests or not; 1 query."""
    rows = RequestForm.objects.filter(secret_hash=digest, archived_at=None)
    public = rows.filter(audience=RequestForm.Audience.PUBLIC)
    return public.select_related("workspace", "board").first()


def submission_by_hash(digest: str) -> Submission | None:
    """What was sent, by the hash of its link; 1 query."""
    rows = Submission.objects.filter(secret_hash=digest)
    return rows.select_related("workspace", "form", "card__clock").first()


def version_of(form: RequestForm, number: int | None = None) -> RequestFormVersion | None:
    """What the form asks, or asked in an older version; 1 query."""
    return form.versions.filter(number=number or form.version).first()


def sent_by(member: Membership) -> QuerySet[Submission]:
    """What the member sent, newest first."""
    return for_listing(Submission.objects.filter(member=member))


def sent_by_form(form: RequestForm) -> QuerySet[Submission]:
    """What was sent by a form, newest first."""
    return for_listing(Submission.objects.filter(form=form))


def for_listing(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """With all that `staged` reads; still 1 query."""
    moved = Stay.objects.filter(card=OuterRef("card"))
    related = rows.select_related("form", "member__user", "card__clock", "card__assignee__user")
    return related.annotate(was_moved=Exists(moved)).order_by("-sent_at", "-pk")


def staged(rows: Sequence[Submission]) -> list[RequestView]:
    """How each of the requests from `for_listing` stands."""
    return [RequestView(row, stage_of(row.card, row.was_moved)) for row in rows]  # type: ignore[attr-defined]


def stage_of(card: Card | None, was_moved: bool) -> Stage:  # noqa: FBT001  a plain fact
    """How the card of a request stands, in the words of who sent it."""
    if card is None:
        return Stage.CLOSED
    if card.done_at is not None:
        return Stage.DONE
    if card.archived_at is not None:
        return Stage.CLOSED
    return Stage.IN_WORK if was_moved else Stage.RECEIVED


def answers_of(submission: Submission) -> list[AnswerView]:
    """Each question with what was answered, in the order of the form."""
    found = []
    for stored in submission.answers:
        answer = stored["answer"]
        question = question_from({k: v for k, v in stored.items() if k != "answer"})
        said = [answer] if isinstance(answer, str) else list(answer)
        if question.to == Target.PRIORITY:
            said = [str(PRIORITY_WORDS.get(one, one)) for one in said]
        found.append(AnswerView(question, ", ".join(said)))
    return found


def request_of(card: Card) -> Submission | None:
    """What the card was made from, if it was sent by a form; 1 query."""
    rows = Submission.objects.filter(card=card).select_related("form", "member__user")
    return rows.first()


def public_request(submission: Submission) -> PublicRequest:
    """For the page behind the link of what was sent; 2 queries."""
    card = submission.card
    was_moved = card is not None and Stay.objects.filter(card=card).exists()
    stage = stage_of(card, was_moved)
    takes = submission.form.takes_comments and card is not None and card.archived_at is None
    said = [(one, plain_html(one.text)) for one in comments_by(submission)]
    return PublicRequest(submission, stage, answers_of(submission), said, takes)


def plain_html(text: str) -> SafeString:
    """A text as HTML in which nothing of the workspace is named: marks stay as written."""
    html = fill(to_html(text), lambda _kind, _value, words: words)
    return mark_safe(html)  # noqa: S308  cleaned by the rules of Markdown


def comments_by(submission: Submission) -> QuerySet[Comment]:
    """What who sent the request said on its page, oldest first."""
    mine = Comment.objects.filter(card=submission.card, by=None, deleted_at=None)
    return mine.filter(nonce__startswith=mark_of(submission)).order_by("pk")


def mark_of(submission: Submission) -> str:
    """How the nonces of its comments begin."""
    return f"request:{submission.pk}:"


def targets_of(workspace: Workspace) -> list[tuple[str, str]]:
    """Where an answer can go: its name, and the words for it; 1 query."""
    words = [
        ("", _("Only in the list of answers")),
        (Target.TITLE.value, _("Title")),
        (Target.DESCRIPTION.value, _("Description")),
        (Target.START.value, _("Start")),
        (Target.DUE.value, _("Due")),
        (Target.PRIORITY.value, _("Priority")),
        (Target.LABELS.value, _("Labels")),
        (Target.RECEIPT.value, _("Address of the receipt")),
    ]
    fields = CustomField.objects.filter(workspace=workspace, retired_at=None)
    usable = fields.exclude(kind__in=("yes_no", "person")).order_by("position", "pk")
    return [*words, *((f"field_{one.pk}", one.name) for one in usable)]


def promises_to_choose(workspace: Workspace) -> QuerySet[SlaPromise]:
    """The promises whose clock a form can start; 1 query."""
    rows = SlaPromise.objects.filter(workspace=workspace, withdrawn_at=None, sla__ended_at=None)
    timed = rows.exclude(response_minutes=None)
    return timed.select_related("sla").order_by("sla__name", "pk")
