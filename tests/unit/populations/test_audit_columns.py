"""What an audit adds to requests, on tables drawn at random, against plain Python that looks at one row at a time."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from ivigil.knowledge import Library, load
from ivigil.populations.audit.columns import high_use_columns, review_columns, with_use
from ivigil.tables import EngineName, Kind, start

Row = dict[str, str | float | None]
KINDS: Mapping[str, Kind] = {
    "row": "text",
    "patient": "text",
    "request": "text",
    "index_date": "text",
    "indication": "text",
    "request_total_dose": "number",
    "request_phase": "text",
    "response_to_immunoglobulin": "text",
}
# Flagged by a programme, reviewed by bodies, both, or neither; and requests that name none.
INDICATIONS = ("cidp", "multifocal-motor-neuropathy", "pemphigus", "kawasaki", "stiff-person", None)


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    rng = random.Random(5)  # noqa: S311 - made-up requests
    found: list[Row] = []
    for patient in range(40):
        own = rng.sample(INDICATIONS, 2)
        first = rng.randint(0, 12)
        for number in range(rng.choice((1, 2, 14))):
            month = first + rng.randint(0, 15)
            named = own if rng.random() < 0.2 else own[:1]
            request = {
                "patient": f"p{patient}",
                "request": f"order/{number}",
                "index_date": f"{2023 + month // 12}-{month % 12 + 1:02d}-{rng.randint(1, 28):02d}",
                "request_total_dose": rng.choice((None, 35.0, 130.5, 190.0, 190.0, 190.0, 0.0125, 2 / 3)),
                "request_phase": rng.choice((None, "initial", "continuing", "continuing")),
                "response_to_immunoglobulin": rng.choice((None, "adequate", "not-adequate")),
            }
            found += [{"row": f"p{patient}|{number}|{one}", **request, "indication": one} for one in named]
    return found


@pytest.fixture(scope="module", params=("polars", "duckdb"))
def added(request: pytest.FixtureRequest, rows: list[Row], library: Library) -> list[Row]:
    """Each row with the columns of the audit, in the order of ``rows``."""
    name: EngineName = request.param
    engine = start(name)
    frame = with_use(engine.table(KINDS, [[row[one] for one in KINDS] for row in rows]), library)
    names = frame.collect_schema().names()
    found = {str(one["row"]): one for one in (dict(zip(names, values, strict=True)) for values in engine.rows(frame))}
    engine.stop()
    assert len(found) == len(rows)
    return [found[str(row["row"])] for row in rows]


def of_same(row: Row, rows: Sequence[Row], *names: str) -> list[Row]:
    return [one for one in rows if all(one[name] == row[name] for name in names)]


def milligrams(row: Row, rows: Sequence[Row]) -> int | None:
    """The row's share, halves upwards."""
    dose = row["request_total_dose"]
    assert not isinstance(dose, str)
    return None if dose is None else int(dose * 1000 / len(of_same(row, rows, "patient", "request")) + 0.5)


def months_before(day: str, months: int) -> str:
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 - months, 12)
    return f"{year}-{month + 1:02d}{day[7:]}"


def whole_months(first: str, last: str) -> int:
    count = 0
    while months_before(last, count + 1) >= first:
        count += 1
    return count


def test_every_request_gives_its_grams_once(rows: list[Row], added: list[Row]) -> None:
    assert [one["milligrams"] for one in added] == [milligrams(one, rows) for one in rows]
    assert {one["of_request"] for one in added} == {1, 2}


def test_months_are_counted_from_the_first_request(rows: list[Row], added: list[Row]) -> None:
    for row, found in zip(rows, added, strict=True):
        first = min(str(one["index_date"]) for one in of_same(row, rows, "patient", "indication"))
        assert found["months_on"] == whole_months(first, str(row["index_date"]))


def test_high_use_adds_up_the_months_before_each_request(rows: list[Row], added: list[Row], library: Library) -> None:
    assert set(high_use_columns(library)) <= set(added[0])
    flags = set()
    for rule in library.audits.high_use.values():
        for row, found in zip(rows, added, strict=True):
            flag = found[f"high_use:{rule.id}"]
            if row["indication"] != rule.indication:
                assert flag is None
                continue
            since = months_before(str(row["index_date"]), rule.in_months)
            same = of_same(row, rows, "patient", "indication")
            inside = [one for one in same if since < str(one["index_date"]) <= str(row["index_date"])]
            used = sum(milligrams(one, rows) or 0 for one in inside)
            assert found[f"milligrams_in_months:{rule.in_months}"] == used
            assert flag is (used > rule.above_g * 1000)
            flags.add(flag)
    assert flags == {True, False}


def test_a_review_is_overdue_once_the_months_have_passed(rows: list[Row], added: list[Row], library: Library) -> None:
    states = set()
    for column in review_columns(library):
        rules = library.rule_sets[column.removeprefix("review:")]
        for row, found in zip(rows, added, strict=True):
            assert found["review"] == recorded(row)
            assert found[column] == (
                recorded(row) if recorded(row) != "not recorded" else due(row, found, rules.appraisals)
            )
            states.add(found[column])
    assert states == {"overdue", "not yet due", "no interval", "recorded", "not continuing", "phase unknown"}


def recorded(row: Row) -> str:
    if row["request_phase"] is None:
        return "phase unknown"
    if row["request_phase"] != "continuing":
        return "not continuing"
    return "not recorded" if row["response_to_immunoglobulin"] is None else "recorded"


def due(row: Row, found: Row, appraisals: Mapping[str, object]) -> str:
    appraisal = appraisals.get(str(row["indication"]))
    reviews = getattr(appraisal, "reviews", ())
    months = [one.first_within_months for one in reviews if one.first_within_months is not None]
    if not months:
        return "no interval"
    assert isinstance(found["months_on"], int)
    return "overdue" if found["months_on"] >= min(months) else "not yet due"
