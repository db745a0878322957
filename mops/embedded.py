"""`uvicorn mops.embedded:application`: web, Celery worker and beat as threads of one process."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from celery import signals
from celery.beat import EmbeddedService
from django.conf import settings

from mops.asgi import application as pages
from mops.celery import app

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATIENCE = 10.0  # seconds for a job in hand to finish
PAUSE = 1.0  # before a worker that ended by itself is replaced


class Embedded:
    """The worker and the beat of the embedded mode."""

    def __init__(self) -> None:
        """Load every job first: a worker consumes only what it knew when it started."""
        app.finalize()
        app.loader.import_default_modules()
        self.stopping = threading.Event()
        self.worker = self._worker()
        self.beat = EmbeddedService(
            app, thread=True, schedule_filename=settings.CELERY_BEAT_SCHEDULE_FILENAME
        )
        self.thread = threading.Thread(target=self._work, name="celery-worker", daemon=True)

    def _worker(self) -> Any:
        worker = app.WorkController(
            app=app,
            hostname="embedded@mops",
            pool_cls="threads",
            concurrency=2,
            loglevel="WARNING",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
        )
        # Celery's own command says this; its Django part then closes connections after each job.
        signals.worker_init.send(sender=worker)
        return worker

    def start(self) -> None:
        """Start consuming, then keeping time."""
        self.thread.start()
        self.beat.start()

    def stop(self) -> None:
        """Stop keeping time, then finish what is in hand; Redis must still be there."""
        self.stopping.set()
        self.beat.stop()
        self.worker.stop()
        self.thread.join(PATIENCE)

    def _work(self) -> None:
        """Consume; Celery's worker gives up where its broker goes away with a job in hand."""
        while not self.stopping.is_set():
            try:
                self.worker.start()
            except Exception:
                log.exception("the embedded worker ended")
            if self.stopping.wait(PAUSE):
                break
            log.warning("the embedded worker begins anew")
            self.worker = self._worker()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Pages as ever; the server's start and end are the worker's and the beat's."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    else:
        await pages(scope, receive, send)  # type: ignore[arg-type]


async def live(receive: Receive, send: Send) -> None:
    """Answer the server's two messages."""
    await receive()
    embedded = await asyncio.to_thread(Embedded)
    embedded.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await asyncio.to_thread(embedded.stop)
    await send({"type": "lifespan.shutdown.complete"})
