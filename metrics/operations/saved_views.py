"""Keeping questions: saving, changing and removing views."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models.saved_views import EXPLORE, SavedView
from metrics.rules.dims import is_sound
from metrics.rules.questions import Question
from metrics.verbs import VIEW_CHANGED, VIEW_REMOVED, VIEW_SAVED
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.verbs import Verb

LONGEST_NAME = 120
MOST_VIEWS = 1_000  # a workspace
MOST_PINNED = 6


@dataclass(frozen=True)
class ViewDraft:
    """What a view is: a name, a question, on which page, who sees it, and where."""

    name: str
    question: Question
    page: str = EXPLORE
    shared: bool = False
    pinned: bool = False


CHANGEABLE = frozenset(field.name for field in fields(ViewDraft)) - {"page"}


@transaction.atomic
def save_view(workspace: Workspace, *, draft: ViewDraft, by: Membership, at: datetime) -> SavedView:
    """Keep a question; what is pinned must be shared."""
    if SavedView.objects.filter(workspace=workspace).count() >= MOST_VIEWS:
        raise Refused(_("A workspace has at most %(most)s views.") % {"most": MOST_VIEWS})
    view = SavedView(workspace=workspace, owner=by, page=draft.page)
    _write(view, {name: getattr(draft, name) for name in CHANGEABLE}, at)
    view.save(force_insert=True)
    _record(VIEW_SAVED, view, by, at)
    return view


@transaction.atomic
def change_view(
    view: SavedView, *, changes: Mapping[str, Any], version: int, by: Membership, at: datetime
) -> SavedView:
    """Change name, question, shared or pinned of a view that nobody else has changed since."""
    held = SavedView.objects.select_for_update().filter(pk=view.pk).first()
    if held is None or held.version != version:
        raise Stale(_("Somebody else has changed this view meanwhile."), current=held or view)
    _write(held, changes, at)
    held.version += 1
    held.save(force_update=True)
    _record(VIEW_CHANGED, held, by, at)
    return held


@transaction.atomic
def remove_view(view: SavedView, *, by: Membership, at: datetime) -> None:
    """Forget a view; what it asked about stays."""
    _record(VIEW_REMOVED, view, by, at)
    SavedView.objects.filter(pk=view.pk).delete()


def _write(view: SavedView, changes: Mapping[str, Any], at: datetime) -> None:
    """Put the changes on the view, or refuse them."""
    if "name" in changes:
        view.name = _checked_name(changes["name"])
    if "question" in changes:
        view.question = changes["question"].as_json()
    was_pinned = view.is_pinned
    view.is_shared = changes.get("shared", view.is_shared)
    view.is_pinned = changes.get("pinned", view.is_pinned)
    if view.is_pinned and not view.is_shared:
        message = _("Only a shared view can stand on the Overview.")
        raise Refused(message, code="not_shared", field="pinned")
    if view.is_pinned and not was_pinned:
        _refuse_too_many_pins(view)
    view.saved_at = at


def _refuse_too_many_pins(view: SavedView) -> None:
    pinned = SavedView.objects.filter(workspace_id=view.workspace_id, is_pinned=True)
    if pinned.count() >= MOST_PINNED:
        message = _("The Overview has room for %(most)s views; take one off first.")
        raise Refused(message % {"most": MOST_PINNED}, code="too_many_pinned", field="pinned")


def _checked_name(name: str) -> str:
    clean = name.strip()
    if not clean or len(clean) > LONGEST_NAME or not is_sound(clean):
        message = _("A view has a name of 1 to %(most)s characters.") % {"most": LONGEST_NAME}
        raise Refused(message, code="bad_name", field="name")
    return clean


def _record(verb: Verb, view: SavedView, by: Membership, at: datetime) -> None:
    """Tell the log; the name of a view that is not shared is nobody else's business."""
    if view.is_shared:
        record(verb, view, by=by, at=at, name=view.name, state="shared")
    else:
        record(verb, view, by=by, at=at, name="", state="private")
