from django.http import StreamingHttpResponse

from metrics.http import csv_file
from tasks.http import json_file
from tasks.models import Board
from tasks.queries.exports import json_of, rows_of
from workspaces.http import MemberRequest, find_or_404, page


@page(can="workspace.view")
def as_json(request: MemberRequest, pk: int) -> StreamingHttpResponse:
    board = find_or_404(Board, pk, request)
    return json_file(json_of(board), name=f"board-{board.pk}.json")


@page(can="workspace.view")
def as_csv(request: MemberRequest, pk: int) -> StreamingHttpResponse:
    board = find_or_404(Board, pk, request)
    return csv_file(rows_of(board), name=f"board-{board.pk}.csv")
