"""What pass 1 keeps of a file, as rows."""

from datetime import date

from metrics.rules.readings import RowRead
from metrics.sources.spool import batches


def rows_in(block):
    """The rows of a block as `RowReader` tells them, with the keys that they have got."""
    rows = [
        RowRead(number, date.fromordinal(day), block.combos[place], key.decode(), [], span, [])
        for number, day, place, key, span in zip(
            block.number.tolist(), block.day.tolist(), block.place.tolist(), block.key_texts(),
            block.span.tolist(), strict=True,
        )
    ]  # fmt: skip
    who = block.who.tolist() if len(block.who) else [-1] * len(block.row)
    columns = (block.row.tolist(), block.order.tolist(), block.value.tolist(), who)
    for row, order, value, person in zip(*columns, strict=True):
        rows[row].values.append((order, value))
        if person >= 0:
            rows[row].people.append((order, block.people[person]))
    return rows


def spooled_rows(paths, rows_done=0, readings=100):
    """All rows that count, whatever the batches."""
    found = batches(paths, rows_done=rows_done, readings=readings)
    return [row for batch in found for row in rows_in(batch.block)]
