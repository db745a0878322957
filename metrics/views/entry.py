from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.forms.entry import SheetForm, Typed, read_typed_cells, untouched
from metrics.operations.entering import MANUAL, Entered, enter_values
from metrics.queries.entry import Cell, Sheet, read_sheet
from workspaces.http import MemberRequest, go, page
from workspaces.rules.errors import Stale


@page(can="observations.write", method="GET POST")
def enter(request: MemberRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    today = request.workspace.day_of(now())
    form = SheetForm(data, workspace=request.workspace, today=today)
    if not form.is_valid():
        return show(request, form, status=422)
    sheet = read_sheet(request.workspace, form.asked, source=MANUAL)
    if request.method == "POST":
        return save(request, form, sheet)
    return show(request, form, sheet, untouched(sheet, form.mark))


def save(request: MemberRequest, form: SheetForm, sheet: Sheet) -> HttpResponse:
    """Store what was changed, all of it or nothing."""
    typed = read_typed_cells(sheet, request.POST, form.asked, form.mark)
    if typed.faults:
        return show(request, form, sheet, typed, status=422)
    entries = list(typed.entries.values())
    entered = Entered()
    try:
        if entries:
            entered = enter_values(
                request.workspace, source=MANUAL, entries=entries,
                by=request.member, at=now(), kind=MANUAL,
            )  # fmt: skip
    except Stale as stale:
        present = read_sheet(request.workspace, form.asked, source=MANUAL)
        again = read_typed_cells(present, request.POST, form.asked, form.mark)
        return show(request, form, present, again.against(stale.current), status=409)  # type: ignore[arg-type]
    url = reverse("metrics:enter", kwargs={"slug": request.workspace.slug})
    said = [told(entered), added_to(typed)]
    return go(request, f"{url}?{form.query()}", say=" ".join(filter(None, said)))


def told(entered: Entered) -> str:
    """What was done, in a sentence."""
    count = entered.new + entered.changed + entered.withdrawn
    if not count:
        return _("Nothing was changed.")
    message = ngettext("%(count)s value saved.", "%(count)s values saved.", count)
    return message % {"count": count}


def added_to(typed: Typed) -> str:
    """A warning, where what was entered is added to what others have told of the same days."""
    kept = [typed.cells[name].cell for name, one in typed.entries.items() if not one.withdrawn]
    added = [cell for cell in kept if cell.adds_up]
    if not added:
        return ""
    message = ngettext(
        "%(count)s of them is added to what %(sources)s told of the same days.",
        "%(count)s of them are added to what %(sources)s told of the same days.",
        len(added),
    )
    return message % {"count": len(added), "sources": tellers_of(added)}


def tellers_of(cells: Sequence[Cell]) -> str:
    """The sources whose values stand beside these cells, quoted."""
    names = sorted({name for cell in cells for name in cell.tellers})
    return ", ".join(_("“%(name)s”") % {"name": name} for name in names)


def show(
    request: MemberRequest,
    form: SheetForm,
    sheet: Sheet | None = None,
    typed: Typed | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; without a sheet only its controls, with what is wrong with them."""
    context = {
        "form": form,
        "sheet": sheet,
        "rows": [
            (period, [typed.cells[cell.name] for cell in cells])
            for period, cells in (sheet.rows if sheet and typed else ())
        ],
        "faults": typed.faults if typed else 0,
        "status": status,
    }
    if sheet:
        asked = form.asked
        context |= {
            "metrics": asked.metrics,
            "grain": asked.grain,
            "until": asked.until,
            "mark": form.mark,
            "today": form.today,
            "earlier": form.query(until=sheet.earlier.isoformat()),
            "later": form.query(until=sheet.later.isoformat()),
            "tellers": tellers_of([cell for cell in sheet.cells if cell.adds_up]),
        }
    return render(request, "metrics/enter.html", context, status=status)
