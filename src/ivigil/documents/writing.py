"""Documents out: canonical JSON, and files written whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any


def canonical_json(value: Any, *, indent: int | None = None) -> str:  # noqa: ANN401 - any JSON value
    """JSON text of ``value``, so that equal values give equal bytes.

    Keys stand in the order given; a decimal is the shortest number that reads back as the same double.
    """
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, indent=indent)


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path`` in one step: a reader sees the old file or the new one, never half of it."""
    # An ordinary new file, so that who may read it is what the user's umask says.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
