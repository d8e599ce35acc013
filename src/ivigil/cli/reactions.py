"""``ivigil reactions``: how bodies define reactions, and what one that came comes to."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from ivigil.cli.given import gathered
from ivigil.cli.output import library, say, unknown_id
from ivigil.cli.review import write
from ivigil.documents import BadInput, Fault, Place, canonical_json, encode
from ivigil.documents.yaml_text import Path as At
from ivigil.documents.yaml_text import plain_scalar
from ivigil.explain.definition_sections import axes_of, body_words, definition_sections
from ivigil.explain.page import plan_page
from ivigil.explain.reaction_json import reaction_json
from ivigil.explain.reaction_sections import reaction_sections
from ivigil.knowledge.safety_records import ReactionDefinition
from ivigil.safety.reaction_check import record_of
from ivigil.safety.reaction_file import FORMS, Form, Stated, record_text, stated, stated_in, with_added
from ivigil.safety.reaction_record import assessed

_WORDS: dict[str, bool | str] = {"yes": True, "true": True, "no": False, "false": False, "unknown": "unknown"}
_NUMBERS = {"onset_hours": "onset_hours", "rate": "rate_at_onset_ml_per_h", "volume": "volume_given_ml"}
_OPTIONS = {"signs": "sign", "answers": "answer", **{key: option for option, key in _NUMBERS.items()}}


def list_all(given: Namespace) -> int:
    """List every definition of a reaction with its body, its hazard and what it grades."""
    held = [one for _, one in sorted(library(given.knowledge).reaction_definitions.items())]
    if given.json:
        say(canonical_json([encode(one) for one in held], indent=2))
        return 0
    for one in held:
        say(_line(one))
    return 0


def _line(one: ReactionDefinition) -> str:
    axes = (f"{axis} {'/'.join(ids)}" for axis, ids in axes_of(one).items() if ids)
    status = "" if one.status == "verified" else f", {one.status}"
    return f"{one.id:26} {one.hazard or 'any hazard':28} {body_words(one)}{status}: {'; '.join(axes)}"


def show(given: Namespace) -> int:
    """Show one definition: its levels, signs, grades and source."""
    known = library(given.knowledge)
    if given.id not in known.reaction_definitions:
        raise unknown_id("reaction definition", given.id, tuple(known.reaction_definitions))
    definition = known.reaction_definitions[given.id]
    if given.json:
        say(canonical_json(encode(definition), indent=2))
        return 0
    from ivigil.explain.terminal import print_sections  # noqa: PLC0415 - rich is not read for JSON

    print_sections(f"Reaction definition · {definition.id}", tuple(definition_sections(definition, known)))
    return 0


def assess(given: Namespace) -> int:
    """Say what a reaction comes to, and write it as a file where asked to."""
    known, faults = library(given.knowledge), list[Fault]()
    form = gathered(faults, lambda: _form(given.out))
    record = gathered(faults, lambda: record_of(_stated(given), known))
    if form is None or record is None:
        raise BadInput(faults)
    found = assessed(record, known)
    title, sections = f"Reaction · {found.definition.name}", tuple(reaction_sections(found, known))
    _write({given.html: plan_page(title, sections), given.out: record_text(record, form)})
    if given.json:
        say(canonical_json(reaction_json(found, known)))
        return 0
    from ivigil.explain.terminal import print_sections  # noqa: PLC0415 - rich is not read for JSON

    print_sections(title, sections, everything=given.all)
    return 0


def _write(texts: Mapping[str | None, str]) -> None:
    """Each text to the file that is named for it; every file that cannot be written is told."""
    faults: list[Fault] = []
    for name, text in texts.items():
        if name is not None:
            gathered(faults, partial(write, Path(name), text))
    if faults:
        raise BadInput(faults)


def _form(out: str | None) -> Form:
    """In which form the record is written: that of the name."""
    form = FORMS.get(Path(out).suffix.lower()) if out is not None else "yaml"
    if form is None:
        raise BadInput([Fault("--out", repr(out), f"a name that ends in {', '.join(FORMS)}")])
    return form


def _stated(given: Namespace) -> Stated:
    """What the file states, with the options added."""
    options = _Options(given).stated()
    return options if given.file is None else with_added(_read(given.file), options)


def _read(name: str) -> Stated:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        return Stated(faults=(Fault(name, (error.strerror or str(error)).lower(), "a file that can be read"),))
    return stated_in(content, "standard input" if name == "-" else Path(name).name)


class _Option(Place):
    """Where a value stands that an option gives."""

    def of(self, path: At) -> str:
        if not path:
            return self.name
        option = _OPTIONS.get(str(path[0]), str(path[0])).replace("_", "-")
        inner = ".".join(str(part) for part in path[1:]) if path[0] in {"signs", "answers"} else ""
        return f"--{option} {inner}".strip()


class _Options:
    """The options put into the form of a file, so that they are read and checked as a file is."""

    def __init__(self, given: Namespace) -> None:
        self.given = given
        self.faults: list[Fault] = []

    def stated(self) -> Stated:
        data: dict[str, Any] = {name: getattr(self.given, name) for name in ("definition", "product", "lot")}
        data |= {key: _number(getattr(self.given, option)) for option, key in _NUMBERS.items()}
        data |= {axis: self.grade(axis) for axis in ("severity", "imputability")}
        data["signs"] = dict(self.answered("--sign", self.given.sign, "ID=yes, ID=no or ID=unknown"))
        data["answers"] = self.answers()
        read = stated({key: one for key, one in data.items() if one not in (None, {})}, _Option("the options"))
        return with_added(read, Stated(faults=tuple(self.faults)))

    def grade(self, axis: str) -> dict[str, str] | None:
        text = getattr(self.given, axis)
        if text is None:
            return None
        definition, _, grade = text.partition(":")
        if not definition or not grade:
            self.faults.append(Fault(f"--{axis}", repr(text), "DEFINITION:GRADE, the grade of a definition"))
            return None
        return {"definition": definition, "grade": grade}

    def answers(self) -> dict[str, dict[str, bool | str]]:
        expected, found = "DEFINITION.SIGN=yes, =no or =unknown", dict[str, dict[str, bool | str]]()
        for name, answer in self.answered("--answer", self.given.answer, expected):
            definition, _, sign = name.partition(".")
            if definition and sign:
                found.setdefault(definition, {})[sign] = answer
            else:
                self.faults.append(Fault("--answer", repr(name), expected))
        return found

    def answered(self, option: str, given: Sequence[str], expected: str) -> Iterator[tuple[str, bool | str]]:
        """Each name with its answer; one that is given twice is a fault, so that their order means nothing."""
        seen: set[str] = set()
        for text in given:
            name, _, word = text.partition("=")
            if not name or word.lower() not in _WORDS:
                self.faults.append(Fault(option, repr(text), expected))
            elif name in seen:
                self.faults.append(Fault(option, repr(text), f"{name} once"))
            else:
                seen.add(name)
                yield name, _WORDS[word.lower()]


def _number(text: str | None) -> int | Decimal | str | None:
    """The number that an option gives, or its text where it is none: the reader tells that as a fault."""
    try:
        value = None if text is None else plain_scalar(text)
    except ValueError:
        return text
    return value if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else text
