"""A reaction as a file states it: read strictly, and written so that it reads back to the same bytes.

.. code-block:: yaml

    definition: canadian-ivig-haemolysis
    signs: {haemoglobin-fall: true, spherocytes: unknown}
    onset_hours: 72
    severity: {definition: nhsn-grades-1-3-1, grade: "2"}
    product: privigen-us
    answers:
      another-definition: {its-sign: false}

What only another definition of the same hazard asks stands under ``answers``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from ivigil.documents import BadInput, Fault, Place, canonical_json, parse_json, parse_yaml
from ivigil.facts.readers.sheet import Path, Sheet, shortened
from ivigil.safety.certainty import SignsKnown
from ivigil.safety.reaction_record import ReactionRecord, answer_of
from ivigil.safety.schemes import GradeGiven
from ivigil.units import is_sane

Form = Literal["yaml", "json"]
FORMS: Mapping[str, Form] = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
_TEXTS, _NUMBERS = ("definition", "product", "lot"), ("onset_hours", "rate_at_onset_ml_per_h", "volume_given_ml")
_GRADES = ("severity", "imputability")
_KEYS = (
    "definition",
    "signs",
    "onset_hours",
    "severity",
    "imputability",
    "product",
    "lot",
    "rate_at_onset_ml_per_h",
    "volume_given_ml",
    "answers",
)
# Text that YAML 1.1 and 1.2 both read as itself when it stands without quotes.
_PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z][a-z0-9_-]*")


@dataclass(frozen=True)
class Stated:
    """What one document states, with where each part of it stands, and its faults. A sign of ``None`` is unknown."""

    texts: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    grades: Mapping[str, GradeGiven] = field(default_factory=dict)
    signs: Mapping[str, bool | None] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], bool | None] = field(default_factory=dict)
    where: Mapping[Path, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def with_added(first: Stated, more: Stated) -> Stated:
    """What both state; where both do, what ``more`` says. The whole stands where ``first`` does."""
    return Stated(
        {**first.texts, **more.texts},
        {**first.numbers, **more.numbers},
        {**first.grades, **more.grades},
        {**first.signs, **more.signs},
        {**first.answers, **more.answers},
        where={**more.where, **first.where, **{path: at for path, at in more.where.items() if path}},
        faults=(*first.faults, *more.faults),
    )


def stated_in(content: bytes, name: str) -> Stated:
    """What a file states; its name decides between YAML and JSON, without an ending how it begins."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    looks_json = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    form = FORMS.get(ending, "json" if looks_json else "yaml")
    try:
        data, place = parse_yaml(content, name) if form == "yaml" else (parse_json(content, name), Place(name))
    except BadInput as error:
        return Stated(faults=error.faults)
    return stated(data, place)


def stated(data: Any, place: Place) -> Stated:  # noqa: ANN401 - any YAML or JSON value
    """What a document in the form of a reaction states."""
    return _Reading(Sheet(place)).read(data)


class _Reading:
    """One reading of one document; each method keeps what fits and notes a fault for what does not."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.where: dict[Path, str] = {(): sheet.place.of(())}

    def read(self, data: Any) -> Stated:  # noqa: ANN401 - any YAML or JSON value
        given = self.sheet.mapping(data, ())
        self.only(given, _KEYS, ())
        return Stated(
            {key: text for key in _TEXTS if (text := self.text(given.get(key), (key,)))},
            {key: number for key in _NUMBERS if (number := self.number(given.get(key), key)) is not None},
            {key: grade for key in _GRADES if (grade := self.grade(given.get(key), key))},
            dict(self.signs(given.get("signs"), ("signs",))),
            dict(self.answers(given.get("answers"))),
            where=self.where,
            faults=tuple(self.sheet.faults),  # the last argument, so that every fault is among them
        )

    def only(self, given: Mapping[str, Any], known: tuple[str, ...], path: Path) -> None:
        for key in given:
            if key not in known:
                hint = self.sheet.nearest(key, known)
                self.sheet.fault((*path, key), f"the key {shortened(key)}", ", ".join(known), hint)

    def text(self, value: Any, path: Path) -> str | None:  # noqa: ANN401 - any YAML value
        if value is None:
            return None
        self.where[path] = self.sheet.place.of(path)
        if _is_number(value):
            self.sheet.fault(path, shortened(value), "text", f'Write "{value}" in quotes.')
            return None
        found = self.sheet.text(value, path)
        if found is not None and found.encode("utf-8", "replace").decode("utf-8") != found:
            self.sheet.fault(path, "half of a surrogate pair", "whole characters")
            return None
        return found

    def number(self, value: Any, key: str) -> Decimal | None:  # noqa: ANN401 - any YAML value
        if value is None:
            return None
        self.where[key,] = self.sheet.place.of((key,))
        expected = "a number" if key == "onset_hours" else "a number, 0 or more"
        if not _is_number(value) or (key != "onset_hours" and value < 0):
            self.sheet.fault((key,), shortened(value), expected, "Write it without a unit: its name says which.")
            return None
        if not is_sane(Decimal(value)):
            self.sheet.fault((key,), "a number of a size no measurement has", expected)
            return None
        return Decimal(value)

    def grade(self, value: Any, key: str) -> GradeGiven | None:  # noqa: ANN401 - any YAML value
        if value is None:
            return None
        given, wanted = self.sheet.mapping(value, (key,)), ("definition", "grade")
        self.only(given, wanted, (key,))
        found = [self.text(given.get(one), (key, one)) for one in wanted]
        for one in wanted if isinstance(value, dict) else ():
            if given.get(one) in (None, ""):
                self.sheet.fault((key,), f"no {one!r}", "this field", "Add it.")
        self.where[key,] = self.sheet.place.of((key,))
        return GradeGiven(found[0], found[1]) if found[0] and found[1] else None

    def signs(self, value: Any, path: Path) -> Iterator[tuple[str, bool | None]]:  # noqa: ANN401 - any YAML value
        for sign, answer in self.sheet.mapping(value, path).items():
            where = (*path, sign)
            self.where[where] = self.sheet.place.of(where)
            if isinstance(answer, bool) or answer in (None, "unknown"):
                yield sign, answer if isinstance(answer, bool) else None
            else:
                self.sheet.fault(where, shortened(answer), "true, false or unknown")

    def answers(self, value: Any) -> Iterator[tuple[tuple[str, str], bool | None]]:  # noqa: ANN401 - any YAML value
        for definition, signs in self.sheet.mapping(value, ("answers",)).items():
            if not signs:
                self.sheet.fault(("answers", definition), shortened(signs), "signs of this definition")
            for sign, answer in self.signs(signs, ("answers", definition)):
                yield (definition, sign), answer


def _is_number(value: Any) -> bool:  # noqa: ANN401 - any YAML value
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def record_json(record: ReactionRecord) -> dict[str, Any]:
    """The record in the form of its file, in one order, less what is not known."""
    reaction = record.reaction
    made: dict[str, Any] = {key: getattr(reaction, key) for key in _KEYS if key not in {"signs", "answers"}}
    for key in _GRADES:
        given: GradeGiven | None = getattr(reaction, key)
        made[key] = {"definition": given.definition, "grade": given.grade} if given else None
    made["signs"] = _answered(reaction.signs)
    made["answers"] = {key: _answered(signs) for key, signs in record.answers.items() if signs}
    return {key: made[key] for key in _KEYS if made[key] not in (None, {})}


def _answered(signs: SignsKnown) -> dict[str, bool | str]:
    answers = {sign: answer_of(value) for sign, value in signs.items()}
    return {sign: "unknown" if answer is None else answer for sign, answer in answers.items()}


def record_text(record: ReactionRecord, form: Form) -> str:
    """The record as YAML or JSON: equal records give equal bytes."""
    made = record_json(record)
    return f"{canonical_json(made, indent=2)}\n" if form == "json" else "".join(f"{line}\n" for line in _lines(made))


def _lines(made: Mapping[str, Any], pad: str = "") -> Iterator[str]:
    for key, value in made.items():
        if isinstance(value, Mapping):
            yield f"{pad}{_scalar(key)}:"
            yield from _lines(value, f"{pad}  ")
        else:
            yield f"{pad}{_scalar(key)}: {_scalar(value)}"


def _scalar(value: str | bool | Decimal) -> str:  # noqa: FBT001 - a value, not a switch
    """A value as both YAML 1.1 and 1.2 read it: ids plain, other text in quotes, with escapes where nothing shows."""
    if not isinstance(value, str):
        return canonical_json(value)
    if _PLAIN.fullmatch(value):
        return value
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in canonical_json(value))
