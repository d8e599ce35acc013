"""Many mutated documents, each judged or refused with a clear error; prints a summary, and fails on any traceback.

    python tests/fuzz_long.py [HOW_MANY] [FIRST_SEED]    mutated examples, 20,000 unless told otherwise
    python tests/fuzz_long.py --large [MEGABYTES]        one generated Bundle, 50 MB unless told otherwise

Each mutant follows from its seed alone, so that a failure can be repeated.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from ivigil.documents import BadInput
from ivigil.explain.answer import answer
from ivigil.explain.as_json import decision_text
from ivigil.explain.page import page
from ivigil.facts import read_case
from ivigil.knowledge import Library, load
from ivigil.review import Judge

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 20)
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    0.1,
    10**30,
    "",
    " ",
    "NaN",
    "Infinity",
    "null",
    "-70",
    "1e999999",
    "٣",
    "2026-13-45",
    "0000",
    "9999-12-31T23:59:60+14:00",
    "0001-01-01T00:00:00+14:00",
    "#",
    "/",
    "urn:uuid:",
    "Patient/",
    "[bold]<b>&amp;{}%s\x1b[31m\u202e\x00",
    "é" * 300,
    "x" * 5000,
    [],
    {},
    [[]],
    [None],
    {"value": None},
    {"coding": [{"system": "", "code": ""}]},
    {"reference": "#self"},
)
# What Python cannot write as JSON itself, put in as text afterwards.
RAW = {
    "RAW-0": b"1e999999",
    "RAW-1": b"-1e999999999",
    "RAW-2": b"NaN",
    "RAW-3": b"-Infinity",
    "RAW-4": b'"\\ud800"',
    "RAW-5": b"9" * 5000,
    "RAW-6": b"1." + b"3" * 3000,
    "RAW-7": b"[" * 200 + b"]" * 200,
    "RAW-8": b'{"a":' * 3000 + b"1" + b"}" * 3000,
    "RAW-9": b"1e-999999999",
    "RAW-10": b"0e999999999",
}
_RAW = re.compile(rb'"(RAW-[0-9]+)"')


@cache
def library() -> Library:
    return load()


@cache
def judge() -> Judge:
    return Judge(library())


@cache
def examples() -> tuple[bytes, ...]:
    """The JSON examples, in order of name."""
    return tuple(path.read_bytes() for path in sorted(DATA.glob("*.json")))


def mutant(seed: int) -> bytes:
    """An example with one to six changes to its nodes, and sometimes to its bytes."""
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    document = json.loads(rng.choice(examples()))
    for _ in range(rng.randint(1, 6)):
        change(document, rng)
    content = json.dumps(document, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
    content = _RAW.sub(lambda match: RAW[match[1].decode()], content)
    return damaged(content, rng) if rng.random() < 0.15 else content


def change(document: object, rng: random.Random) -> None:
    """Delete, repeat, rename, move or replace one node somewhere in ``document``."""
    places = list(nodes(document))
    if not places:
        return
    parent, key = rng.choice(places)
    act = rng.choice(("delete", "odd", "odd", "raw", "elsewhere", "wrap", "repeat", "rename"))
    if act == "delete":
        del parent[key]
    elif act == "odd":
        parent[key] = deepcopy(rng.choice(ODD))
    elif act == "raw":
        parent[key] = rng.choice(list(RAW))
    elif act == "elsewhere":
        other, name = rng.choice(places)
        parent[key] = deepcopy(other[name])
    elif act == "wrap":
        parent[key] = rng.choice(
            ([parent[key]], {"value": parent[key]}, [parent[key], deepcopy(parent[key])], str(parent[key]))
        )
    elif isinstance(parent, list):
        parent.insert(key, deepcopy(parent[key]))
    else:
        parent[rng.choice((str(key).upper(), f"_{key}", "modifierExtension", "value", "id"))] = deepcopy(parent[key])


def nodes(value: object) -> Iterator[tuple[Any, Any]]:
    """Every place inside ``value``, as its container and key or index."""
    if isinstance(value, (dict, list)):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from nodes(value[key])


def damaged(content: bytes, rng: random.Random) -> bytes:
    """``content`` cut off, or with some bits flipped, or with bytes lost in the middle."""
    place = rng.randrange(len(content))
    act = rng.randrange(3)
    if act == 0:
        return content[:place]
    if act == 1:
        return content[:place] + content[place + rng.randint(1, 50) :]
    changed = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def outcome(content: bytes) -> str:
    """``judged`` or ``refused``; anything else is raised."""
    try:
        case = read_case(content, "mutant.json", library().vocabulary)
    except BadInput as error:
        if not str(error).encode():
            raise AssertionError("bad input without a fault") from error
        return "refused"
    decisions = judge().decide(case, library().rule_sets["review-2015"], TODAY)
    assert decisions
    for decision in decisions:
        decision_text(decision).encode()
    page([answer(decision) for decision in decisions]).encode()
    return "judged"


def large(megabytes: int) -> bytes:
    """A Bundle of one patient with an order and very many observations."""
    document = json.loads((DATA / "gbs-supported.json").read_bytes())
    observation = json.dumps(next(one for one in document["entry"] if one["resource"]["resourceType"] == "Observation"))
    entries = [json.dumps(one) for one in document["entry"]]
    count = megabytes * 1_000_000 // (len(observation) + 9)
    entries += [observation.replace("weight", f"w{number}") for number in range(count)]
    return b'{"resourceType": "Bundle", "type": "collection", "entry": [' + ",".join(entries).encode() + b"]}"


def run(count: int, first: int) -> int:
    """Judge ``count`` mutants; the number that ended in a traceback."""
    found: Counter[str] = Counter()
    slowest = (0.0, -1)
    began = time.perf_counter()
    for seed in range(first, first + count):
        start = time.perf_counter()
        try:
            found[outcome(mutant(seed))] += 1
        except Exception:  # noqa: BLE001 - whatever it is, it is a failure to be shown
            found["traceback"] += 1
            if found["traceback"] <= 10:
                print(f"--- seed {seed}")  # noqa: T201
                traceback.print_exc(limit=-4)
        slowest = max(slowest, (time.perf_counter() - start, seed))
    took = time.perf_counter() - began
    summary = ", ".join(f"{found[name]} {name}" for name in ("judged", "refused", "traceback"))
    print(f"{count} mutants: {summary}; {took:.0f} s, the slowest {slowest[0]:.2f} s (seed {slowest[1]})")  # noqa: T201
    return found["traceback"]


def run_large(megabytes: int) -> None:
    """Read and judge one large Bundle, and say what it took."""
    import resource  # noqa: PLC0415 - not on every system

    content = large(megabytes)
    start = time.perf_counter()
    case = read_case(content, "large.json", library().vocabulary)
    read = time.perf_counter()
    decision = judge().decide(case, library().rule_sets["review-2015"], TODAY)[0]
    judged = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201
        f"{len(content) / 1e6:.0f} MB, {len(case.statements)} statements: {decision.verdict}; "
        f"read in {read - start:.1f} s, judged in {judged - read:.1f} s, peak {peak:.0f} MiB"
    )


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=20_000, help="how many mutants (20000)")
    parser.add_argument("seed", nargs="?", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--large", nargs="?", type=int, const=50, metavar="MB", help="one large Bundle instead (50 MB)")
    given = parser.parse_args()
    if given.large is None:
        return 1 if run(given.count, given.seed) else 0
    run_large(given.large)
    return 0


if __name__ == "__main__":
    sys.exit(main())
