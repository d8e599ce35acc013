"""Virtual populations as Parquet, in bounded memory: written whole or not at all, and taken up where they stopped.

Each block becomes a file in the folder ``OUT.parts``, which says by its key what population it is of; an interrupted
run that is started again works only what is missing. At the end the parts are streamed into one file, which takes its
name in one step. polars is needed, the extra ``populations``; nothing else in ivigil needs it here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ivigil.documents import BadInput, Fault, IvigilError, write_whole
from ivigil.kinetics.draws import FloatArray
from ivigil.kinetics.population import Block, Population, Progress, blocks_of
from ivigil.kinetics.population_summary import KEPT, QUANTILES, Summary, Tally
from ivigil.kinetics.targets_search import Target

if TYPE_CHECKING:
    import polars as pl

_KEY = "key"
_ROWS_A_GROUP = 50_000


def write_population(
    population: Population,
    out: Path,
    targets: Sequence[Target] = (),
    *,
    workers: int = 1,
    progress: Progress | None = None,
    shares: Sequence[float] = QUANTILES,
) -> Summary:
    """Write everybody to ``out``, one row a person, and answer the summary. Parts of an earlier run are used.

    Columns: ``person`` from 0, the covariates, ``eta_…``, ``trough``, ``rise``, ``area``, ``own``, ``outside`` and
    ``day_…``; units as in ``population.Block``; what is unknown is null. Raises :class:`BadInput` where ``out`` exists,
    or its parts are of another population, and :class:`IvigilError` without polars.
    """
    frames = _polars()
    parts = _parts(population, out)
    for first, last in _missing(population, parts):
        for block in blocks_of(population, workers=workers, progress=progress, places=range(first, last)):
            _written(frames, population, block, _part(parts, block.first // population.block))
    tally = Tally(population)
    for place in range(population.blocks):
        _tallied(frames, population, tally, _part(parts, place), place * population.block)
    _joined(frames, parts, out)
    return tally.summary(targets, shares)


def _polars() -> Any:  # noqa: ANN401 - a module that may not be there
    try:
        import polars as pl  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise IvigilError("Parquet needs polars: install ivigil with the extra populations.") from None
    return pl


def _parts(population: Population, out: Path) -> Path:
    """The folder of parts, made or taken up."""
    if out.exists():
        raise BadInput([Fault(str(out), "a file", "no file of that name", "Choose another name, or take it away.")])
    if not out.parent.is_dir():
        raise BadInput([Fault(str(out.parent), "no folder", "a folder to write in")])
    parts = out.with_name(out.name + ".parts")
    parts.mkdir(exist_ok=True)
    label = parts / _KEY
    if not label.exists():
        if any(parts.iterdir()):
            raise BadInput([Fault(str(parts), "a folder without a key", "parts of a run of ivigil", "Take it away.")])
        write_whole(label, population.key)
    if label.read_text(encoding="utf-8") != population.key:
        hint = "Take the folder away, or choose another name."
        raise BadInput([Fault(str(parts), "parts of another population", "the same settings as then", hint)])
    return parts


def _part(parts: Path, place: int) -> Path:
    return parts / f"{place:08d}.parquet"


def _missing(population: Population, parts: Path) -> Iterator[tuple[int, int]]:
    """Runs of blocks that have no part yet: from the first up to, without, the last."""
    first = None
    for place in range(population.blocks + 1):
        is_missing = place < population.blocks and not _part(parts, place).exists()
        if is_missing and first is None:
            first = place
        elif not is_missing and first is not None:
            yield first, place
            first = None


def _written(frames: Any, population: Population, block: Block, path: Path) -> None:  # noqa: ANN401
    draft = path.with_suffix(".draft")
    _frame(frames, population, block).write_parquet(draft)
    draft.replace(path)


def _frame(frames: Any, population: Population, block: Block) -> pl.DataFrame:  # noqa: ANN401
    count = len(block.own)
    columns: dict[str, Any] = {"person": np.arange(block.first, block.first + count, dtype=np.int64)}
    columns |= {one.name: getattr(block.covariates, one.name) for one in fields(block.covariates)}
    names = population.kinetics.variability.names
    columns |= {f"eta_{name}": block.etas[:, place] for place, name in enumerate(names)}
    columns |= {name: getattr(block, name) for name in (*KEPT, "outside")}
    columns |= {name: block.levels[:, place] for place, name in enumerate(day_columns(population))}
    frame: pl.DataFrame = frames.DataFrame(columns).fill_nan(None)
    return frame


def day_columns(population: Population) -> tuple[str, ...]:
    """The names of the columns that hold levels, such as ``day_28``."""
    return tuple(f"day_{float(day)!r}".removesuffix(".0") for day in population.days)


def _tallied(frames: Any, population: Population, tally: Tally, path: Path, first: int) -> None:  # noqa: ANN401
    days = day_columns(population) if first < tally.curves else ()
    frame = frames.read_parquet(path, columns=[*KEPT, "outside", *days])

    def column(name: str) -> FloatArray:
        found: FloatArray = frame[name].fill_null(float("nan")).to_numpy()
        return found

    levels = np.stack([column(name) for name in days], axis=1) if days else np.empty((len(frame), 0))
    tally.add_numbers(first, {name: column(name) for name in KEPT}, column("outside"), levels)


def _joined(frames: Any, parts: Path, out: Path) -> None:  # noqa: ANN401
    """All parts as one file, streamed; then the parts go."""
    draft = parts / "whole.draft"
    paths = sorted(parts.glob("*.parquet"))
    frames.scan_parquet(paths).sink_parquet(draft, row_group_size=_ROWS_A_GROUP, maintain_order=True)
    draft.replace(out)
    shutil.rmtree(parts)
