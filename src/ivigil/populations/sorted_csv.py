"""A table as text that is the same, byte for byte, whichever engine worked it out and in whatever order of rows."""

from __future__ import annotations

from ivigil.tables import Engine, Frame, Value

_QUOTED = frozenset(',"\n\r')


def sorted_csv(engine: Engine, frame: Frame) -> str:
    """``frame``, which fits in memory, as CSV with its rows sorted as text.

    An unknown value is an empty cell and an empty text a quoted one; numbers stand with as many digits as tell them
    apart.
    """
    names = frame.collect_schema().names()
    lines = sorted(_line(row) for row in engine.rows(frame))
    return "".join(f"{line}\n" for line in [_line(names), *lines])


def _line(cells: tuple[Value, ...] | list[str]) -> str:
    return ",".join(map(_cell, cells))


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value) if not value or not _QUOTED.isdisjoint(value) else value
        case _:
            return repr(value)


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
