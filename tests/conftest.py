"""The cast: in acme owner olga, manager mia, editor ed, viewer vi; sam elsewhere."""

import gc
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

import tests.support.examples  # noqa: F401 - how far property tests look
from tests.make.workspaces import NOON, make_member, make_workspace, owner_of
from workspaces.models import Membership
from workspaces.operations.tokens import issue_token
from workspaces.rules.roles import Role

TESTS = Path(__file__).parent
DATABASE = {"db", "transactional_db", "live_server"}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def pytest_collection_modifyitems(config, items):
    """PostgreSQL repeats what puts a database to the test; MOPS_EVERYWHERE=1 repeats all.

    Not repeated: what touches no database, what is marked `once`, pages, which ask the same queries
    on both, and, where queries and operations themselves are not what is tested, all cases of a
    test but its first.
    """
    if connection.vendor == "sqlite":
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(pytest.mark.skip(reason="SQLite has one writer"))
    if connection.vendor != "postgresql" or os.environ.get("MOPS_EVERYWHERE") == "1":
        return
    left_out = [item for item in items if not is_for_both(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if is_for_both(item)]


def pytest_collection_finish():
    """What is loaded by now stays: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


def is_for_both(item) -> bool:
    once = item.get_closest_marker("once") or is_a_page(item) or is_another_case(item)
    return touches_the_database(item) and not once


def touches_the_database(item) -> bool:
    asked = DATABASE & set(getattr(item, "fixturenames", ()))
    return bool(asked or item.get_closest_marker("django_db"))


def is_a_page(item) -> bool:
    folders = item.path.relative_to(TESTS).parent.parts
    return bool({"views", "mops", "architecture"} & set(folders))


def is_another_case(item) -> bool:
    if {"operations", "queries"} & set(item.path.relative_to(TESTS).parts):
        return False
    return any(getattr(getattr(item, "callspec", None), "indices", {}).values())


@pytest.fixture(autouse=True)
def _alone(settings, tmp_path):
    """A folder of its own for files, no other test's language, nothing kept in the process."""
    translation.activate(settings.LANGUAGE_CODE)
    for cache in (caches[name] for name in settings.CACHES):
        if isinstance(cache, LocMemCache):
            cache.clear()
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(scope="session")
def migrated(django_db_setup, django_db_blocker, tmp_path_factory):
    """The tests' empty database as a file, for processes that take a copy of it."""
    if connection.vendor != "sqlite":
        pytest.skip("a file to copy is SQLite's")
    path = tmp_path_factory.mktemp("migrated") / "mops.sqlite3"
    with django_db_blocker.unblock(), closing(sqlite3.connect(path)) as file:
        connection.ensure_connection()
        connection.connection.backup(file)
        file.execute("PRAGMA journal_mode=WAL")
    return path


@pytest.fixture
def noon():
    return NOON


@pytest.fixture
def acme(db):
    return make_workspace("acme")


@pytest.fixture
def olga(acme):
    return owner_of(acme)


@pytest.fixture
def mia(acme):
    return make_member(acme, "mia@acme.example", Role.MANAGER)


@pytest.fixture
def ed(acme):
    return make_member(acme, "ed@acme.example", Role.EDITOR)


@pytest.fixture
def vi(acme):
    return make_member(acme, "vi@acme.example", Role.VIEWER)


@pytest.fixture
def globex(db):
    return make_workspace("globex", owner="sam@globex.example")


@pytest.fixture
def sam(globex):
    return owner_of(globex)


@pytest.fixture
def client_of():
    """A browser signed in as the member."""

    def sign_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def api_of():
    """A REST client with a bearer token of the member for their workspace."""

    def with_token(member: Membership, scope: str = "write") -> APIClient:
        _row, text = issue_token(member, name="test", scope=scope, by=member, at=NOON)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
        return client

    return with_token
