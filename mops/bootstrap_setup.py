"""From a bare clone to a ready one: Python packages, node packages, the bundle of assets."""

import contextlib
import fcntl
import importlib.util
import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mops.bootstrap_children import Command, Ended, Env, run
from mops.bootstrap_console import Trouble, say
from mops.bootstrap_places import (
    BIN,
    PYTHON,
    ROOT,
    SOURCES_OF_ASSETS,
    VENV,
    Stamp,
    digest,
    files_below,
    shown,
    var,
)

SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
NO_VENV = (
    "Python's venv module is not complete on this machine.\n"
    "Install it (Debian, Ubuntu: apt-get install python3-venv) and run the same command again."
)
UNREACHABLE = re.compile(
    r"(could not|failed to) resolve|name resolution|dns error|failed to lookup|ENOTFOUND"
    r"|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|timed? ?out"
    r"|connection (refused|broken)|connecterror|network is unreachable|failed to fetch"
    r"|error sending request|proxy|certificate|from versions: none",
    re.IGNORECASE,
)
DISK_FULL = re.compile(r"no space left|ENOSPC", re.IGNORECASE)


@dataclass(frozen=True)
class Registry:
    """Where a kind of package comes from, named as people name it."""

    name: str
    what: str


PYPI = Registry("PyPI, the Python package index", "Python packages")
NPM = Registry("the npm registry", "node packages")


def setup_log() -> Path:
    """Everything that the installers said."""
    return var() / "log" / "setup.log"


def tools_env() -> dict[str, str]:
    """The environment of every tool: ours first on the path, caches where they can be written."""
    env = {**os.environ}
    env["PATH"] = f"{BIN}{os.pathsep}{env.get('PATH') or os.defpath}"
    env["PYTHONUNBUFFERED"] = "1"
    for name in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"):
        env.pop(name, None)
    if not _writable_home(env):
        caches = var() / "cache"
        names = {"PIP_CACHE_DIR": "pip", "UV_CACHE_DIR": "uv", "npm_config_cache": "npm"}
        for name, folder in names.items():
            env.setdefault(name, str(caches / folder))
    if SYSTEM_CERTIFICATES.is_file():  # a company's own proxy is trusted there, not in the tools
        env.setdefault("UV_SYSTEM_CERTS", "true")
        env.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
    env.setdefault("npm_config_fetch_retry_mintimeout", "2000")
    env.setdefault("npm_config_fetch_retry_maxtimeout", "10000")
    env.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    env.setdefault("UV_LINK_MODE", "copy" if "UV_CACHE_DIR" in env else "hardlink")
    return env


def _writable_home(env: Env) -> bool:
    home = Path(env.get("HOME") or "/nonexistent")
    return home.is_dir() and os.access(home, os.W_OK)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let two commands on one clone set up one after the other, never at once."""
    path = ROOT / "var" / "setup.lock"  # of the clone, wherever the data are
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command is setting this clone up; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(packages: str) -> dict[str, str]:
    """Install both kinds of packages, bundle the assets; give the tools' environment."""
    with alone():
        make_venv()
        env = tools_env()
        install_python_packages(packages, env)
        install_node_packages(env)
        bundle_assets(env)
    return env


def make_venv() -> None:
    """Make .venv, or make it anew when another Python made it or it does not run any more."""
    if VENV.exists():
        wrong = whats_wrong_with(VENV)
        if not wrong:
            return
        if VENV.is_symlink():
            raise Trouble(
                f".venv is a link, and what it leads to cannot be used: {wrong}.\nRemove it."
            )
        say(f"Making .venv anew: {wrong}")
    else:
        say("Making .venv")
    if importlib.util.find_spec("ensurepip") is None:
        raise Trouble(NO_VENV)
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError as error:
        raise Trouble(NO_VENV) from error


def whats_wrong_with(folder: Path) -> str:
    """Why a virtual environment cannot be used; empty when it can."""
    python = folder / "bin" / "python"
    ask = "import importlib.util as u, sys; v = sys.version_info; "
    ask += "print(f'{v[0]}.{v[1]}', bool(u.find_spec('pip')))"
    try:
        answer = subprocess.run(
            [str(python), "-I", "-c", ask], capture_output=True, text=True, timeout=30, check=True
        ).stdout.split()
    except (OSError, subprocess.SubprocessError):
        return "its Python does not run"
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if answer[0] != here:
        return f"it was made for Python {answer[0]}, this is {here}"
    if answer[1] != "True":
        return "it has no pip"
    return _moved_from(folder)


def _moved_from(folder: Path) -> str:
    """Scripts name their Python by its full path, so a copied or moved folder is of no use."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        with (folder / "bin" / "pip").open(encoding="utf-8") as script:
            first = script.readline()
        if first.startswith("#!/") and "/bin/python" in first:
            home = Path(first[2:].split()[0]).parent
            return "" if home.resolve() == (folder / "bin").resolve() else "the clone was moved"
    return ""


def install_python_packages(packages: str, env: Env) -> None:
    """Install exactly the locked packages, by uv, or by pip where uv is not to be had."""
    lock = f"requirements/{packages}.txt"
    stamp = Stamp(VENV / f".{packages}.stamp", digest(files_below(lock, "requirements/uv.txt")))
    if stamp.fresh():
        return
    say(f"Installing Python packages ({lock})")
    stamp.clear()
    if not _uv_is_there(env) and not _install_uv(env):
        say("    uv is not to be had here; pip does the same, more slowly")
    by_pip = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock]
    by_uv = [BIN / "uv", "pip", "install", "--python", PYTHON, "--require-hashes", "-r", lock]
    ended = _logged(by_uv if _uv_is_there(env) else by_pip, env)
    if ended.code:
        raise _failed(PYPI, ended)
    stamp.write()


def _uv_is_there(env: Env) -> bool:
    uv = BIN / "uv"
    return uv.exists() and _logged([uv, "--version"], env).code == 0


def _install_uv(env: Env) -> bool:
    pip = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
        "requirements/uv.txt",
    ]
    ended = _logged(pip, env)
    if ended.code and (UNREACHABLE.search(ended.words) or DISK_FULL.search(ended.words)):
        raise _failed(PYPI, ended)
    return ended.code == 0


def install_node_packages(env: Env) -> None:
    """Install the node packages of package-lock.json with the node that PyPI gave us."""
    stamp = Stamp(
        ROOT / "node_modules" / ".mops.stamp",
        digest(files_below("package.json", "package-lock.json")),
    )
    if stamp.fresh():
        return
    say("Installing node packages (package-lock.json)")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    ended = _logged([BIN / "npm", "ci", *options], env)
    if ended.code:
        raise _failed(NPM, ended)
    stamp.write()


def bundle_assets(env: Env) -> None:
    """Bundle scripts, styles and fonts into build/, and compile the message catalogues."""
    stamp = Stamp(ROOT / "build" / ".assets.stamp", digest(files_below(*SOURCES_OF_ASSETS)))
    if stamp.fresh():
        return
    say("Bundling scripts, styles and fonts; compiling translations")
    stamp.clear()
    ended = _logged([BIN / "node", "static/build.mjs"], env)
    if ended.code:
        raise Trouble(
            f"Bundling the assets failed: {ended.last_line}\nMore in {shown(setup_log())}."
        )
    ended = _logged(
        [BIN / "pybabel", "-q", "compile", "-f", "-d", "mops/locale", "-D", "django"], env
    )
    if ended.code and any((ROOT / "mops" / "locale").rglob("*.po")):
        raise Trouble(f"Compiling translations failed: {ended.last_line}")
    stamp.write()


def static_stamp() -> Stamp:
    """Says whether the collected static files are those of these sources."""
    sources = files_below(*SOURCES_OF_ASSETS, "requirements/run.txt", "mops/settings.py")
    return Stamp(var() / "static" / ".mops.stamp", digest(sources))


def collect_static(env: Env) -> None:
    """Gather every app's static files below one folder, under names that carry their hash."""
    stamp = static_stamp()
    if stamp.fresh():
        return
    say("Collecting static files")
    stamp.clear()
    ended = _logged([PYTHON, "manage.py", "collectstatic", "--noinput", "-v0"], env)
    if ended.code:
        raise Trouble(f"Collecting static files failed: {ended.last_line}")
    stamp.write()


def _logged(command: Command, env: Env) -> Ended:
    return run(command, env=env, log=setup_log())


def _failed(registry: Registry, ended: Ended) -> Trouble:
    """Why an installer gave up, in two lines, without the addresses that it tried."""
    if DISK_FULL.search(ended.words):
        return Trouble(f"The disk is full: there is no room for the {registry.what}.")
    if UNREACHABLE.search(ended.words):
        return Trouble(
            f"Could not reach {registry.name}, to fetch {registry.what}.\n"
            "Check the network or proxy and run the same command again; what is done stays done."
        )
    return Trouble(
        f"Installing {registry.what} failed (exit code {ended.code}).\n"
        f"The reason is at the end of {shown(setup_log())}; then run the same command again."
    )
