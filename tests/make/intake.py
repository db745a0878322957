"""Request forms for tests, made by the real operations."""

from tasks.models import Board, RequestForm, Submission
from tasks.operations.intake import RequestFormDraft, make_form
from tasks.operations.request_links import form_address, request_address
from tasks.operations.requests import Sent, send_request
from tasks.rules.intake import Kind, Question
from tests.make.workspaces import NOON, owner_of

TITLE = Question("what", "What do you need?", Kind.SHORT, required=True, to="title")
WHY = Question("why", "What for?", Kind.LONG, to="description")
MAIL = Question("mail", "Your e-mail", Kind.EMAIL, to="receipt")


def make_request_form(
    board: Board, name="Data request", *, by=None, at=NOON, **said
) -> RequestForm:
    """A form that asks what, what for and an address, or `questions`."""
    said.setdefault("questions", [TITLE, WHY, MAIL])
    draft = RequestFormDraft(name=name, board=board, **said)
    return make_form(board.workspace, draft=draft, by=by or owner_of(board.workspace), at=at)


def make_public_form(board: Board, name="Ask us", **said) -> RequestForm:
    """A form that needs no account."""
    return make_request_form(board, name, audience="public", **said)


def send(form: RequestForm, what="Leads by region", *, by=None, nonce="", at=NOON, **answers):
    """A request, of nobody in the workspace unless `by` says who."""
    said = {"what": what, **answers}
    return send_request(form, sent=Sent(said, nonce), by=by, at=at)


def path_of_form(form: RequestForm) -> str:
    return "/" + form_address(form).partition("//")[2].partition("/")[2]


def path_of_request(submission: Submission) -> str:
    return "/" + request_address(submission).partition("//")[2].partition("/")[2]
