import importlib.util
import subprocess
import sys

import pytest

from mops import bootstrap_setup
from mops.bootstrap_children import Ended
from mops.bootstrap_console import Trouble
from mops.bootstrap_setup import NPM, PYPI, _failed, make_venv, tools_env, whats_wrong_with

OFFLINE = [
    "error: Failed to fetch: `x`\n  Caused by: dns error: failed to lookup address information",
    "ERROR: Could not find a version that satisfies the requirement uv (from versions: none)",
    "npm error code ENOTFOUND\nnpm error network request to x failed",
    "npm error code EAI_AGAIN",
    "npm error code ECONNREFUSED",
    "WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.')'",
    "cause: invalid peer certificate: UnknownIssuer",
    "ReadTimeoutError: Read timed out.",
]


@pytest.mark.parametrize("words", OFFLINE)
@pytest.mark.parametrize("registry", [PYPI, NPM])
def test_no_network_is_told_by_the_kind_of_registry_and_how_to_go_on(registry, words):
    told = str(_failed(registry, Ended(1, words)))
    assert registry.name in told
    assert "run the same command again" in told
    assert "://" not in told
    assert len(told.splitlines()) == 2


def test_a_conflict_of_packages_is_not_called_a_network_problem():
    told = str(_failed(NPM, Ended(1, "npm error code ERESOLVE\nnpm error could not be resolved")))
    assert "setup.log" in told
    assert "reach" not in told


def test_a_full_disk_is_called_a_full_disk():
    assert "disk is full" in str(
        _failed(PYPI, Ended(1, "OSError: [Errno 28] No space left on device"))
    )


def test_without_the_venv_module_the_package_to_install_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap_setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Trouble, match="apt-get install python3-venv"):
        make_venv()
    assert not (tmp_path / ".venv").exists()


def test_the_venv_that_runs_these_tests_is_all_right():
    assert whats_wrong_with(bootstrap_setup.VENV) == ""


def test_a_venv_whose_python_is_gone_is_made_anew(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "gone")
    assert "does not run" in whats_wrong_with(tmp_path)


def test_a_venv_of_another_python_or_without_pip_is_made_anew(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python"
    for answer, fault in (
        ("3.9 True", "Python 3.9"),
        (f"{sys.version_info[0]}.{sys.version_info[1]} False", "no pip"),
    ):
        python.write_text(f"#!/bin/sh\necho {answer}\n")
        python.chmod(0o755)
        assert fault in whats_wrong_with(tmp_path)


def test_somebody_elses_venv_behind_a_link_is_never_emptied(tmp_path, monkeypatch):
    theirs = tmp_path / "theirs"
    (theirs / "bin").mkdir(parents=True)
    (tmp_path / ".venv").symlink_to(theirs)
    monkeypatch.setattr(bootstrap_setup, "VENV", tmp_path / ".venv")
    with pytest.raises(Trouble, match="is a link"):
        make_venv()
    assert (theirs / "bin").is_dir()


def test_a_copied_venv_is_made_anew(tmp_path):
    made, copied = tmp_path / "made", tmp_path / "copied"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(made)], check=True)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    pip = made / "lib" / version / "site-packages" / "pip"
    pip.mkdir()
    (pip / "__init__.py").touch()
    (made / "bin" / "pip").write_text(f"#!{made}/bin/{version}\n")
    assert whats_wrong_with(made) == ""
    made.rename(copied)
    assert "moved" in whats_wrong_with(copied)


def test_our_tools_come_first_on_the_path_and_need_no_home(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setenv("MOPS_VAR", str(tmp_path))
    monkeypatch.delenv("HOME", raising=False)
    env = tools_env()
    assert env["PATH"] == f"{bootstrap_setup.BIN}:/usr/bin"
    assert env["npm_config_cache"].startswith(str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "npm_config_cache" not in tools_env()
