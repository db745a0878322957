"""The front door: to the last workspace, to the first one, or to making one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse

from workspaces.queries.people import workspaces_of

LAST = "last_workspace"


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send the person to the workspace that they saw last."""
    slugs = [m.workspace.slug for m in workspaces_of(request.user)]
    if not slugs:
        return HttpResponseRedirect(reverse("new_workspace"))
    last = request.session.get(LAST)
    slug = last if last in slugs else slugs[0]
    return HttpResponseRedirect(reverse("reports:overview", kwargs={"slug": slug}))


def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look on pages that name no icon."""
    return HttpResponseRedirect(static("dist/favicon.svg"))
