from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.forms.acts import QuickForm
from tasks.http import board_url
from tasks.models import Column
from tasks.operations.quick_add import add_lines, read_lines
from tasks.queries.quick_add import names_read
from tasks.rules.quick_add import Part, ReadLine
from workspaces.http import MemberRequest, back, find_or_404, fragment, go, page
from workspaces.queries.formats import number


@dataclass(frozen=True)
class Chip:
    """A part of the line that was read, with the name of what it stands for."""

    part: Part
    name: str


def chips_of(request: MemberRequest, line: ReadLine) -> list[Chip]:
    names = names_read(request.workspace, [line])
    return [Chip(part, names.get((part.kind, part.value), "")) for part in line.parts]  # type: ignore[arg-type]


@page(can="work.edit", method="POST")
def quick_read(request: MemberRequest, pk: int) -> HttpResponse:
    """What would be read of a line; nothing is made."""
    find_or_404(Column, pk, request)
    typed = QuickForm(request.POST).typed()
    lines = read_lines(request.workspace, typed, by=request.member, at=now())
    chips = chips_of(request, lines[0]) if lines else []
    return fragment(request, "tasks/_quick_read.html", chips=chips)


@page(can="work.edit", method="POST")
def quick_add(request: MemberRequest, pk: int) -> HttpResponse:
    """A card of each line; the board stays and fetches them."""
    column = find_or_404(Column, pk, request)
    column.workspace = request.workspace
    made = add_lines(column, typed=QuickForm(request.POST).typed(), by=request.member, at=now())
    first = made[0][0]
    say = _("#%(number)s “%(title)s” is in %(column)s.") % {
        "number": first.number,
        "title": first.title,
        "column": column.name,
    }
    if len(made) > 1:
        say = ngettext("%(shown)s card added.", "%(shown)s cards added.", len(made))
        say %= {"shown": number(len(made), 0)}
    if not request.htmx:
        return go(request, back(request, board_url(column.board_id, request)), say=say)
    ids = [card.pk for card, _line in made]
    return render(request, "tasks/_quick_made.html", {"say": say, "ids": ids}, status=201)
