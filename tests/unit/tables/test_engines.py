"""Each engine holds the same values, and its nulls mean the same in every expression."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import duckdb
import pytest
from tests.differential.frames_drawn import engine_named

from ivigil.criteria import Truth, conjunction, disjunction, negation
from ivigil.criteria.truth import exclusive, truth_of
from ivigil.tables import (
    ENGINES,
    Engine,
    EngineMissingError,
    Expr,
    Frame,
    Kind,
    Value,
    column,
    kinds_of,
    literal,
    start,
    unknown,
)
from ivigil.tables import engines as engines_module
from ivigil.tables.arithmetic import quotient
from ivigil.tables.expressions import (
    certainly,
    count,
    decided,
    every,
    first_known,
    has_bit,
    joined_text,
    one_of,
    possibly,
    some,
    where,
)
from ivigil.tables.grouping import grouped, joined, rows, those, total
from ivigil.tables.steps import stepped

KINDS: dict[str, Kind] = {"has:one": "truth", "a__low": "number", "n": "whole", "t": "text"}
ROWS: list[tuple[Value, ...]] = [
    (True, 0.1, 1, "a"),
    (None, None, None, None),
    (False, -2.5, 2**40, "it's"),
    (None, 30.0, 0, "a; b"),
]
TRUTHS = (True, False, None)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    found = engine_named(request.param)
    yield found
    found.stop()


def test_rows_come_back_as_they_were_given(engine: Engine, tmp_path: Path) -> None:
    frame = engine.table(KINDS, ROWS)
    assert kinds_of(frame) == KINDS
    assert engine.rows(frame) == ROWS
    assert engine.rows(engine.table(KINDS, [])) == []
    assert engine.rows(engine.kept(frame)) == ROWS
    engine.write_parquet(frame, tmp_path / "rows.parquet")
    again = engine.read_parquet([tmp_path / "rows.parquet"])
    assert kinds_of(again) == KINDS
    assert sorted(engine.rows(again), key=repr) == sorted(ROWS, key=repr)


def test_what_was_prepared_is_worked_out_for_whatever_files_are_named(engine: Engine, tmp_path: Path) -> None:
    """Columns that are not read, rows that are filtered, and a table joined with itself among the rest."""

    def made(frame: Frame) -> Frame:
        numbered = those(frame, column("n") >= 0)
        counted = grouped(numbered, ["t"], many=rows())
        return joined(numbered.select("t", "n"), counted, ["t"])

    prepared = engine.prepared(KINDS, made)
    for name, content in (("one", ROWS), ("two", [*ROWS, *ROWS]), ("none", [])):
        given, out = tmp_path / f"{name}.parquet", tmp_path / f"{name}.out"
        engine.write_parquet(engine.table(KINDS, content), given)
        prepared([given], out)
        engine.write_parquet(made(engine.read_parquet([given])), tmp_path / f"{name}.at-once")
        found, at_once = (engine.rows(engine.read_parquet([one])) for one in (out, tmp_path / f"{name}.at-once"))
        assert sorted(found, key=repr) == sorted(at_once, key=repr)
        assert len(found) == sum(1 for row in content if row[2] is not None)
    prepared([tmp_path / "one.parquet", tmp_path / "two.parquet"], tmp_path / "both.out")
    assert len(engine.rows(engine.read_parquet([tmp_path / "both.out"]))) == 9


def test_more_rows_than_are_put_in_at_once(engine: Engine) -> None:
    rows: list[tuple[Value, ...]] = [(number, None) for number in range(120)]
    assert sorted(engine.rows(engine.table({"n": "whole", "t": "text"}, rows))) == rows


def test_connectives_are_kleenes(engine: Engine) -> None:
    pairs = list(product(TRUTHS, TRUTHS))
    frame = engine.table({"a": "truth", "b": "truth"}, pairs)
    a, b = column("a"), column("b")
    found = engine.rows(
        frame.select("a", "b", both=a & b, either=a | b, none=~a, one=a != b, every=every([a, b, a]), some=some([a, b]))
    )
    assert len(found) == len(pairs)
    for one, other, both, either, none, single, every_one, some_one in found:
        left, right = truth_of(one), truth_of(other)  # type: ignore[arg-type]
        expected = [conjunction((left, right)), disjunction((left, right)), negation(left), exclusive(left, right)]
        expected += [conjunction((left, right)), disjunction((left, right))]
        assert [truth_of(truth) for truth in (both, either, none, single, every_one, some_one)] == expected  # type: ignore[arg-type]


def values(engine: Engine, **expressions: Expr) -> dict[str, list[Value]]:
    """What expressions over ``ROWS`` give, in order of rows."""
    frame = engine.table({"place": "whole", **KINDS}, [(place, *row) for place, row in enumerate(ROWS)])
    rows = sorted(engine.rows(frame.select("place", **expressions)), key=lambda row: int(row[0] or 0))
    return {name: [row[index] for row in rows] for index, name in enumerate(expressions, start=1)}


def test_what_is_unknown_stays_unknown(engine: Engine) -> None:
    truth, number, whole, text = (column(name) for name in KINDS)
    found = values(
        engine,
        less=number < 30.0,
        equal=number == 30.0,
        among=one_of(text, ["a", "it's"]),
        among_none=one_of(text, []),
        bit=has_bit(whole, 0),
        high_bit=has_bit(whole, 40),
        decided=decided(certainly(number > 1.0), certainly(number < 0.0)),
        where=where(certainly(truth), text),
        nothing=unknown("truth"),
    )
    assert found == {
        "less": [True, None, True, False],
        "equal": [False, None, False, True],
        "among": [True, None, True, False],
        "among_none": [False, None, False, False],
        "bit": [True, None, False, False],
        "high_bit": [False, None, True, False],
        "decided": [None, None, False, True],
        "where": ["a", None, None, None],
        "nothing": [None, None, None, None],
    }


def test_what_has_to_be_definite_is(engine: Engine) -> None:
    truth, number, _, text = (column(name) for name in KINDS)
    found = values(
        engine,
        certain=certainly(truth),
        possible=possibly(truth),
        first=first_known((number, literal(7.0))),
        number=count([certainly(truth), possibly(truth)]),
        joined=joined_text([where(certainly(truth), literal("x")), text], "+"),
        every=every([]),
        some=some([]),
    )
    assert found == {
        "certain": [True, False, False, False],
        "possible": [True, True, False, True],
        "first": [0.1, 7.0, -2.5, 30.0],
        "number": [2, 1, 0, 1],
        "joined": ["x+a", "", "it's", "a; b"],
        "every": [True] * 4,
        "some": [False] * 4,
    }


def test_hundreds_of_operands_are_no_deep_nesting(engine: Engine) -> None:
    found = values(engine, some=some([certainly(column("n") == number) for number in range(600)]))
    assert found["some"] == [True, False, False, True]


NAN: tuple[tuple[float, float, dict[str, bool]], ...] = (
    (float("nan"), 30.0, {"less": False, "at most": False, "equal": False, "more": True}),
    (30.0, float("nan"), {"less": True, "at most": True, "equal": False, "more": False}),
    (float("nan"), float("nan"), {"less": False, "at most": True, "equal": True, "more": False}),
)


def test_what_is_no_number_lies_above_all_numbers(engine: Engine) -> None:
    """What reads a table turns it into an unknown; were it to slip through, no engine would answer otherwise."""
    frame = engine.table(
        {"place": "whole", "a": "number", "b": "number"}, [(place, a, b) for place, (a, b, _) in enumerate(NAN)]
    )
    a, b = column("a"), column("b")
    compared = {"less": a < b, "at most": a <= b, "equal": a == b, "more": a > b}
    found = sorted(engine.rows(frame.select("place", **compared)))
    assert [dict(zip(compared, row[1:], strict=True)) for row in found] == [wanted for _, _, wanted in NAN]


def test_bits_are_read_as_far_as_a_float_counts(engine: Engine) -> None:
    """Engines divide whole numbers as floats or as such; up to 52 options it makes no difference."""
    masks = [1 << 51, (1 << 52) - 1, (1 << 52) - 2, 0]
    places = (0, 1, 25, 50, 51)
    frame = engine.table({"mask": "whole"}, [(mask,) for mask in masks])
    bits = {f"bit {place}": has_bit(column("mask"), place) for place in places}
    for mask, *found in engine.rows(frame.select("mask", **bits)):
        assert found == [bool(int(mask or 0) >> place & 1) for place in places]


def test_a_name_with_a_dot_is_spelled_without(engine: Engine) -> None:
    """Spark would read it as the way into a structure; names are made of rules and numbers."""
    frame = engine.table({"n": "whole"}, [(1,)])
    made = stepped(frame, [{"above 0.5": column("n") + 1}, {"twice": column("above 0.5") * 2}], ["n"], ["n", "twice"])
    assert engine.rows(made) == [(1, 4)]


def test_a_quotient_is_the_nearest_number(engine: Engine) -> None:
    """Through a reciprocal it would often be its neighbour."""
    numbers = [number * 1e6 for number in range(1, 500)]
    frame = engine.table({"n": "number"}, [(number,) for number in numbers])
    found = engine.rows(frame.select("n", nearest=quotient(column("n"), 1e9)))
    assert sorted(found) == [(number, number / 1e9) for number in numbers]


def test_a_total_of_whole_numbers_is_whole(engine: Engine, tmp_path: Path) -> None:
    frame = engine.table({"n": "whole"}, [(2**40,), (None,), (3,)])
    engine.write_parquet(frame.select(n=total(column("n"))), tmp_path / "total.parquet")
    again = engine.read_parquet([tmp_path / "total.parquet"])
    assert kinds_of(again) == {"n": "whole"}
    assert engine.rows(again) == [(2**40 + 3,)]


def test_a_path_is_no_pattern(engine: Engine, tmp_path: Path) -> None:
    folder, decoy = tmp_path / "audit [1] {b,c} 100% ü?*", tmp_path / "audit 1 b 100% üxy"
    parts = [folder / f"part-{place}.parquet" for place in range(2)]
    for place, path in enumerate([*parts, decoy / "part-0.parquet"]):
        path.parent.mkdir(exist_ok=True)
        engine.write_parquet(engine.table({"n": "whole"}, [(place,)]), path)
    assert sorted(engine.rows(engine.read_parquet(parts))) == [(0,), (1,)]


def test_a_folder_of_files_is_one_table(engine: Engine, tmp_path: Path) -> None:
    """As Spark writes one; whoever reads it elsewhere names its files."""
    polars = start("polars")
    for place in range(2):
        polars.write_parquet(polars.table({"n": "whole"}, [(place,)]), tmp_path / f"part-{place}.parquet")
    assert sorted(engine.rows(engine.read_parquet(sorted(tmp_path.glob("*.parquet"))))) == [(0,), (1,)]


def test_two_names_that_differ_in_case_alone_are_two_or_refused(engine: Engine) -> None:
    kinds: dict[str, Kind] = {"weight": "whole", "Weight": "whole"}
    if engine.name == "duckdb":
        with pytest.raises(duckdb.Error, match="already exists"):
            engine.table(kinds, [(1, 2)])
        return
    frame = engine.table(kinds, [(1, 2)])
    assert engine.rows(frame.select("Weight", more=column("weight") + 1)) == [(2, 2)]


def test_a_missing_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Engine:
        raise ModuleNotFoundError(name="pyspark")

    monkeypatch.setattr(engines_module, "_started", fail)
    with pytest.raises(EngineMissingError, match=r"needs the package pyspark: install ivigil\[spark\]"):
        engines_module.start("spark")


def test_truths_of_the_row_evaluator_have_three_values_here() -> None:
    assert {truth_of(one) for one in TRUTHS} == set(Truth) - {Truth.NOT_APPLICABLE}
