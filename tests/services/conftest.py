"""Real servers for these tests; each test gets a database and a Redis of its own, or shares."""

from contextlib import contextmanager

import pytest

from tests.support.once import made_once
from tests.support.postgres import postgres
from tests.support.redis import redis_server
from tests.support.stack import (
    Template,
    embedded_env,
    installation,
    make_template,
    production_env,
)


@pytest.fixture(scope="session")
def embedded_template(tmp_path_factory):
    def make(folder):
        made = make_template("embedded", embedded_env(folder), str(folder / "mops.sqlite3"))
        (folder / "token").write_text(made.token)

    folder = made_once(tmp_path_factory, "embedded", make)
    token = (folder / "token").read_text()
    return Template("embedded", str(folder / "mops.sqlite3"), token)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """The data of a PostgreSQL that has the template, and the template's token."""

    def make(folder):
        with postgres() as server:
            env = production_env(folder, server.url("mops"))
            (folder / "token").write_text(make_template("production", env, "mops").token)
            server.stop()
            server.keep(folder / "data")

    return made_once(tmp_path_factory, "production", make)


@pytest.fixture(scope="session")
def database_server(cluster):
    with postgres(cluster / "data") as server:
        yield server


@pytest.fixture(scope="session")
def production_template(cluster):
    return Template("production", "mops", (cluster / "token").read_text())


@pytest.fixture
def redis():
    with redis_server() as server:
        yield server


@pytest.fixture
def embedded(embedded_template, tmp_path, redis):
    with installation(embedded_template, tmp_path, redis) as stack:
        yield stack


@pytest.fixture
def production(production_template, tmp_path, redis, database_server):
    with installation(production_template, tmp_path, redis, database_server) as stack:
        yield stack


@pytest.fixture(params=["embedded", "production"])
def stack(request):
    """Both ways of running it."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def shared(request, tmp_path_factory):
    """Set up one installation for the tests of a file: shared("embedded") or "production"."""

    @contextmanager
    def set_up(kind):
        template = request.getfixturevalue(f"{kind}_template")
        server = request.getfixturevalue("database_server") if kind == "production" else None
        folder = tmp_path_factory.mktemp(kind)
        with redis_server() as redis, installation(template, folder, redis, server) as stack:
            yield stack

    return set_up
