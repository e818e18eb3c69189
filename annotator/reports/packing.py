"""Tables of numbers and lists of names as few bytes: what waits in a row between two steps of a job."""

import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.agreement import DocumentParts
from annotator.agreement.contributions import VERSION

Table = NDArray[Any]


def pack(names: Mapping[str, Any], tables: Mapping[str, Table]) -> bytes:
    """Names (any JSON) and tables, compressed; `unpack` gives them back."""
    buffer = io.BytesIO()
    said = np.frombuffer(json.dumps(names).encode(), dtype=np.uint8)
    arrays: dict[str, Any] = {f"table_{name}": narrow(table) for name, table in tables.items()}
    np.savez(buffer, names=said, **arrays)
    return zlib.compress(buffer.getvalue(), 1)


def unpack(packed: bytes) -> tuple[dict[str, Any], dict[str, Table]]:
    with np.load(io.BytesIO(zlib.decompress(packed)), allow_pickle=False) as stored:
        names = json.loads(stored["names"].tobytes())
        tables = {
            name.removeprefix("table_"): stored[name] for name in stored.files if name.startswith("table_")
        }
    return names, tables


def narrow(table: Table) -> Table:
    """The same numbers as 32-bit integers where that loses nothing."""
    if table.dtype.kind != "f" or not np.isfinite(table).all() or (np.abs(table) >= 2**31).any():
        return table
    whole = table.astype(np.int32)
    return whole if (whole == table).all() else table


def pack_parts(parts: DocumentParts) -> bytes:
    """The parts of some documents; `unpack_parts` gives the same back."""
    values = {field.name: getattr(parts, field.name) for field in fields(parts)}
    tables = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    names = {name: value for name, value in values.items() if name not in tables}
    return pack({"version": VERSION, **names}, tables)


def unpack_parts(packed: bytes) -> DocumentParts:
    """The parts that `pack_parts` wrote; ValueError for another version of the library's tables."""
    names, tables = unpack(packed)
    version = names.pop("version")
    if version != VERSION:
        raise ValueError(f"parts of version {version}, not {VERSION}")
    left_out = {reason: (count, tuple(ids)) for reason, (count, ids) in names.pop("left_out").items()}
    plain: dict[str, Any] = {name: tuple(value) for name, value in names.items()}
    plain |= {name: table.astype(np.float64) for name, table in tables.items()}
    return DocumentParts(left_out=left_out, **plain)
