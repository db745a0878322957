"""Files on their way in: what is too large is refused while it comes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from metrics.http import LimitedUpload
from tasks.operations.files import Upload, refuse_size
from workspaces.http import refused
from workspaces.rules.errors import Invalid, TooLarge, at_field

View = Callable[..., HttpResponse]


class AttachmentUpload(LimitedUpload):
    """Writes an attachment to a temporary file, and no more than an attachment may have."""

    def most(self) -> int:
        """The limit, in bytes."""
        return int(settings.MAX_ATTACHMENT_BYTES)


def takes_attachment(view: View) -> View:
    """Put the limit in place before anything reads the body; say 413 and 400 as a page does."""

    @wraps(view)
    def told(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TooLarge as refusal:
            return refused(request, str(refusal), status=413)
        except Invalid as refusal:
            return refused(request, str(refusal), status=400)

    protected = csrf_protect(told)

    @csrf_exempt
    @wraps(view)
    def limited(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.upload_handlers = [AttachmentUpload(request)]
        return protected(request, *args, **kwargs)

    return limited


def upload_in(request: HttpRequest, files: Any) -> Upload:
    """The file that was sent as `file`; TooLarge or Invalid says why there is none."""
    if getattr(request, "is_too_large", False):
        refuse_size(settings.MAX_ATTACHMENT_BYTES + 1)
    held = files.get("file")
    if held is None or isinstance(held, str):
        message = _("There is no file, or it is empty; it belongs into the part “file”.")
        raise Invalid([at_field("file", "required", message)])
    if len(files.getlist("file")) > 1:
        raise Invalid([at_field("file", "repeated", _("Send one file at a time."))])
    refuse_size(held.size)
    return Upload(held.name or "", held.chunks())
