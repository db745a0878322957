"""Blocks of rows in a file: arrays as they stand in memory, behind a head that says which.

A block is the length of its head, the length of its body and how many rows it has, then its head
(JSON), then its body. `MAGIC` opens the file; one of another form is no such file.
"""

from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from typing import BinaryIO

import numpy as np
import orjson

from metrics.rules.blocks import EMPTY, Block

MAGIC = b"MOPSROW2"
SIZES = Struct("<IQI")
ARRAYS = {
    "number": "<i4", "day": "<i4", "span": "<i2", "place": "<i4", "ending": "<i4", "row": "<i4",
    "order": "<i2", "value": "<i8", "who": "<i4",
}  # fmt: skip


def begin(file: BinaryIO) -> None:
    """Open a new file."""
    file.write(MAGIC)


def is_block_file(path: Path) -> bool:
    """Whether the file is there and of this form."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def write_block(file: BinaryIO, block: Block) -> None:
    """Append a block; the ranks of its rows are kept elsewhere."""
    arrays = {
        name: np.ascontiguousarray(getattr(block, name), kind) for name, kind in ARRAYS.items()
    }
    head = {
        "lengths": [len(array) for array in arrays.values()],
        "names": [name for name, _value in block.combos[0]] if block.combos else [],
        "combos": [[value for _name, value in dims] for dims in block.combos],
        "people": block.people,
        "endings": block.endings,
        "has_keys": block.keys is not None,
    }
    keys = block.keys or ()
    lengths = np.fromiter(map(len, keys), "<i4", len(keys))
    parts = [*(array.data for array in arrays.values()), lengths.data, b"".join(keys)]
    told = orjson.dumps(head)
    size = sum(memoryview(part).nbytes for part in parts)
    file.writelines([SIZES.pack(len(told), size, len(block)), told, *parts])


def read_blocks(path: Path, skipped: int = 0) -> Iterator[tuple[int, Block]]:
    """The blocks, each with how many rows are before it; none that ends before `skipped` rows."""
    before = 0
    with path.open("rb") as file:
        file.seek(len(MAGIC))
        while sizes := file.read(SIZES.size):
            told, size, rows = SIZES.unpack(sizes)
            if before + rows <= skipped:
                file.seek(told + size, 1)
            else:
                yield before, _block(orjson.loads(file.read(told)), file.read(size), rows)
            before += rows


def _block(head: dict[str, object], body: bytes, rows: int) -> Block:
    arrays, at = {}, 0
    for (name, kind), count in zip(ARRAYS.items(), head["lengths"], strict=True):
        arrays[name] = np.frombuffer(body, kind, count, at)
        at += arrays[name].nbytes
    keys = None
    if head["has_keys"]:
        lengths = np.frombuffer(body, "<i4", rows, at)
        ends = np.cumsum(lengths) + at + lengths.nbytes
        places = zip((ends - lengths).tolist(), ends.tolist(), strict=True)
        keys = [body[begin:end] for begin, end in places]
    names = head["names"]
    combos = [tuple(zip(names, values, strict=True)) for values in head["combos"]]
    return Block(
        **arrays, rank=EMPTY, combos=combos, people=head["people"], keys=keys,
        endings=head["endings"],
    )  # fmt: skip
