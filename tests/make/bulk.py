"""How much memory a call of 50,000 rows takes, in a process and a database of its own."""

import io
import json
import os
import resource
from datetime import date, timedelta
from pathlib import Path

from rest_framework.test import APIRequestFactory, force_authenticate

from metrics.api.observations import Observations
from tests.make.metrics import make_metric
from tests.make.workspaces import make_workspace, owner_of

ROWS = 50_000
TYPES = {"ndjson": "application/x-ndjson", "json": "application/json", "csv": "text/csv"}


def write_body(path: Path, form: str, rows: int) -> None:
    """A body on disk, so that only the reader takes memory."""
    with path.open("w", encoding="utf-8") as file:
        if form == "csv":
            file.write("metric,day,value,dims.campaign,source,key\n")
        for n in range(rows):
            day = date(2024, 1, 1) + timedelta(days=n % 700)
            if form == "csv":
                file.write(f"clicks,{day},{n},c{n % 50},crm,key-{n}\n")
                continue
            row = {
                "metric": "clicks", "day": str(day), "value": n, "dims": {"campaign": f"c{n % 50}"},
                "source": "crm", "key": f"key-{n}",
            }  # fmt: skip
            start = "" if form == "ndjson" else "[" if n == 0 else ","
            file.write(start + json.dumps(row) + "\n")
        if form == "json":
            file.write("]")


def forget_peak() -> None:
    """Let the kernel measure the peak anew: the start took more than what is measured."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def now_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def measure(form: str) -> dict:
    """What the large call answered, and by how much the process grew above what it was before."""
    acme = make_workspace("acme")
    make_metric(acme)
    user = owner_of(acme).user
    factory = APIRequestFactory()

    def send(rows: int) -> dict:
        path = Path(os.environ["MOPS_VAR"]) / f"body.{form}"
        write_body(path, form, rows)
        request = factory.post("/", b"", content_type=TYPES[form])
        force_authenticate(request, user)
        with path.open("rb") as body:
            request._stream = io.BufferedReader(body)
            request._read_started = False
            answer = Observations.as_view()(request, slug="acme")
        return {"status": answer.status_code, **answer.data}

    send(100)
    forget_peak()
    before = now_mb()
    told = send(ROWS)
    return {**told, "grown_mb": round(peak_mb() - before, 1)}
