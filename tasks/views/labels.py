from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import SeenForm, TickForm
from tasks.forms.labels import FieldForm, LabelForm, NewFieldForm, PlaceFieldForm
from tasks.models import CustomField, Label
from tasks.operations.labels import (
    add_field,
    add_label,
    change_field,
    change_label,
    place_field,
    remove_label,
    retire_field,
)
from tasks.queries.fields import every_field, labels_of, uses_of_labels
from workspaces.http import MemberRequest, find_or_404, go, kept, page, tried


def labels_url(request: MemberRequest) -> str:
    return reverse("tasks:labels", kwargs={"slug": request.workspace.slug})


def fields_url(request: MemberRequest) -> str:
    return reverse("tasks:fields", kwargs={"slug": request.workspace.slug})


@page(can="boards.edit", method="GET POST")
def labels(request: MemberRequest) -> HttpResponse:
    form, status = LabelForm(request.POST or None), 200
    if request.method == "POST":
        by, at = request.member, now()
        status = tried(form, lambda: add_label(request.workspace, **form.typed, by=by, at=at))
        if not status:
            return go(request, labels_url(request), say=_("The label is added."))
    uses, rows = uses_of_labels(request.workspace), labels_of(request.workspace)
    shown = [(row, label_form(row), uses.get(row.pk, 0)) for row in rows]
    context = {"form": form, "labels": shown}
    return render(request, "tasks/labels.html", context, status=status or 200)


def label_form(label: Label) -> LabelForm:
    return LabelForm(initial=LabelForm.values_of(label), auto_id=f"label{label.pk}_%s")


@page(can="boards.edit", method="POST")
def change(request: MemberRequest, pk: int) -> HttpResponse:
    label = find_or_404(Label, pk, request)
    form, by, at = LabelForm(request.POST), request.member, now()
    status = tried(
        form,
        lambda: change_label(
            label, version=form.seen or label.version, changes=form.typed, by=by, at=at
        ),
        lambda row: LabelForm(initial=LabelForm.values_of(row or label)),
    )
    if status:
        return kept(request, form, status, title=_("Change the label"), back=labels_url(request))
    return go(request, labels_url(request), say=_("The label is changed."))


@page(can="boards.edit", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    label = find_or_404(Label, pk, request)
    said = SeenForm(request.POST).said()
    remove_label(label, version=said["version"], by=request.member, at=now())
    return go(request, labels_url(request), say=_("The label is removed."))


@page(can="boards.edit", method="GET POST")
def fields(request: MemberRequest) -> HttpResponse:
    form, status = NewFieldForm(request.POST or None, workspace=request.workspace), 200
    if request.method == "POST":
        by, at = request.member, now()
        status = tried(form, lambda: add_field(request.workspace, draft=form.draft(), by=by, at=at))
        if not status:
            return go(request, fields_url(request), say=_("The field is added."))
    rows = list(every_field(request.workspace))
    context = {
        "form": form,
        "fields": [(row, form_of(row)) for row in rows if row.retired_at is None],
        "retired": [row for row in rows if row.retired_at is not None],
    }
    return render(request, "tasks/fields.html", context, status=status or 200)


def form_of(field: CustomField) -> FieldForm:
    form = FieldForm(initial=FieldForm.values_of(field), auto_id=f"field{field.pk}_%s")
    if field.kind != CustomField.Kind.CHOICE:
        del form.fields["choices"]
    return form


@page(can="boards.edit", method="POST")
def change_own(request: MemberRequest, pk: int) -> HttpResponse:
    field = find_or_404(CustomField, pk, request)
    form, by, at = FieldForm(request.POST), request.member, now()
    status = tried(
        form,
        lambda: change_field(
            field, version=form.seen or field.version, changes=form.typed, by=by, at=at
        ),
        lambda row: form_of(row or field),
    )
    if status:
        return kept(request, form, status, title=_("Change the field"), back=fields_url(request))
    return go(request, fields_url(request), say=_("The field is changed."))


@page(can="boards.edit", method="POST")
def place(request: MemberRequest, pk: int) -> HttpResponse:
    field = find_or_404(CustomField, pk, request)
    said = PlaceFieldForm(request.POST, workspace=request.workspace).said()
    place_field(field, after=said["after"], by=request.member, at=now())
    return go(request, fields_url(request), say=_("The field is moved."))


@page(can="boards.edit", method="POST")
def retire(request: MemberRequest, pk: int) -> HttpResponse:
    field = find_or_404(CustomField, pk, request)
    said = TickForm(request.POST).said()
    version, retired = said["version"] or field.version, said["done"]
    retire_field(field, version=version, retired=retired, by=request.member, at=now())
    say = _("The field is retired.") if retired else _("The field is asked for again.")
    return go(request, fields_url(request), say=say)
