"""The worker inside the embedded server's process."""

import threading

from mops import embedded
from mops.embedded import Embedded


class Worker:
    """Stands in for Celery's: the first one gives up at once, as with a broker that went away."""

    made: list["Worker"] = []

    def __init__(self, **_asked):
        self.made.append(self)
        self.ended = threading.Event()

    def start(self):
        if len(self.made) == 1:
            raise AttributeError("hostname")
        self.ended.wait(10)

    def stop(self):
        self.ended.set()


def test_J16_a_worker_that_gives_up_is_replaced_until_the_server_ends(
    monkeypatch, settings, tmp_path
):
    settings.CELERY_BEAT_SCHEDULE_FILENAME = str(tmp_path / "beat")
    monkeypatch.setattr(embedded, "PAUSE", 0.01)
    monkeypatch.setattr(embedded.app, "WorkController", Worker)
    monkeypatch.setattr(Worker, "made", [])
    server = Embedded()
    server.thread.start()
    while len(Worker.made) < 2:
        threading.Event().wait(0.01)
    assert server.thread.is_alive()
    server.stopping.set()
    server.worker.stop()
    server.thread.join(5)
    assert not server.thread.is_alive()
    assert len(Worker.made) == 2
