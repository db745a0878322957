"""Every route of the product, with harmless arguments, read from the URLconf."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("get", "post", "patch", "put", "delete")
SAMPLES = {"int": "1", "str": "1", "slug": "one", "uuid": "0" * 32, "path": "x", "key": "clicks"}


def walk(patterns, prefix="") -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, here)
        else:
            yield here, entry


def filled(route: str, slug: str) -> str:
    """The route with the workspace's slug and a sample for each other argument."""
    parts = []
    for piece in route.split("<"):
        if ">" not in piece:
            parts.append(piece)
            continue
        inside, rest = piece.split(">", 1)
        kind, _, name = inside.rpartition(":")
        parts.append((slug if name == "slug" else SAMPLES[kind or "str"]) + rest)
    return "/" + "".join(parts)


def page_routes(slug: str) -> list[str]:
    found = [r for r, _ in walk(get_resolver().url_patterns) if r.startswith("w/")]
    return [filled(route, slug) for route in found]


def api_routes(slug: str) -> list[str]:
    return [path for path, _methods in api_calls(slug)]


def api_calls(slug: str) -> list[tuple[str, set[str]]]:
    """The path of each endpoint with the methods that its view answers."""
    return [
        (filled(route, slug), {name for name in METHODS if hasattr(entry.callback.cls, name)})
        for route, entry in walk(get_resolver().url_patterns)
        if route.startswith("api/v1/workspaces/<slug:slug>/")
    ]
