"""Files in and out: what is too large is refused while it comes in, tables leave line by line."""

import csv
from collections.abc import Callable, Iterable, Iterator
from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from metrics.models.imports import ImportRun
from metrics.operations.imports import refuse_size
from metrics.rules.mapping import MappingDocument
from workspaces.http import MemberRequest, find_or_404
from workspaces.models import Membership
from workspaces.rules.roles import may

FORM_ALLOWANCE = 64 * 1024  # what a form sends beside its file
STEPS = (_("Upload"), _("Columns"), _("Check"), _("Import"))
View = Callable[..., HttpResponse]


class LimitedUpload(TemporaryFileUploadHandler):
    """Writes the upload to a temporary file and stops past the limit, which the request tells."""

    received = 0

    def most(self) -> int:
        """The limit, in bytes."""
        return settings.MAX_IMPORT_BYTES

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Do not even begin with what is announced as too large."""
        announced = int(self.request.META.get("CONTENT_LENGTH") or 0)
        if announced > self.most() + FORM_ALLOWANCE:
            self._stop()
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Stop where more comes than was announced, or nothing was."""
        self.received += len(raw_data)
        if self.received > self.most() + FORM_ALLOWANCE:
            self._stop()
        super().receive_data_chunk(raw_data, start)

    def _stop(self) -> None:
        self.request.is_too_large = True
        raise StopUpload(connection_reset=True)


def takes_file(view: View) -> View:
    """Put the limit in place before anything, the CSRF check included, reads the body."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def limited(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.upload_handlers = [LimitedUpload(request)]
        return protected(request, *args, **kwargs)

    return limited


def refuse_cut_upload(request: HttpRequest) -> None:
    """Raise TooLarge where the upload was stopped at the limit."""
    if getattr(request, "is_too_large", False):
        refuse_size(settings.MAX_IMPORT_BYTES + 1)


def import_or_404(request: MemberRequest, pk: int) -> ImportRun:
    """An import of a file; the runs of REST batches and other apps have no page."""
    run = find_or_404(ImportRun, pk, request)
    if not run.file:
        raise Http404
    return run


def import_url(request: MemberRequest, name: str, run: ImportRun) -> str:
    """The address of a page of the run."""
    return reverse(f"metrics:{name}", kwargs={"slug": request.workspace.slug, "pk": run.pk})


def refuse_new_metrics(member: Membership, mapping: MappingDocument) -> None:
    """Who may bring observations may not always define metrics: 403."""
    if mapping.create and not may(member.rank, "metrics.edit"):
        raise PermissionDenied


class Echo:
    """A file that hands each line on at once."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def csv_file(rows: Iterable[list[str]], *, name: str) -> StreamingHttpResponse:
    """A CSV that spreadsheets open as UTF-8, line by line."""
    response = StreamingHttpResponse(lines_of(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def lines_of(rows: Iterable[list[str]]) -> Iterator[str]:
    """The lines of a CSV."""
    writer = csv.writer(Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(row)
