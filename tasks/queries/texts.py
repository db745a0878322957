"""Texts as they are shown: Markdown in which cards, people and files are called as they are now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from html import unescape

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tasks.models import Attachment, AttachmentVersion, Card
from tasks.rules.markdown import Named, fill, named_in, to_html
from workspaces.models import Workspace
from workspaces.queries.people import members_of

EXCERPT = 90


@dataclass(frozen=True)
class Known:
    """What the texts of one page name, found."""

    slug: str
    cards: dict[str, Card] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[Attachment, AttachmentVersion | None]] = field(default_factory=dict)


def shown(workspace: Workspace, texts: Sequence[str]) -> list[SafeString]:
    """Each text as HTML, "" as nothing; at most 4 queries, none where nothing is named."""
    known = _find(workspace, named_in(texts))
    return [_filled(to_html(text), known) if text else SafeString("") for text in texts]


def members_named(workspace: Workspace, named: Named) -> set[int]:
    """The ids of the members whom texts name; 1 query, strangers are left out."""
    if not (named.members or named.emails):
        return set()
    rows = members_of(workspace).values_list("pk", "user__email")
    return {pk for pk, email in rows if pk in named.members or email.lower() in named.emails}


def plain(text: str) -> str:
    """The first words of a text without its marks, for one line."""
    html = fill(to_html(text[: EXCERPT * 6]), lambda _kind, _value, words: words)
    words = unescape(_without_tags(html)).split()
    line = " ".join(words)
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1].rstrip()}…"


def _without_tags(html: str) -> str:
    return "".join(part.rpartition(">")[2] for part in html.split("<"))


def _find(workspace: Workspace, named: Named) -> Known:
    """The rows that are there; a card or a file in the trash is not."""
    known = Known(workspace.slug)
    if named.cards:
        cards = Card.objects.filter(workspace=workspace, trashed_at=None, number__in=named.cards)
        known.cards.update((str(card.number), card) for card in cards.only("number", "title"))
    if named.members or named.emails:
        for member in members_of(workspace):
            for word in (str(member.pk), member.user.email.lower()):
                known.people[word] = member.user.display_name
    if named.files:
        found = Attachment.objects.filter(
            workspace=workspace, trashed_at=None, card__trashed_at=None, pk__in=named.files
        )
        for attachment in found.prefetch_related("versions"):
            versions = sorted(attachment.versions.all(), key=lambda version: version.number)
            known.files[str(attachment.pk)] = (attachment, versions[-1] if versions else None)
    return known


def _filled(html: str, known: Known) -> SafeString:
    return mark_safe(fill(html, partial(_draw, known)))  # noqa: S308  cleaned before, escaped here


def _draw(known: Known, kind: str, value: str, words: str) -> str:
    """One mark; what is not there stays as it was written. `words` are HTML already."""
    if kind == "tick":
        sign, word = ("☑", pgettext("MOps", "Done")) if value == "1" else ("☐", _("Open"))
        return format_html('<span class="md-tick" role="img" aria-label="{}">{}</span>', word, sign)
    if kind == "card" and value in known.cards:
        card = known.cards[value]
        url = reverse("tasks:card", kwargs={"slug": known.slug, "pk": card.pk})
        return format_html('<a href="{}" title="{}">#{}</a>', url, card.title, value)
    if kind in {"member", "email"} and value in known.people:
        return format_html('<bdi class="md-who">@{}</bdi>', known.people[value])
    if kind == "file" and value in known.files:
        return _draw_file(known, *known.files[value])
    return words


def _draw_file(known: Known, attachment: Attachment, version: AttachmentVersion | None) -> str:
    at = {"slug": known.slug, "pk": attachment.pk}
    url = reverse("tasks:attachment", kwargs=at)
    if version is None or not version.is_picture or version.lost_at:
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, attachment.name)
    source = reverse("tasks:picture", kwargs={**at, "number": version.number, "size": "view"})
    return format_html(
        '<a class="md-pic" href="{}"><img src="{}" alt="{}" loading="lazy"></a>',
        url,
        source,
        attachment.name,
    )
