"""An earlier audit judged again under other rules: which requests move, and why each does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ivigil.populations.audit.causes import Cause, Side, causes
from ivigil.populations.audit.folder import decisions_in, requests_in
from ivigil.populations.audit.judging import OTHER, answers
from ivigil.populations.audit.listing import rows_named
from ivigil.populations.landing.progress import Progress
from ivigil.tables import Engine, Frame, Value, column
from ivigil.tables.grouping import joined, ordered, those

_SHOWN = ("row", "patient", "request", "indication", "index_date", "milligrams", "verdict", "standing")
_AFTER = (f"{OTHER}verdict", f"{OTHER}standing")


@dataclass(frozen=True)
class Moved:
    """A request, or one indication of it, that gets another verdict; ``causes`` are what differs."""

    row: str
    patient: str
    request: str
    indication: str | None
    index_date: str
    milligrams: int | None
    verdicts: tuple[str, str]
    standings: tuple[str, str]
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Replay:
    """What moves of so many rows."""

    before: Side
    after: Side
    rows: int
    moved: tuple[Moved, ...]

    @property
    def turns(self) -> list[tuple[tuple[str, str], int, int, int]]:
        """By verdict before and after: patients, rows and milligrams that move so, the most rows first."""
        rows = Counter(one.verdicts for one in self.moved)
        grams: Counter[tuple[str, str]] = Counter()
        for one in self.moved:
            grams[one.verdicts] += one.milligrams or 0
        patients = Counter(turn for turn, _ in {(one.verdicts, one.patient) for one in self.moved})
        return [
            (turn, patients[turn], count, grams[turn])
            for turn, count in sorted(rows.items(), key=lambda x: (-x[1], x[0]))
        ]


def replayed(out: Path, before: Side, after: Side, engine: Engine, progress: Progress) -> Replay:
    """The audit in ``out`` judged again part by part; ``before`` is what it was judged by."""
    parts, decided = requests_in(out), engine.read_parquet(decisions_in(out))
    progress.begin("judging again", len(parts), 0)
    total, moved = 0, list[Moved]()
    for part in parts:
        requests = engine.read_parquet([part])
        both = _both(decided, requests, after)
        total += len(engine.rows(requests.select("row")))
        moved += _moved(engine, both, requests, before, after)
        progress.advance(1)
    return Replay(before, after, total, tuple(sorted(moved, key=lambda one: one.row)))


def _both(decided: Frame, requests: Frame, after: Side) -> Frame:
    new = answers(requests, after.plan).select("row", **{_AFTER[0]: column("verdict"), _AFTER[1]: column("standing")})
    return joined(decided.select(*_SHOWN), new, ["row"])


def _moved(engine: Engine, both: Frame, requests: Frame, before: Side, after: Side) -> Iterator[Moved]:
    """Those whose verdict differs, each looked at by the row evaluator on both sides."""
    chosen = those(both, column("verdict") != column(_AFTER[0])).select(*_SHOWN, *_AFTER)
    found = engine.rows(ordered(chosen, "row"))
    known = rows_named(engine, requests, [str(one[0]) for one in found])
    for values in found:
        yield _one(dict(zip((*_SHOWN, *_AFTER), values, strict=True)), known, before, after)


def _one(cells: Mapping[str, object], known: Mapping[str, Mapping[str, Value]], before: Side, after: Side) -> Moved:
    row = str(cells["row"])
    milligrams = cells["milligrams"]
    return Moved(
        row=row,
        patient=str(cells["patient"]),
        request=str(cells["request"]),
        indication=None if cells["indication"] is None else str(cells["indication"]),
        index_date=str(cells["index_date"]),
        milligrams=None if milligrams is None else int(str(milligrams)),
        verdicts=(str(cells["verdict"]), str(cells[_AFTER[0]])),
        standings=(str(cells["standing"]), str(cells[_AFTER[1]])),
        causes=causes(known[row], before, after),
    )
