"""Kept questions for tests, made by the real operations."""

from metrics.forms.questions import read_question
from metrics.models.saved_views import SavedView
from metrics.operations.saved_views import ViewDraft, save_view
from tests.make.workspaces import NOON


def make_view(by, *, name="Clicks by channel", page="explore", shared=False, pinned=False, at=NOON, **question) -> SavedView:  # fmt: skip # noqa: E501
    """A view of the member; the question asks for clicks by month unless told otherwise."""
    asked = read_question({"metrics": ["clicks"], **question})
    draft = ViewDraft(name, asked, page, shared, pinned)
    return save_view(by.workspace, draft=draft, by=by, at=at)
