from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from workspaces.forms.webhooks import WebhookForm
from workspaces.http import MemberRequest, find_or_404, go, page, tried
from workspaces.models import Webhook, WebhookCall
from workspaces.operations.webhooks import (
    add_webhook,
    change_webhook,
    remove_webhook,
    renew_secret,
    switch_webhook,
    tell_again,
    test_webhook,
)
from workspaces.queries.webhooks import call_rows, calls_of, fault_in_words, webhook_rows

PAGE = 50


def list_url(request: MemberRequest) -> str:
    return reverse("workspaces:webhooks", kwargs={"slug": request.workspace.slug})


def url_of(webhook: Webhook) -> str:
    return reverse("workspaces:webhook", kwargs={"slug": webhook.workspace.slug, "pk": webhook.pk})


@page(can="webhooks.edit")
def webhooks(request: MemberRequest) -> HttpResponse:
    context = {"webhooks": webhook_rows(request.workspace)}
    return render(request, "workspaces/webhooks.html", context)


@page(can="webhooks.edit", method="GET POST")
def new_webhook(request: MemberRequest) -> HttpResponse:
    form = WebhookForm(request.POST, workspace=request.workspace) if request.POST else None
    form = form or WebhookForm(workspace=request.workspace)
    if request.method != "POST":
        return render(request, "workspaces/webhook_form.html", {"form": form})
    status = tried(
        form,
        lambda: add_webhook(request.workspace, draft=form.draft, by=request.member, at=now()),
    )
    if status:
        return render(request, "workspaces/webhook_form.html", {"form": form}, status=status)
    webhook, secret = form.made
    return show(request, webhook, secret=secret)


def show(
    request: MemberRequest,
    webhook: Webhook,
    *,
    form: WebhookForm | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    """One webhook with its form and what became of its events; a new secret, once."""
    calls = Paginator(calls_of(webhook), PAGE).get_page(request.GET.get("page"))
    context = {
        "webhook": webhook,
        "form": form or WebhookForm(workspace=request.workspace, webhook=webhook),
        "secret": secret if webhook.body == "json" else "",
        "page": calls,
        "calls": call_rows(calls.object_list),
        "why": fault_in_words(webhook.disabled_why),
    }
    return render(request, "workspaces/webhook.html", context, status=status)


@page(can="webhooks.edit", method="GET POST")
def webhook(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Webhook, pk, request)
    if request.method != "POST":
        return show(request, found)
    form = WebhookForm(request.POST, workspace=request.workspace, webhook=found)

    def change() -> object:
        return change_webhook(
            found, version=form.seen, changes=form.changes, by=request.member, at=now()
        )

    def present(row: Webhook) -> WebhookForm:
        return WebhookForm(workspace=request.workspace, webhook=row)

    status = tried(form, change, present)
    if status:
        return show(request, found, form=form, status=status)
    return go(request, url_of(found), say=_("Saved."))


@page(can="webhooks.edit", method="POST")
def switch(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Webhook, pk, request)
    on = request.POST.get("on") == "1"
    switch_webhook(found, on=on, by=request.member, at=now())
    say = _("The webhook is switched on.") if on else _("The webhook is switched off.")
    return go(request, url_of(found), say=say)


@page(can="webhooks.edit", method="POST")
def secret(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Webhook, pk, request)
    text = renew_secret(found, by=request.member, at=now())
    found.refresh_from_db()
    return show(request, found, secret=text)


@page(can="webhooks.edit", method="POST")
def test(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Webhook, pk, request)
    test_webhook(found, at=now())
    return go(request, url_of(found), say=_("The test is on its way; look again in a moment."))


@page(can="webhooks.edit", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    remove_webhook(find_or_404(Webhook, pk, request), by=request.member, at=now())
    return go(request, list_url(request), say=_("The webhook is removed."))


@page(can="webhooks.edit", method="POST")
def again(request: MemberRequest, pk: int) -> HttpResponse:
    call = find_or_404(WebhookCall, pk, request)
    tell_again(call, at=now())
    return go(request, url_of(call.webhook), say=_("It is told again; look in a moment."))
