"""Cohorts as files: the same bytes for one seed, whole files, and runs that go on where they stopped."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

from ivigil.documents import BadInput
from ivigil.synthetic.cohort import MANIFEST, Cohort, usual_files, write_cohort
from ivigil.synthetic.plan import Options
from ivigil.synthetic.recipe import Recipe
from ivigil.synthetic.runs import Place, Written

PATIENTS = 90


def cohort(out: Path, *, patients: int = PATIENTS, files: int = 1, seed: int = 7, packed: bool = False) -> Cohort:
    return Cohort(Recipe(Options(seed)), patients, files, Place(out, packed))


def contents(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def by_type(out: Path) -> dict[str, bytes]:
    """What stands in the files of each type, in their order."""
    found: dict[str, bytes] = defaultdict(bytes)
    for path in sorted(out.glob("*.ndjson*")):
        content = path.read_bytes()
        found[path.name.partition("-")[0]] += gzip.decompress(content) if path.suffix == ".gz" else content
    return dict(found)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("one") / "out"
    written = write_cohort(cohort(out))
    assert written.patients == PATIENTS
    assert written.resources == sum(
        len(text.splitlines()) for kind, text in by_type(out).items() if kind not in {"Medication", "Organization"}
    )
    return out


def test_each_line_is_a_resource_of_its_file(one: Path) -> None:
    for kind, text in by_type(one).items():
        for line in text.splitlines():
            assert json.loads(line)["resourceType"] == kind


@pytest.mark.parametrize("files", [2, 7])
def test_files_divide_the_same_cohort(one: Path, tmp_path: Path, files: int) -> None:
    write_cohort(cohort(tmp_path / "out", files=files))
    assert by_type(tmp_path / "out") == by_type(one)
    assert len(list((tmp_path / "out").glob("Patient-*"))) == files


def test_workers_write_the_same_bytes(tmp_path: Path) -> None:
    told: list[Written] = []
    write_cohort(cohort(tmp_path / "alone", files=4))
    write_cohort(cohort(tmp_path / "two", files=4), workers=2, told=told.append)
    assert contents(tmp_path / "two") == contents(tmp_path / "alone")
    assert told[-1].patients == PATIENTS


def test_packed_files_hold_the_same_and_have_no_time_in_them(one: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_cohort(cohort(tmp_path / name, packed=True))
    assert by_type(tmp_path / "first") == by_type(one)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_a_larger_cohort_begins_with_the_smaller(one: Path, tmp_path: Path) -> None:
    write_cohort(cohort(tmp_path / "out", patients=PATIENTS + 30))
    larger, smaller = by_type(tmp_path / "out"), by_type(one)
    assert all(larger[kind].startswith(text) for kind, text in smaller.items())


class _StopError(Exception):
    """Somebody had enough."""


def test_what_was_stopped_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def told(done: Written) -> None:
        if done.patients > PATIENTS // 2:
            raise _StopError

    with pytest.raises(_StopError):
        write_cohort(cohort(out, files=9), told=told)
    there = {path.name: path.stat().st_mtime_ns for path in out.glob("*-*.ndjson")}
    assert there
    assert not list(out.glob(".*"))
    more = write_cohort(cohort(out, files=9))
    assert 0 < more.patients < PATIENTS
    assert all((out / name).stat().st_mtime_ns == when for name, when in there.items())
    write_cohort(cohort(tmp_path / "whole", files=9))
    assert contents(out) == contents(tmp_path / "whole")
    assert write_cohort(cohort(out, files=9)) == Written()


def test_a_killed_run_leaves_no_half_file_and_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "out"
    wanted = ["synth", str(out), "--patients", "3000", "--files", "12", "--workers", "1", "--seed", "7"]
    process = subprocess.Popen([sys.executable, "-m", "ivigil", *wanted], start_new_session=True)
    while process.poll() is None and not list(out.glob("Patient-0002*")):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert len(list(out.glob("Patient-*"))) < 12
    for path in out.glob("*.ndjson"):
        assert path.read_bytes().endswith(b"\n")
    same = cohort(out, patients=3000, files=12)
    write_cohort(same)
    write_cohort(cohort(tmp_path / "whole", patients=3000, files=12))
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.parametrize(
    "other", [{"seed": 8}, {"patients": PATIENTS + 1}, {"files": 2}, {"packed": True}], ids=lambda one: next(iter(one))
)
def test_a_folder_is_of_one_cohort(one: Path, other: dict[str, int]) -> None:
    before = contents(one)
    with pytest.raises(BadInput, match="other options"):
        write_cohort(cohort(one, **other))  # type: ignore[arg-type] # each of its own kind
    assert contents(one) == before


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="something in it"):
        write_cohort(cohort(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="a file"):
        write_cohort(cohort(path))


def test_no_folder_is_made_for_options_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no-such-rules"):
        write_cohort(Cohort(Recipe(Options(rules="no-such-rules")), 1, 1, Place(tmp_path / "out")))
    assert not (tmp_path / "out").exists()


def test_there_is_a_file_for_every_so_many_patients() -> None:
    assert usual_files(1) == 1
    assert usual_files(1_000_000) == 10 * usual_files(100_000)


def test_the_manifest_says_that_it_is_made_up(one: Path) -> None:
    assert "No person's record" in json.loads((one / MANIFEST).read_text(encoding="utf-8"))["made_up"]


def test_an_interruption_stops_every_worker_and_clears_away_drafts(tmp_path: Path) -> None:
    out = tmp_path / "out"
    wanted = ["synth", str(out), "--patients", "40000", "--files", "8", "--workers", "2"]
    process = subprocess.Popen([sys.executable, "-m", "ivigil", *wanted], start_new_session=True)
    while process.poll() is None and not list(out.glob(".*.draft-*")):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait() == 130
    assert not list(out.glob(".*"))
    assert len(list(out.glob("Patient-*"))) < 8


def test_a_worker_that_is_ended_is_told_of(tmp_path: Path) -> None:
    out = tmp_path / "out"
    wanted = ["synth", str(out), "--patients", "40000", "--files", "8", "--workers", "2"]
    command = [sys.executable, "-m", "ivigil", *wanted]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not list(out.glob(".*.draft-*")):
        time.sleep(0.01)
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not workers.exists():
        process.kill()
        pytest.skip("this system does not say which processes a process began")
    os.kill(int(workers.read_text(encoding="ascii").split()[-1]), signal.SIGKILL)
    _, told = process.communicate()
    assert process.returncode == 2
    assert "goes on with what is not there yet" in told
