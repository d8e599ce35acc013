"""Walking the parts of an appraisal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from ivigil.knowledge.records import Appraisal, Criterion, Passage


def every_criterion(criterion: Criterion) -> Iterator[Criterion]:
    """``criterion`` and all criteria inside it, groups before their members."""
    yield criterion
    for member in (*criterion.all_of, *criterion.any_of):
        yield from every_criterion(member)


def rules_of(appraisal: Appraisal) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Every rule text of an appraisal, with its path in the file."""
    if appraisal.criteria is not None:
        yield from _criterion_rules(appraisal.criteria, ("criteria",))
    if appraisal.urgency is not None and appraisal.urgency.when is not None:
        yield appraisal.urgency.when, ("urgency", "when")
    for index, exception in enumerate(appraisal.standing_exceptions):
        yield exception.when, ("standing_exceptions", index, "when")
    for index, alternative in enumerate(appraisal.alternatives):
        if alternative.when is not None:
            yield alternative.when, ("alternatives", index, "when")


def _criterion_rules(criterion: Criterion, path: tuple[str | int, ...]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for name in ("rule", "applies_when"):
        text = getattr(criterion, name)
        if text is not None:
            yield text, (*path, name)
    for name in ("all_of", "any_of"):
        for index, member in enumerate(getattr(criterion, name)):
            yield from _criterion_rules(member, (*path, name, index))


def passages_of(record: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Passage, tuple[str | int, ...]]]:  # noqa: ANN401 - any record
    """Every passage anywhere inside ``record``, with its path in the file."""
    if isinstance(record, Passage):
        yield record, path
    elif isinstance(record, tuple):
        for index, item in enumerate(record):
            yield from passages_of(item, (*path, index))
    elif is_dataclass(record):
        for field in fields(record):
            yield from passages_of(getattr(record, field.name), (*path, field.name))


RULE_FIELDS = frozenset({"when", "rule", "harmful_if"})


def rules_in(record: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, tuple[str | int, ...]]]:  # noqa: ANN401 - any record
    """Every rule text anywhere inside ``record``, with its path in the file."""
    if isinstance(record, tuple):
        for index, item in enumerate(record):
            yield from rules_in(item, (*path, index))
    elif isinstance(record, dict):
        for key, item in record.items():
            yield from rules_in(item, (*path, key))
    elif is_dataclass(record):
        for field in fields(record):
            value = getattr(record, field.name)
            if field.name in RULE_FIELDS and isinstance(value, str):
                yield value, (*path, field.name)
            else:
                yield from rules_in(value, (*path, field.name))


def sources_in(record: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, tuple[str | int, ...]]]:  # noqa: ANN401 - any record
    """Every source named anywhere inside ``record`` in a field of that name, with its path in the file."""
    if isinstance(record, tuple):
        for index, item in enumerate(record):
            yield from sources_in(item, (*path, index))
    elif isinstance(record, dict):
        for key, item in record.items():
            yield from sources_in(item, (*path, key))
    elif is_dataclass(record):
        for field in fields(record):
            value = getattr(record, field.name)
            if field.name == "source" and isinstance(value, str):
                yield value, (*path, field.name)
            else:
                yield from sources_in(value, (*path, field.name))
