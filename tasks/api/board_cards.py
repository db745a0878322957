from hashlib import blake2b

from django.utils.http import parse_etags
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.card_shapes import BoardCardsOut, rows_out
from tasks.models import Board
from tasks.queries.lines import stamp_of, whole_lines
from workspaces.queries.streams import last_seq_of
from workspaces.rest import WorkspaceView, find_or_404


class BoardCards(WorkspaceView):
    """All cards of a board at once; a client that has them already is told so in few queries."""

    can = {"GET": "workspace.view"}

    @extend_schema(responses=BoardCardsOut, operation_id="list_board_cards")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        board = find_or_404(Board, pk, self)
        board.workspace = self.workspace
        seq = last_seq_of(board.stream_id)  # before the rows: what is told twice does no harm
        headers = {"Cache-Control": "private, no-cache", "ETag": tag_of(board, seq)}
        if headers["ETag"] in parse_etags(request.headers.get("If-None-Match", "")):
            return Response(status=304, headers=headers)
        lines, hung = whole_lines(board)
        return Response({"seq": seq, "cards": rows_out(lines, hung)}, headers=headers)


def tag_of(board: Board, seq: int) -> str:
    """The ETag of the board's cards; read before them, so that it is never too new."""
    return f'"{blake2b(repr((seq, *stamp_of(board))).encode(), digest_size=12).hexdigest()}"'
