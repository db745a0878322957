from hashlib import blake2b

from django.utils.http import parse_etags
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.answers import AnswerOut, answer_out
from metrics.api.asking import PARAMETERS, question_of
from metrics.api.context import AnnotationOut, BenchmarkOut, PeriodTargetOut
from metrics.api.metrics import MetricView
from metrics.api.series_context import WITH, asked_parts, context_out
from metrics.models import Metric
from metrics.queries.questions import SeriesQuestion
from metrics.queries.recipes import Book, book_of
from metrics.queries.series import ask, is_pending


class SeriesOut(AnswerOut):
    annotations = AnnotationOut(many=True, required=False, help_text="with=annotations")
    benchmarks = BenchmarkOut(many=True, required=False, help_text="with=benchmarks")
    targets = PeriodTargetOut(many=True, required=False, help_text="with=targets")


class MetricSeries(MetricView):
    can = {"GET": "workspace.view"}
    asks = [*PARAMETERS, WITH]

    @extend_schema(responses=SeriesOut, operation_id="metric_series")
    def get(self, request: Request, slug: str, key: str) -> Response:
        metric = self.find(key)
        today = self.workspace.day_of(now())
        question = question_of(request.query_params, self.workspace, today=today)
        parts = asked_parts(request.query_params)
        book = book_of(self.workspace, [metric.pk])
        tag = "" if parts else tag_of(metric, question, book)
        known = parse_etags(request.headers.get("If-None-Match", ""))
        if tag in known and not is_pending(metric, book):
            return Response(status=304, headers=headers_of(tag))
        answer = ask(metric, question, book)
        told = answer_out(answer, metric)
        if parts:
            told |= context_out(metric, told, parts, self.workspace.day_of(now()))
        return Response(told, headers=headers_of("" if answer.pending else tag))


def tag_of(metric: Metric, question: SeriesQuestion, book: Book) -> str:
    """The ETag of a settled answer; read before the numbers, so that it is never too new."""
    text = f"{metric.pk}|{metric.version}|{book.revision_of(metric.pk)}|{question}"
    return f'"{blake2b(text.encode(), digest_size=12).hexdigest()}"'


def headers_of(tag: str) -> dict[str, str]:
    return {"Cache-Control": "private, no-cache"} | ({"ETag": tag} if tag else {})
