from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from workspaces.forms import JoinForm, NewWorkspaceForm, ProfileForm
from workspaces.http import go, refused
from workspaces.models import Invitation, User
from workspaces.operations.members import accept_invitation, find_or_make_user, hashed
from workspaces.operations.people import rename_user
from workspaces.operations.workspaces import open_workspace
from workspaces.queries.access import invitation_by_hash
from workspaces.queries.people import membership_of
from workspaces.rules.errors import Refused

DOUBLE_CLICK = timedelta(seconds=30)  # later a password is only tried where tries are counted
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_required
@require_http_methods(["GET", "POST"])
def new_workspace(request: HttpRequest) -> HttpResponse:
    form = NewWorkspaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            workspace = open_workspace(**form.cleaned_data, owner=request.user, at=now())
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            url = reverse("reports:overview", kwargs={"slug": workspace.slug})
            return go(request, url, say=_("The workspace is open."))
    status = 422 if form.errors else 200
    return render(request, "workspaces/new_workspace.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        rename_user(request.user, form.cleaned_data["name"])
        return go(request, reverse("profile"), say=_("Saved."))
    status = 422 if form.errors else 200
    return render(request, "workspaces/profile.html", {"form": form}, status=status)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    invitation = invitation_by_hash(hashed(secret))
    at = now()
    if invitation is None or invitation.revoked_at or invitation.expires_at <= at:
        raise Http404
    if invitation.accepted_at:
        return _come_in(request, invitation)
    known = User.objects.filter(email__iexact=invitation.email).exists()
    signed_in = request.user.is_authenticated
    form = None if known or signed_in else JoinForm(request.POST or None)
    context = {"invitation": invitation, "form": form, "known": known}
    if request.method == "GET" or (form and not form.is_valid()) or (known and not signed_in):
        return render(
            request, "workspaces/join.html", context, status=422 if form and form.errors else 200
        )
    return _accept(request, invitation, form)


def _come_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """A used invitation, perhaps sent twice by a double click: in with whom it let in before."""
    slug = invitation.workspace.slug
    fresh = invitation.accepted_at and now() - invitation.accepted_at < DOUBLE_CLICK
    if fresh and not request.user.is_authenticated:
        given = {"email": invitation.email, "password": request.POST.get("password", "")}
        user = authenticate(request, **given) if given["password"] else None
        if user:
            login(request, user, backend=BACKEND)
    if request.user.is_authenticated and membership_of(request.user, slug):
        return go(request, reverse("reports:overview", kwargs={"slug": slug}))
    messages.info(request, _("This invitation has been used. Sign in instead."))
    return go(request, reverse("account_login"))


def _accept(request: HttpRequest, invitation: Invitation, form: JoinForm | None) -> HttpResponse:
    try:
        with transaction.atomic():
            user = request.user
            if form is not None:
                asked = form.cleaned_data
                user = find_or_make_user(
                    invitation.email, password=asked["password"], name=asked["name"]
                )
            member = accept_invitation(invitation, user=user, at=now())
    except Refused as refusal:
        invitation.refresh_from_db()
        if invitation.accepted_at:
            return _come_in(request, invitation)
        return refused(request, refusal.message, status=422)
    if form is not None:
        login(request, user, backend=BACKEND)
    url = reverse("reports:overview", kwargs={"slug": member.workspace.slug})
    return go(request, url, say=_("Welcome to %(workspace)s.") % {"workspace": member.workspace})
