"""Write runtime.lock and dev.lock from pyproject.toml, by `uv pip compile`.

    python3 requirements/lock.py              keep the locked versions that still fit
    python3 requirements/lock.py --upgrade    take the newest versions that fit

Both files are checked before either is written: every package has a hash, no line names a host, and
dev.lock holds everything that runtime.lock holds.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PROJECT = FOLDER.parent / "pyproject.toml"
HEADING = "# Written by requirements/lock.py from pyproject.toml; do not edit by hand.\n"
OLDEST_PYTHON = "3.11"
EVERYWHERE = ["--extra", "fast", "--extra", "populations"]  # extras that every start installs
HOST = re.compile(r"://|--(?:extra-)?index|--find-links|\b[a-z0-9-]+\.(?:org|com|io|net|dev)\b", re.IGNORECASE)
PINNED = re.compile(r"^([A-Za-z0-9._-]+==\S+)", re.MULTILINE)
HASH = "--hash=sha256:"


def main() -> int:
    """Write both locks, or say in one sentence why neither was written."""
    uv = shutil.which("uv")
    if uv is None:
        return refuse("uv is not on the PATH: install uv, then run this again.")
    with tempfile.TemporaryDirectory() as scratch:
        drafts = draft_locks(uv, Path(scratch), upgrade="--upgrade" in sys.argv[1:])
        if drafts is None:
            return refuse("uv could not resolve the packages, for the reason above; nothing was written.")
    if found := faults(*drafts):
        return refuse("; ".join(found) + "; nothing was written.")
    for name, text in zip(("runtime", "dev"), drafts, strict=True):
        (FOLDER / f"{name}.lock").write_text(text, encoding="utf-8", newline="\n")
    return 0


def refuse(sentence: str) -> int:
    """Say the sentence and give the exit code of a refusal."""
    sys.stderr.write(f"lock.py: {sentence}\n")
    return 2


def draft_locks(uv: str, scratch: Path, *, upgrade: bool) -> tuple[str, str] | None:
    """Both locks as text, dev constrained by runtime so that the versions agree; None if uv refused."""
    for name in ("runtime", "dev"):
        present = FOLDER / f"{name}.lock"
        if present.exists() and not upgrade:
            shutil.copy(present, scratch)
    runtime, dev = scratch / "runtime.lock", scratch / "dev.lock"
    if not compile_lock(uv, runtime):
        return None
    if not compile_lock(uv, dev, "--group", f"{PROJECT}:dev", "--constraint", str(runtime)):
        return None
    return HEADING + runtime.read_text(encoding="utf-8"), HEADING + dev.read_text(encoding="utf-8")


def compile_lock(uv: str, target: Path, *more: str) -> bool:
    """Resolve the project's and its build backend's packages into `target`; whether uv succeeded."""
    build = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["build-system"]["requires"]
    command = [uv, "pip", "compile", str(PROJECT), "-", "--output-file", str(target), "--quiet"]
    command += ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command += EVERYWHERE
    return subprocess.run([*command, *more], input="\n".join(build), text=True, check=False).returncode == 0


def faults(runtime: str, dev: str) -> list[str]:
    """Everything that keeps these two texts from being the locks."""
    found = [
        f"{name}.lock names a host or an index in {line.strip()!r}"
        for name, text in (("runtime", runtime), ("dev", dev))
        for line in text.splitlines()
        if HOST.search(line.partition(HASH)[0])
    ]
    if missing := set(PINNED.findall(runtime)) - set(PINNED.findall(dev)):
        found.append(f"dev.lock lacks {', '.join(sorted(missing))} of runtime.lock")
    return found + [f"{name} has no hash" for name in without_hash(runtime) + without_hash(dev)]


def without_hash(lock: str) -> list[str]:
    """The pinned packages whose entry carries no hash."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock)
    return [match[1] for entry in entries if (match := PINNED.search(entry)) and HASH not in entry]


if __name__ == "__main__":
    sys.exit(main())
