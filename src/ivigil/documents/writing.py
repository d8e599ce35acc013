"""Documents out: canonical JSON, and files written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any


def canonical_json(value: Any, *, indent: int | None = None) -> str:  # noqa: ANN401 - any JSON value
    """JSON text of ``value``: keys in the order given, decimals as the shortest number that reads back
    as the same double, so that equal values give equal bytes."""
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, indent=indent)


def plain_decimal(value: Decimal) -> str:
    """``value`` without exponent and without trailing zeros after the point: ``Decimal("2.50")`` is ``2.5``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def write_whole(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` in one step: a reader sees the old file or the new one, never half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent or Path(), prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
