"""Pictures that people bring: looked at without trust, and drawn anew to be shown.

What is shown holds pixels alone: no place where it was taken, no second frame, nothing appended.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from tasks.rules.files import PICTURES

MOST_PIXELS = 40_000_000
MOST_FRAMES = 2_000
SIZES = {"thumb": (480, 360), "view": (1600, 1600)}  # the largest width and height, in pixels
QUALITY = 82
FAULTS = (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError, IndexError)
one_at_a_time = threading.Lock()  # a picture of 40 million pixels takes 160 MB while it is drawn


class Excessive(Exception):
    """The picture is small on the disk and huge when it is drawn."""


@dataclass(frozen=True)
class Size:
    """Width and height in pixels, as the picture is held upright."""

    width: int
    height: int


def draw_previews(path: Path, content_type: str) -> Size | None:
    """Draw what is shown of a picture beside it; its size, None when it cannot be read.

    Raise Excessive beyond MOST_PIXELS or MOST_FRAMES, before anything is drawn.
    """
    try:
        with Image.open(path, formats=[PICTURES[content_type]]) as picture:
            _refuse_excess(picture)
            with one_at_a_time:
                return _draw(picture, path)
    except Image.DecompressionBombError as error:
        raise Excessive from error
    except FAULTS:
        discard_previews(path)
        return None


def preview_path(path: Path, size: str) -> Path:
    """Where the picture stands that is shown in this size."""
    return path.with_name(f"{path.name}.{size}.webp")


def discard_previews(path: Path) -> None:
    """Remove what was drawn of a picture."""
    for size in SIZES:
        preview_path(path, size).unlink(missing_ok=True)


def _refuse_excess(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS or getattr(picture, "n_frames", 1) > MOST_FRAMES:
        raise Excessive


def _draw(picture: Image.Image, path: Path) -> Size:
    turned = picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}  # its sides are exchanged
    width, height = reversed(picture.size) if turned else picture.size
    picture.seek(0)
    picture.draft("RGB", SIZES["view"])
    drawn: Image.Image = ImageOps.exif_transpose(picture)
    has_alpha = drawn.mode in {"RGBA", "LA", "PA"} or "transparency" in drawn.info
    drawn = drawn.convert("RGBA" if has_alpha else "RGB")
    for size in ("view", "thumb"):  # the smaller from the larger
        drawn.thumbnail(SIZES[size])
        bare = Image.new(drawn.mode, drawn.size)
        bare.paste(drawn)
        bare.save(preview_path(path, size), "WEBP", quality=QUALITY, method=2)
    return Size(width, height)
