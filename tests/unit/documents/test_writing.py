"""Files are written whole or not at all, and equal values give equal bytes."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivigil.documents import canonical_json, write_whole


def test_a_file_is_written_with_its_text(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    write_whole(path, "µ\n")
    assert path.read_bytes() == "µ\n".encode()
    write_whole(path, "new\n")
    assert path.read_bytes() == b"new\n"
    assert [one.name for one in tmp_path.iterdir()] == ["file.json"]


def test_text_that_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "x" * 100_000 + "\ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["file.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_half_way_leaves_the_old_file_and_nothing_else(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "file.json"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "new")
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["file.json"]


def test_a_folder_that_is_not_there_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "missing" / "file.json", "text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask to respect")
@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o600), (0o022, 0o644)])
def test_who_may_read_the_file_is_what_the_umask_says(umask: int, mode: int, tmp_path: Path) -> None:
    """A decision holds what is known of a patient: it is not for every user of the machine to read."""
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "file.json", "text")
    finally:
        os.umask(before)
    assert (tmp_path / "file.json").stat().st_mode & 0o777 == mode


def test_a_name_without_a_folder_is_in_the_present_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_whole(Path("file.json"), "text")
    assert (tmp_path / "file.json").read_text(encoding="utf-8") == "text"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("2.50"), "2.5"),
        (Decimal(30), "30"),
        (Decimal("30.0"), "30"),
        (Decimal("3E+1"), "30"),
        (Decimal("-0"), "0"),
        (Decimal("0.1"), "0.1"),
        ({"b": 1, "a": (True, None)}, '{"b": 1, "a": [true, null]}'),
        ("µ", '"µ"'),
    ],
)
def test_canonical_json(value: object, text: str) -> None:
    assert canonical_json(value) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_equal_decimals_give_equal_bytes_and_read_back_as_the_same_double(value: Decimal) -> None:
    text = canonical_json(value)
    assert text == canonical_json(value.normalize())
    assert float(json.loads(text)) == float(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json(value)
