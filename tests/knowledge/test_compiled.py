"""The compiled form answers only while it fits the YAML; otherwise the YAML answers, and says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ivigil.knowledge import data_folder, load
from ivigil.knowledge.compiled import FILE, read_compiled
from ivigil.knowledge.loading import STALE


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder(), tmp_path / "data"))


def edit_same_length(data: Path) -> None:
    path = data / "rule-sets/review-2015/guillain-barre.yaml"
    before = path.read_bytes()
    after = before.replace(b"rule: days_since_onset <= 14 'd'", b"rule: days_since_onset <= 15 'd'")
    assert len(after) == len(before)
    assert after != before
    path.write_bytes(after)


def add_file(data: Path) -> None:
    text = (data / "sources/qin-2010.yaml").read_text(encoding="utf-8").replace("id: qin-2010", "id: more-2020")
    (data / "sources/more-2020.yaml").write_text(text, encoding="utf-8")


def remove_file(data: Path) -> None:
    (data / "certainty/gbs-children.yaml").unlink()  # nothing names it


def rename_file(data: Path) -> None:
    path = data / "facts/qmg_score.yaml"
    path.with_stem("qmg_total").write_text(path.read_text(encoding="utf-8").replace("id: qmg_score", "id: qmg_total"))
    path.unlink()


def rewrite(change: Callable[[str], str]) -> Callable[[Path], None]:
    def rewritten(data: Path) -> None:
        path = data / FILE
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    return rewritten


def edited(**changes: object) -> Callable[[str], str]:
    return lambda text: json.dumps({**json.loads(text), **changes})


def without(key: str) -> Callable[[str], str]:
    return lambda text: json.dumps({name: value for name, value in json.loads(text).items() if name != key})


def strange_field(text: str) -> str:
    content = json.loads(text)
    content["verdicts"]["no_such_field"] = 1
    return json.dumps(content)


STALE_FORMS: dict[str, Callable[[Path], None]] = {
    "a rule changed in one digit": edit_same_length,
    "a file added": add_file,
    "a file removed": remove_file,
    "a file renamed": rename_file,
    "cut off": rewrite(lambda text: text[: len(text) // 2]),
    "empty": rewrite(lambda _: ""),
    "a list": rewrite(lambda _: "[]"),
    "null": rewrite(lambda _: "null"),
    "another format": rewrite(edited(format=0)),
    "the digest of other files": rewrite(edited(digest="0" * 64)),
    "no facts": rewrite(without("facts")),
    "no digest": rewrite(without("digest")),
    "facts of a wrong kind": rewrite(edited(facts=[1])),
    "a field of another version": rewrite(strange_field),
    "missing": lambda data: (data / FILE).unlink(),
    "bytes that are no text": lambda data: (data / FILE).write_bytes(b"\xff\xfe\x00") and None,
}


def test_a_fresh_copy_is_read(data: Path) -> None:
    assert read_compiled(data) is not None
    assert load(root=data).notes == ()


def test_line_ends_do_not_make_it_stale(data: Path) -> None:
    for path in data.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_compiled(data) is not None


@pytest.mark.parametrize("kind", sorted(STALE_FORMS))
def test_a_stale_form_is_not_used_and_noted(kind: str, data: Path) -> None:
    STALE_FORMS[kind](data)
    assert read_compiled(data) is None
    library = load(root=data)
    assert library.notes == (STALE,)
    assert "review-2015" in library.rule_sets


def test_the_answer_comes_from_the_edited_file(data: Path) -> None:
    before = load(root=data)
    edit_same_length(data)
    after = load(root=data)
    assert "days_since_onset <= 15 'd'" in after.trees
    assert "days_since_onset <= 14 'd'" not in after.trees
    assert after.hash != before.hash
    assert after.rule_sets["review-2015"].hash != before.rule_sets["review-2015"].hash
