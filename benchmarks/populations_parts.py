"""The parts of a population's way that ``populations.py`` times, each in a process of its own.

``python populations_parts.py PART ...`` prints one line of JSON: the seconds, and what there is to count.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ivigil.knowledge import load
from ivigil.populations.audit.judging import judging as judging_by
from ivigil.populations.audit.judging import plans
from ivigil.populations.audit.running import judge_parts
from ivigil.populations.landing import Silent, land
from ivigil.review import Judge
from ivigil.tables import ENGINES, start

RULES = "review-2015"
THREADS = 2
# The columns that a reader of these records needs at least.
_COLUMNS = """{
    resourceType: 'VARCHAR', id: 'VARCHAR', status: 'VARCHAR', subject: 'STRUCT(reference VARCHAR)',
    code: 'STRUCT(coding STRUCT(system VARCHAR, code VARCHAR)[], text VARCHAR)', effectiveDateTime: 'VARCHAR',
    valueQuantity: 'STRUCT("value" DOUBLE, code VARCHAR)', authoredOn: 'VARCHAR', item: 'JSON', birthDate: 'VARCHAR'
}"""


def reading(records: str) -> dict[str, float]:
    """DuckDB reads the columns, and nothing is made of them."""
    import duckdb  # noqa: PLC0415 - of this part only

    connection = duckdb.connect(config={"threads": THREADS})
    begun = time.perf_counter()
    query = f"SELECT count(*), count(COLUMNS(*)) FROM read_json('{records}/*.ndjson', columns={_COLUMNS})"  # noqa: S608 - ours
    (count, *_) = connection.execute(query).fetchone() or (0,)
    return {"seconds": time.perf_counter() - begun, "resources": count}


def landing(records: str, out: str) -> dict[str, float]:
    """Records to tables of what was stated and of requests."""
    library = load()
    begun = time.perf_counter()
    landed = land([Path(records)], Path(out), library, workers=THREADS)
    return {"seconds": time.perf_counter() - begun, "rows": landed.requests.rows}


def judging(name: str, out: str) -> dict[str, float]:
    """Requests to decisions with verdict, dose and hazards; ``starting`` is for the engine and the rules."""
    begun = time.perf_counter()
    library = load()
    made = plans(library, library.rule_sets[RULES], None, Judge(library))
    engine = start(next(one for one in ENGINES if one == name), threads=THREADS)
    by = judging_by(engine, made)
    ready = time.perf_counter()
    judge_parts(by, Path(out), Silent())
    seconds = time.perf_counter() - ready
    engine.stop()
    return {"starting": ready - begun, "seconds": seconds}


PARTS: dict[str, Callable[..., dict[str, float]]] = {"reading": reading, "landing": landing, "judging": judging}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])))
