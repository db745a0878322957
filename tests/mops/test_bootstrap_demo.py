import json
import os
import socket

import pytest

from mops import bootstrap_demo, bootstrap_ports
from mops.bootstrap_console import Trouble
from mops.bootstrap_demo import (
    Place,
    _applied_migrations,
    choose_place,
    choose_port,
    demo,
    demo_env,
    only_one,
)
from mops.bootstrap_redis import private_folder
from mops.bootstrap_secret import local_secret


@pytest.fixture(autouse=True)
def _own_var(tmp_path, monkeypatch):
    monkeypatch.setenv("MOPS_VAR", str(tmp_path))
    for name in ("HOST", "PORT", "MOPS_DEMO_PASSWORD", "BASE_URL", "SECRET_KEY", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def taken():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_the_demo_listens_on_loopback_with_the_known_password_by_default(monkeypatch):
    monkeypatch.setattr(bootstrap_demo, "is_free", lambda host, port: True)
    assert choose_place() == Place("127.0.0.1", 8000, "demo")


@pytest.mark.parametrize("password", ["", "demo", "short"])
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "demo.example"])
def test_a_password_that_can_be_guessed_is_refused_off_loopback(monkeypatch, host, password):
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("MOPS_DEMO_PASSWORD", password)
    with pytest.raises(Trouble, match="MOPS_DEMO_PASSWORD"):
        choose_place()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8"])
def test_loopback_addresses_may_have_the_known_password(monkeypatch, host):
    monkeypatch.setenv("HOST", host)
    monkeypatch.setattr(bootstrap_demo, "is_free", lambda host, port: True)
    assert choose_place().password == "demo"


def test_a_port_that_was_asked_for_and_is_taken_is_refused_naming_who_sits_there(taken):
    with pytest.raises(Trouble) as refusal:
        choose_port("127.0.0.1", str(taken))
    assert f"Port {taken}" in str(refusal.value)
    assert f"process {os.getpid()}" in str(refusal.value)


def test_a_taken_default_port_is_replaced_by_a_free_one_and_said(taken, monkeypatch, capsys):
    real = bootstrap_ports.is_free
    monkeypatch.setattr(
        bootstrap_demo, "is_free", lambda host, port: port != 8000 and real(host, port)
    )
    chosen = choose_port("127.0.0.1", "")
    assert chosen != 8000
    assert f"using {chosen}" in capsys.readouterr().out


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "8000 ", "８０００"])
def test_a_port_that_is_no_port_is_refused(port):
    with pytest.raises(Trouble, match="PORT must be a number"):
        choose_port("127.0.0.1", port)


def test_another_server_on_the_port_is_not_mistaken_for_ours(taken):
    assert not bootstrap_ports.answers("127.0.0.1", taken, timeout=0.2)


def test_a_second_demo_on_one_clone_is_told_where_the_first_is():
    with only_one() as note:
        note("http://localhost:8000")
        with (
            pytest.raises(Trouble, match=f"http://localhost:8000 .process {os.getpid()}"),
            only_one(),
        ):
            pass
    with only_one():  # free again
        pass


def test_demo_takes_no_arguments():
    with pytest.raises(Trouble, match="no arguments"):
        demo(["--fast"])


def test_the_demo_does_not_use_the_callers_database(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://mops@db/mops")
    env = demo_env(Place("127.0.0.1", 8001, "demo"))
    assert env["DATABASE_URL"] == ""
    assert env["MOPS_EMBEDDED"] == "1"
    assert env["BASE_URL"] == "http://localhost:8001"
    assert "ALLOWED_HOSTS" not in env


def test_the_secret_is_made_once_and_is_for_its_owner_alone(tmp_path):
    first = local_secret()
    assert len(first) >= 50
    assert local_secret() == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_an_emptied_secret_file_is_filled_again(tmp_path):
    (tmp_path / "secret-key").write_text("")
    assert len(local_secret()) >= 50


def test_the_socket_folder_is_private_and_its_path_short(tmp_path, monkeypatch):
    folder = private_folder()
    assert folder == tmp_path / "run"
    assert folder.stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("MOPS_VAR", str(tmp_path / ("x" * 100)))
    short = private_folder()
    assert len(str(short / "redis.sock")) <= 100
    assert short.stat().st_mode & 0o777 == 0o700
    short.rmdir()


def test_a_database_that_is_missing_or_broken_counts_as_not_prepared(tmp_path):
    assert _applied_migrations() == "no database"
    (tmp_path / "mops.sqlite3").write_text("this is not a database, this is a text file")
    assert _applied_migrations().startswith("unreadable")


def test_the_note_of_a_demo_is_readable(tmp_path):
    with only_one() as note:
        note("http://localhost:8000")
        told = json.loads((tmp_path / "demo.lock").read_text())
    assert told == {"process": os.getpid(), "address": "http://localhost:8000"}
