import csv
from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from metrics.forms.imports import MappingForm, ShapeForm, UploadForm
from metrics.http import LimitedUpload, content_length, map_page, saved_import, wish_of
from metrics.models.imports import ImportRun
from metrics.operations.imports import (
    bring_file,
    cancel_import,
    confirm_import,
    map_import,
    refuse_size,
)
from metrics.queries.imports import (
    effect_of,
    imports_of,
    metrics_of,
    problems_of,
    progress_of,
    read_preview,
    rejected_rows,
)
from workspaces.http import MemberRequest, find_or_404, go, page
from workspaces.rules.errors import Invalid, Refused, TooLarge
