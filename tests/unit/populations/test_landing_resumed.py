"""A landing that was killed and taken up again ends with the bytes of one that was not."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.populations.landing_inputs import TODAY, asking, export, landed
from tests.unit.readers.records import GBS, library, order, patient

from ivigil.documents import BadInput, Fault
from ivigil.populations.landing import Silent, land

PEOPLE = 24
SCRIPT = Path(__file__).with_name("landing_killed.py")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = asking(tmp_path_factory.mktemp("in"), PEOPLE)
    with (folder / "Observation.ndjson").open("ab") as file:
        file.write(b'{"cut short')
    return folder


def run(folder: Path, out: Path, *, workers: int = 1, where: str = "none", count: int = 0) -> int:
    command = [sys.executable, str(SCRIPT), str(folder), str(out), str(workers), where, str(count)]
    return subprocess.run(command, check=False, timeout=300).returncode


def bytes_of(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("whole") / "out"
    assert run(folder, out) == 0
    found = bytes_of(out)
    assert sum(name.startswith("landed/requests/") for name in found) > 2
    return found


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("advance", 1),
        ("advance", 5),
        ("advance", 11),
        ("spill", 1),
        ("spill", 4),
        ("list", 3),
        ("table", 1),
        ("table", 4),
    ],
)
def test_after_a_kill_a_second_run_ends_with_the_same_bytes(
    folder: Path, tmp_path: Path, undisturbed: dict[str, bytes], where: str, count: int
) -> None:
    out = tmp_path / "out"
    assert run(folder, out, where=where, count=count) == -signal.SIGKILL
    assert bytes_of(out) != undisturbed
    assert not (out / "landing.json").exists()
    assert run(folder, out) == 0
    assert bytes_of(out) == undisturbed


def test_the_number_of_workers_changes_no_byte(folder: Path, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    assert run(folder, tmp_path / "out", workers=3) == 0
    assert bytes_of(tmp_path / "out") == undisturbed


def test_killed_with_workers_it_goes_on_as_well(folder: Path, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    out = tmp_path / "out"
    assert run(folder, out, workers=2, where="advance", count=9) == -signal.SIGKILL
    assert run(folder, out, workers=2) == 0
    assert bytes_of(out) == undisturbed


def test_a_finished_landing_is_taken_as_it_is(folder: Path, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    out = tmp_path / "out"
    assert run(folder, out) == 0
    stamps = {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    assert run(folder, out) == 0
    assert bytes_of(out) == undisturbed
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")} == stamps


def test_another_input_in_the_same_folder_is_refused_and_nothing_is_touched(tmp_path: Path) -> None:
    out = tmp_path / "out"
    landed(export(tmp_path / "in", patient(), order(reasonCode=[GBS])), out)
    before = bytes_of(out)
    export(tmp_path / "in", patient(), order(reasonCode=[GBS], status="draft"))
    with pytest.raises(BadInput, match="a landing of another input"):
        landed(tmp_path / "in", out)
    with pytest.raises(BadInput, match="a landing as of another day"):
        landed(tmp_path / "in", out, today=None)
    assert bytes_of(out) == before


def test_a_file_that_is_written_to_meanwhile_is_told(folder: Path, tmp_path: Path) -> None:
    """What stands in the file is not what was found there: nothing is landed from it."""
    given, out = tmp_path / "in", tmp_path / "out"
    shutil.copytree(folder, given)
    path = given / "Observation.ndjson"

    class Writes(Silent):
        def begin(self, stage: str, total: int, done: int) -> None:  # noqa: ARG002 - as it is called
            if stage == "landing":
                os.utime(path, ns=(1, 1))

    with pytest.raises(BadInput) as caught:
        land([given], out, library(), today=TODAY, progress=Writes())
    assert [one.where for one in caught.value.faults] == ["Observation.ndjson"]
    # What was read of it before does not count: it is read again.
    assert landed(given, out).requests.landed == PEOPLE


def test_a_fault_comes_whole_from_another_process() -> None:
    given = BadInput([Fault("file, line 10", "b", "c", "d"), Fault("file, line 9", "b", "c")])
    again = pickle.loads(pickle.dumps(given))  # noqa: S301 - packed here
    assert (again.faults, str(again)) == (given.faults, str(given))
