"""An audit that was killed and taken up again ends with the bytes of one that was not."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.populations.landing_inputs import asking

PEOPLE = 24
SCRIPT = Path(__file__).with_name("audit_killed.py")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asking(tmp_path_factory.mktemp("in") / "records", PEOPLE)


def run(folder: Path, out: Path, where: str = "none", count: int = 0) -> tuple[int, str]:
    command = [sys.executable, str(SCRIPT), str(folder), str(out), where, str(count)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout.replace(str(out), "OUT")


def bytes_of(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_after_a_kill_a_second_run_ends_with_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    code, said = run(folder, tmp_path / "whole")
    assert (code, "24 requests = 24 judged" in said) == (0, True)
    undisturbed = bytes_of(tmp_path / "whole")
    assert sum(name.startswith("decisions/") for name in undisturbed) > 2
    for where, count in (("deciding", 2), ("writing", 1)):
        out = tmp_path / where
        assert run(folder, out, where, count)[0] == -signal.SIGKILL
        assert bytes_of(out) != undisturbed
        assert run(folder, out) == (0, said)
        assert bytes_of(out) == undisturbed
