"""Somebody who follows a board over HTTP, as a browser does: reconnects, catches up, fetches."""

import contextlib
import http.client
import json
import re
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar

from tests.support.processes import Web

CARDS = re.compile(r'<ul data-in="(\d+)">(.*?)</ul>', re.DOTALL)
CARD = re.compile(
    r'data-id="(\d+)" data-version="(\d+)" data-position="([^"]+)">.*?<h3><a[^>]*>([^<]*)</a>',
    re.DOTALL,
)
GONE = re.compile(r'<p data-gone="([^"]*)">')
AT_ONCE = 200


def sign_in(web: Web, email: str, password: str) -> str:
    """The cookies of somebody who has signed in, as one header."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    form = opener.open(f"{web.url}/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    said = {"login": email, "password": password, "csrfmiddlewaretoken": token}
    opener.open(f"{web.url}/accounts/login/", urllib.parse.urlencode(said).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


@dataclass
class Told:
    """One message of a stream and when it came."""

    event: str
    data: dict
    id: str
    at: float


@dataclass
class Follower:
    """Reads a stream in a thread until it is told to stop; comes back where it was."""

    port: int
    path: str
    headers: dict[str, str]
    seen: int | None = None
    told: list[Told] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> "Follower":
        """Begin to follow; returns once the server has answered."""
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        while not self.statuses:
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """Follow no longer."""
        self.stopping.set()
        self.thread.join(20)

    @property
    def changes(self) -> list[Told]:
        """What happened on the board, as far as it was told."""
        return [one for one in self.told if one.event == "change"]

    @property
    def seqs(self) -> list[int]:
        """The numbers of the changes, in the order in which they came."""
        return [one.data["seq"] for one in self.changes]

    def _run(self) -> None:
        while not self.stopping.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._once()
            self.stopping.wait(0.1)

    def _once(self) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        headers = {"Accept": "text/event-stream", **self.headers}
        if self.seen is not None:
            headers["Last-Event-ID"] = str(self.seen)
        with contextlib.closing(link):
            link.request("GET", self.path, headers=headers)
            answer = link.getresponse()
            self.statuses.append(answer.status)
            if answer.status == 200:
                self._read(answer)

    def _read(self, answer: http.client.HTTPResponse) -> None:
        said: dict[str, str] = {}
        while not self.stopping.is_set():
            try:
                line = answer.fp.readline()  # past the chunks: their sizes are no fields
            except TimeoutError:
                return  # nothing for a second: come back, which must cost nothing
            if not line:
                return
            name, found, value = line.decode().rstrip("\r\n").partition(": ")
            if found and name:
                said[name] = value
            elif "data" in said:
                self._take(said)
                said = {}

    def _take(self, said: dict[str, str]) -> None:
        one = Told(said["event"], json.loads(said["data"]), said.get("id", ""), time.monotonic())
        if one.id:
            self.seen = int(one.id)
        self.told.append(one)


@dataclass
class Model:
    """A board as one follower has it: card id -> (column, position, version, title)."""

    web: Web
    board: str
    cookie: str
    cards: dict[int, tuple[int, str, int, str]] = field(default_factory=dict)

    def fetch(self, ids: list[int]) -> None:
        """Ask for these cards, as the page does, and put them where they stand."""
        for start in range(0, len(ids), AT_ONCE):
            part = ids[start : start + AT_ONCE]
            address = f"{self.web.url}{self.board}cards/?ids={','.join(map(str, part))}"
            asked = urllib.request.Request(address, headers={"Cookie": self.cookie})
            with urllib.request.urlopen(asked, timeout=30) as answer:
                self._put(answer.read().decode())

    def _put(self, html: str) -> None:
        for column, cards in CARDS.findall(html):
            for pk, version, position, title in CARD.findall(cards):
                known = self.cards.get(int(pk))
                if known is None or known[2] <= int(version):
                    self.cards[int(pk)] = (int(column), position, int(version), title)
        for pk in GONE.search(html)[1].split():
            self.cards.pop(int(pk), None)
