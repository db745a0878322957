"""Where things are in a clone, and stamps that say whether a step must be done again."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
SOURCES_OF_ASSETS = ("package.json", "package-lock.json", "static", "mops/locale")
DERIVED = {".mo", ".pyc"}


def var() -> Path:
    """The folder of everything that running leaves behind: the database, files, logs, sockets."""
    given = os.environ.get("MOPS_VAR")
    return Path(given).resolve() if given else ROOT / "var"


def shown(path: Path) -> str:
    """A path as a person in the clone would write it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def files_below(*names: str) -> list[Path]:
    """The source files that these files and folders of the clone stand for, in a steady order."""
    found: list[Path] = []
    for name in names:
        path = ROOT / name
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [p for p in inside if p.is_file() and p.suffix not in DERIVED]
    return found


def digest(paths: Iterable[Path], *words: str) -> str:
    """One number for the names and contents of files, and for some words."""
    total = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        total.update(f"{shown(path)}\0{len(content)}\0".encode())
        total.update(content)
    for word in words:
        total.update(f"{len(word)}\0{word}".encode())
    return total.hexdigest()


@dataclass(frozen=True)
class Stamp:
    """A small file beside what a step made; it holds the digest of what it was made from."""

    path: Path
    value: str

    def fresh(self) -> bool:
        """Whether the step was done for exactly these sources."""
        return self.path.is_file() and self.path.read_text(encoding="utf-8") == self.value

    def write(self) -> None:
        """Note that the step is done."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.value, encoding="utf-8")

    def clear(self) -> None:
        """Forget that the step was done: it is about to be done again and may break off."""
        self.path.unlink(missing_ok=True)
