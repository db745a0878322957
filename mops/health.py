"""Is the process alive, is it ready to work: two open questions with one word for an answer."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

PATIENCE = 2.0  # seconds for each of database and Redis
Get = Callable[[HttpRequest], HttpResponse]

_pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readiness")
_asked: list[Future[bool]] = []


def alive(_request: HttpRequest) -> HttpResponse:
    """The process lives and answers."""
    return _answer(status=200)


def ready(_request: HttpRequest) -> HttpResponse:
    """The database answers, and Redis where one is configured."""
    return _answer(status=200 if _database_answers() and _redis_answers() else 503)


class Probes:
    """Answer both first: a probe comes by an address, not by a name in ALLOWED_HOSTS."""

    def __init__(self, get_response: Get) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Neither host check nor session nor redirect stands before a probe."""
        probe = {"/healthz": alive, "/readyz": ready}.get(request.path_info)
        if probe and request.method in {"GET", "HEAD"}:
            return probe(request)
        return self.get_response(request)


def _answer(*, status: int) -> HttpResponse:
    word = "ok" if status == 200 else "unavailable"  # noqa: PLR2004  HTTP
    answer = JsonResponse({"app": "mops", "status": word}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _database_answers() -> bool:
    """Ask in a thread: a frozen database would hold this one longer than any prober waits."""
    if _asked and not _asked[0].done():
        return False
    _asked[:] = [_pool.submit(_ask_database)]
    try:
        return _asked[0].result(PATIENCE)
    except TimeoutError:
        return False


def _ask_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False
    finally:
        connection.close()


def _redis_answers() -> bool:
    if not settings.REDIS_URL:
        return True
    try:
        return bool(_redis().ping())
    except (RedisError, OSError):
        return False


@cache
def _redis() -> Redis:
    limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    return Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **limits)
