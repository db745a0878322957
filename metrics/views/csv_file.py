"""Tables that are handed out as files."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse


class Echo:
    """A file that hands each line on at once."""

    def write(self, line: str) -> str:
        return line


def csv_file(rows: Iterable[list[str]], *, name: str) -> StreamingHttpResponse:
    """A CSV that spreadsheets open as UTF-8, line by line."""
    response = StreamingHttpResponse(lines_of(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def lines_of(rows: Iterable[list[str]]) -> Iterator[str]:
    writer = csv.writer(Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(row)
