"""The figures that ship: each with a source that resolves, or plainly made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from ivigil.documents import BadInput, encode, parse_yaml
from ivigil.documents.schemas import check
from ivigil.facts import Reason, coding
from ivigil.knowledge import load
from ivigil.review.match import Matcher
from ivigil.synthetic.course_figures import Figure
from ivigil.synthetic.figures import KINDS, figures
from ivigil.synthetic.fragments import SYSTEMS

LIBRARY = load()


def inside(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any record
    """Every record inside a record."""
    if isinstance(value, (tuple, list)):
        for one in value:
            yield from inside(one)
    elif isinstance(value, dict):
        yield from inside(list(value.values()))
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from inside(getattr(value, field.name))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_file_is_what_its_type_says(name: str) -> None:
    content = files("ivigil.synthetic").joinpath("data", f"{name}.yaml").read_bytes()
    value, place = parse_yaml(content, name)
    assert encode(check(KINDS[name], value, place)) == encode(getattr(figures(), name))


def test_every_figure_has_a_source_or_is_made_up() -> None:
    found = [one for one in inside(figures()) if isinstance(one, Figure)]
    assert any(one.source for one in found)
    for one in found:
        assert (one.source is None) is one.made_up, one
        assert (one.place is None) is one.made_up, one
        assert one.source is None or one.source in LIBRARY.sources, one


def test_whatever_carries_numbers_says_that_they_are_made_up() -> None:
    for one in inside(figures()):
        if hasattr(one, "made_up") and not isinstance(one, Figure):
            assert one.made_up is True, one


def test_shares_of_use_sum_to_one() -> None:
    mix = figures().mix
    assert sum(one.share.value for one in (*mix.uses, mix.others)) == 1


def test_names_lead_somewhere() -> None:
    given = figures()
    assert {one.indication for one in given.mix.uses} <= set(LIBRARY.indications)
    used = (*given.mix.uses, given.mix.others)
    assert {one.people for one in used} == {one.id for one in given.people.groups}
    assert {one.course for one in used} == {one.id for one in given.courses.courses}
    measures = given.measures
    named = {one.fact for one in (*measures.measures, *measures.often, measures.weight, measures.height)}
    assert named <= set(LIBRARY.catalogue.facts)


@pytest.mark.parametrize("drug", figures().courses.drugs, ids=lambda one: one.id)
def test_what_is_ordered_is_known_to_be_immunoglobulin(drug: Any) -> None:  # noqa: ANN401 - a row of the data
    codings = (coding(SYSTEMS[drug.system], drug.code),) if drug.system else ()
    assert LIBRARY.medication.is_ordered(codings, drug.text)


@pytest.mark.parametrize("reason", figures().mix.unlisted, ids=lambda one: one.text)
def test_no_indication_answers_to_an_unlisted_reason(reason: Any) -> None:  # noqa: ANN401 - a row of the data
    codings = (coding(SYSTEMS[reason.system], reason.code),) if reason.system else ()
    assert Matcher(LIBRARY).named(Reason("test", codings=codings, text=reason.text)) == []


@pytest.mark.parametrize("system", sorted(SYSTEMS))
def test_addresses_of_code_systems_are_read_back(system: str) -> None:
    assert coding(SYSTEMS[system], "A00").system == system


def test_a_share_that_cannot_be_is_told_with_all_others() -> None:
    with pytest.raises(BadInput) as error:
        figures().dirt.with_shares({"nonsense": Decimal(0), "stale": Decimal(2), "no-unit": Decimal("0.5")})
    assert len(error.value.faults) == 2
