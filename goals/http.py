"""How often one address may ask what everybody may ask."""

import logging

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def within(request: HttpRequest, action: str, *, most: int, seconds: int) -> bool:
    """Whether the address has asked at most so often in so many seconds, this time counted.

    A cache that is down lets everybody in: the limits that the rows keep still hold.
    """
    key = _counter(request, action)
    try:
        cache.add(key, 0, seconds)
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two
        return True
    except RedisError:
        log.warning("The cache does not answer; %s is not limited.", action)
        return True


def uncount(request: HttpRequest, action: str) -> None:
    """Leave this time out again: nothing came of it."""
    try:
        cache.decr(_counter(request, action))
    except ValueError:  # it ran out meanwhile
        return
    except RedisError:
        log.warning("The cache does not answer; %s is not limited.", action)


def _counter(request: HttpRequest, action: str) -> str:
    return f"within:{action}:{get_adapter().get_client_ip(request)}"
