"""The people of a virtual population read from a table of covariates, one row a person.

.. code-block:: text

    WT [kg],AGE [a],IGM [g/L],SAD
    62,41,0.4,0

Columns and units are those of an event table; an ``ID`` is read over, and what no model asks for can be ignored.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from ivigil.documents import BadInput, Fault
from ivigil.kinetics.event_columns import Column, columns_of
from ivigil.kinetics.event_rows import RowReading
from ivigil.kinetics.individuals import CovariateTable, tabled
from ivigil.kinetics.people import Covariates

_COVARIATES = ("WT", "LBM", "AGE", "IGM", "SAD")
_OF_EVENTS = ("ID", "TIME")


def read_people(
    content: bytes, name: str, *, units: Mapping[str, str] | None = None, ignored: Sequence[str] = ()
) -> CovariateTable:
    """The covariates of a CSV table called ``name``; ``units`` states units that the header does not.

    Raises :class:`BadInput` with every fault of every row, and nothing is read in part.
    """
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        lines = [(f"{name}, row {reader.line_num}", row) for row in reader if any(cell.strip() for cell in row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput([Fault(name, str(error), "a CSV table in UTF-8")]) from None
    if not lines:
        raise BadInput([Fault(name, "nothing", "a header and rows")])
    columns = _columns(*lines[0], units or {}, ignored)
    faults = [
        Fault(where, f"{len(cells)} cells", f"{len(lines[0][1])}, as in the header")
        for where, cells in lines[1:]
        if len(cells) != len(lines[0][1])
    ]
    if faults:
        raise BadInput(faults)
    return _table([RowReading(columns, cells, where) for where, cells in lines[1:]], name)


def _columns(where: str, head: Sequence[str], units: Mapping[str, str], ignored: Sequence[str]) -> Mapping[str, Column]:
    """The columns of covariates. Those that only an event table must have are added past the end, and never read."""
    found, faults = columns_of([*head, *_OF_EVENTS], where, units, ignored)
    given = {cell.split("[")[0].strip().upper() for cell in head}
    faults = [fault for fault in faults if not (fault.found == "the column twice" and _is_of_events(fault, given))]
    others = [one for one in found if one not in (*_COVARIATES, *_OF_EVENTS)]
    faults += [Fault(f"{where}, {one}", "a column of events", ", ".join(_COVARIATES), "Ignore it.") for one in others]
    if not set(found) & set(_COVARIATES):
        faults.append(Fault(where, "no covariate", ", ".join(_COVARIATES)))
    if faults:
        raise BadInput(faults)
    return found


def _is_of_events(fault: Fault, given: set[str]) -> bool:
    name = fault.where.rsplit(", ", 1)[-1]
    return name in _OF_EVENTS and name in given


def _table(rows: Sequence[RowReading], name: str) -> CovariateTable:
    held = [row.covariates() for row in rows]
    faults = [fault for row in rows for fault in row.faults]
    if not rows:
        faults.append(Fault(name, "a header without rows", "one person at least"))
    if faults:
        raise BadInput(faults)
    return tabled([Covariates(**({"weight_kg": None} | dict(one))) for one in held])
