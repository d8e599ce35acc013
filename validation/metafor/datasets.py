"""The data sets of the comparison with metafor: read strictly, with every fault listed.

A data set is one file of ``data``: where the figures of each study were read (``sources``), of what kind its rows are,
and which column orders the studies (``order``), groups them (``group``) or explains them (``moderators``). A name that
begins with ``synthetic-`` is drawn by ``draw_synthetic.py`` and stands for no study.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources import Source, source_faults, sources_of

from ivigil.documents import BadInput, Fault, parse_yaml
from ivigil.synthesis.measures import MEASURES
from ivigil.synthesis.rows import OneCorrelation, OneProportion, Reported, StudyData, TwoByTwo, TwoMeans

DATA = Path(__file__).parent / "data"
SYNTHETIC = "synthetic-"
_ROWS: dict[str, type[Any]] = {
    "two-by-two": TwoByTwo,
    "two means": TwoMeans,
    "proportion": OneProportion,
    "correlation": OneCorrelation,
    "reported": Reported,
}
_COLUMNS = {
    "two-by-two": {"label", "events_a", "n_a", "events_b", "n_b"},
    "two means": {"label", "mean_a", "sd_a", "n_a", "mean_b", "sd_b", "n_b"},
    "proportion": {"label", "events", "n"},
    "correlation": {"label", "r", "n"},
    "reported": {"label", "estimate"},
}
_MAY_HOLD = {"reported": {"low", "high", "se"}}
_MUST = {"id", "title", "kind", "measures", "sources", "columns", "rows"}
_MAY = {"order", "group", "moderators"}


@dataclass(frozen=True, eq=False)
class DataSet:
    """One published or synthetic data set; ``table`` holds each study as the file gives it, by column."""

    id: str
    title: str
    kind: str
    measures: tuple[str, ...]
    sources: tuple[Source, ...]
    columns: tuple[str, ...]
    table: tuple[Mapping[str, Any], ...]
    order: str | None
    group: str | None
    moderators: tuple[str, ...]

    @property
    def is_synthetic(self) -> bool:
        """Whether its figures are drawn and stand for no study."""
        return self.id.startswith(SYNTHETIC)

    @property
    def is_primary(self) -> bool:
        """Whether every figure was read in the report of its study or in the paper that published the set."""
        return all(one.is_primary for one in self.sources)

    @property
    def studies(self) -> tuple[StudyData, ...]:
        """The rows as an analysis takes them."""
        known = _COLUMNS[self.kind] | _MAY_HOLD.get(self.kind, set())
        return tuple(
            _ROWS[self.kind](**{name: _figure(value) for name, value in row.items() if name in known})
            for row in self.table
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """The studies in the order of the file."""
        return tuple(row["label"] for row in self.table)


def _figure(value: Any) -> Any:  # noqa: ANN401 - a label or a number
    return value if isinstance(value, str) else float(value)


def data_sets() -> tuple[DataSet, ...]:
    """Every data set, by its id. Raises ``BadInput`` listing every fault of every file."""
    read = [_read(path) for path in sorted(DATA.glob("*.yaml"))]
    if faults := [fault for _, found in read for fault in found]:
        raise BadInput(faults)
    return tuple(one for one, _ in read if one is not None)


def digest() -> str:
    """SHA-256 over the names and the contents of the data files: pins that carry another one are stale."""
    whole = hashlib.sha256()
    for path in sorted(DATA.glob("*.yaml")):
        whole.update(f"{path.name}\n".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _read(path: Path) -> tuple[DataSet | None, list[Fault]]:
    document, _ = parse_yaml(path.read_bytes(), path.name)
    if faults := list(_shape_faults(document, path)):
        return None, faults
    if faults := list(_content_faults(document, path)):
        return None, faults
    table = tuple(dict(zip(document["columns"], row, strict=True)) for row in document["rows"])
    return DataSet(
        document["id"],
        document["title"],
        document["kind"],
        tuple(document["measures"]),
        sources_of(document["sources"]),
        tuple(document["columns"]),
        table=table,
        order=document.get("order"),
        group=document.get("group"),
        moderators=tuple(document.get("moderators", ())),
    ), []


def _shape_faults(document: Any, path: Path) -> Iterator[Fault]:  # noqa: ANN401 - an untrusted document
    if not isinstance(document, dict):
        yield Fault(path.name, "no mapping", "a data set")
        return
    for name in sorted(_MUST - set(document)):
        yield Fault(path.name, f"no {name}", "every field of a data set")
    for name in sorted(set(document) - _MUST - _MAY):
        yield Fault(path.name, name, f"one of {', '.join(sorted(_MUST | _MAY))}")


def _content_faults(document: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    kind, columns = document["kind"], document["columns"]
    if document["id"] != path.stem:
        yield Fault(f"{path.name}, id", str(document["id"]), path.stem)
    if kind not in _COLUMNS:
        yield Fault(f"{path.name}, kind", str(kind), f"one of {', '.join(_COLUMNS)}")
        return
    for measure in document["measures"]:
        if measure not in MEASURES or kind not in (MEASURES[measure].of, "reported"):
            yield Fault(f"{path.name}, measures", str(measure), f"measures of {kind}")
    yield from _column_faults(document, path, kind)
    for number, row in enumerate(document["rows"], start=1):
        if len(row) != len(columns):
            yield Fault(f"{path.name}, row {number}", f"{len(row)} cells", f"{len(columns)}")
    labels = [dict(zip(columns, row, strict=False)).get("label") for row in document["rows"]]
    yield from source_faults(document["sources"], labels, path.name)


def _column_faults(document: Mapping[str, Any], path: Path, kind: str) -> Iterator[Fault]:
    columns = set(document["columns"])
    named = {document.get("order"), document.get("group"), *document.get("moderators", ())} - {None}
    known = _COLUMNS[kind] | _MAY_HOLD.get(kind, set())
    for name in sorted((_COLUMNS[kind] | named) - columns):
        yield Fault(f"{path.name}, columns", f"no {name}", "every column of the kind and every column named")
    for name in sorted(columns - known - named):
        yield Fault(f"{path.name}, columns", name, "a column of the kind, the order, the group or a moderator")
