"""Error answers: pages for people, problem+json below /api/."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _problem(request: HttpRequest, status: int, code: str, title: str) -> JsonResponse:
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": title,
        "code": code,
        "request_id": getattr(request, "id", ""),
        "errors": [],
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a request that cannot be read."""
    if _is_api(request):
        return _problem(request, 400, "bad_request", _("Bad request"))
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a member whose role is too low."""
    if _is_api(request):
        return _problem(request, 403, "permission_denied", _("Not allowed"))
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing for this person; the two look the same."""
    if _is_api(request):
        return _problem(request, 404, "not_found", _("Not found"))
    for name in ("workspace", "member"):
        if hasattr(request, name):
            delattr(request, name)
    return render(request, "404.html", status=404)


@csrf_exempt  # an address that does not exist says so to every method
def api_not_found(request: HttpRequest) -> HttpResponse:
    """An API address that does not exist."""
    return not_found(request)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without its token, or a page that was open for too long."""
    if _is_api(request):
        return _problem(request, 403, "csrf_failed", _("The form's token is missing or old."))
    return render(request, "errors/csrf.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault; needs neither database nor session."""
    if _is_api(request):
        return _problem(request, 500, "server_error", _("Something broke on our side."))
    template = loader.get_template("500.html")
    page = template.render({"request_id": getattr(request, "id", "")})
    return HttpResponse(page, status=500)
