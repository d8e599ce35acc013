"""Write runtime.lock, dev.lock and spark.lock from pyproject.toml, by `uv pip compile`.

    python3 requirements/lock.py              keep the locked versions that still fit
    python3 requirements/lock.py --upgrade    take the newest versions that fit

All are checked before any is written: every package has a hash, no line names a host, the other two hold everything
that runtime.lock holds, and a package that two of them hold has one version.
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
# What each lock holds beside that. Each is resolved within the versions of those before it.
LOCKS = {"runtime": [], "dev": ["--group", f"{PROJECT}:dev"], "spark": ["--extra", "spark"]}
HOST = re.compile(r"://|--(?:extra-)?index|--find-links|\b[a-z0-9-]+\.(?:org|com|io|net|dev)\b", re.IGNORECASE)
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
HASH = "--hash=sha256:"


def main() -> int:
    """Write the locks, or say in one sentence why none was written."""
    uv = shutil.which("uv")
    if uv is None:
        return refuse("uv is not on the PATH: install uv, then run this again.")
    with tempfile.TemporaryDirectory() as scratch:
        drafts = draft_locks(uv, Path(scratch), upgrade="--upgrade" in sys.argv[1:])
        if drafts is None:
            return refuse("uv could not resolve the packages, for the reason above; nothing was written.")
    if found := faults(drafts):
        return refuse("; ".join(found) + "; nothing was written.")
    for name, text in drafts.items():
        (FOLDER / f"{name}.lock").write_text(text, encoding="utf-8", newline="\n")
    return 0


def refuse(sentence: str) -> int:
    """Say the sentence and give the exit code of a refusal."""
    sys.stderr.write(f"lock.py: {sentence}\n")
    return 2


def draft_locks(uv: str, scratch: Path, *, upgrade: bool) -> dict[str, str] | None:
    """The locks as text by name, each constrained by those before it so that versions agree; None if uv refused."""
    constraints: list[str] = []
    for name, more in LOCKS.items():
        present, draft = FOLDER / f"{name}.lock", scratch / f"{name}.lock"
        if present.exists() and not upgrade:
            shutil.copy(present, draft)
        if not compile_lock(uv, draft, *more, *constraints):
            return None
        constraints += ["--constraint", str(draft)]
    return {name: HEADING + (scratch / f"{name}.lock").read_text(encoding="utf-8") for name in LOCKS}


def compile_lock(uv: str, target: Path, *more: str) -> bool:
    """Resolve the project's and its build backend's packages into `target`; whether uv succeeded."""
    build = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["build-system"]["requires"]
    command = [uv, "pip", "compile", str(PROJECT), "-", "--output-file", str(target), "--quiet"]
    command += ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command += EVERYWHERE
    return subprocess.run([*command, *more], input="\n".join(build), text=True, check=False).returncode == 0


def faults(locks: dict[str, str]) -> list[str]:
    """Everything that keeps these texts from being the locks."""
    found = [
        f"{name}.lock names a host or an index in {line.strip()!r}"
        for name, text in locks.items()
        for line in text.splitlines()
        if HOST.search(line.partition(HASH)[0])
    ]
    pins = {name: pinned(text) for name, text in locks.items()}
    for name, given in pins.items():
        if missing := pins["runtime"].keys() - given.keys():
            found.append(f"{name}.lock lacks {', '.join(sorted(missing))} of runtime.lock")
    found += [f"{package} has other versions in one lock than in another" for package in in_disagreement(pins)]
    return found + [f"{package} has no hash" for text in locks.values() for package in without_hash(text)]


def pinned(lock: str) -> dict[str, set[str]]:
    """By package: its versions, of which there may be several, for different systems and Pythons."""
    found: dict[str, set[str]] = {}
    for package, version in PINNED.findall(lock):
        found.setdefault(package, set()).add(version)
    return found


def in_disagreement(pins: dict[str, dict[str, set[str]]]) -> list[str]:
    """The packages that two locks hold in different versions."""
    held = [(package, versions) for lock in pins.values() for package, versions in lock.items()]
    agreed = dict(held)
    return sorted({package for package, versions in held if versions != agreed[package]})


def without_hash(lock: str) -> list[str]:
    """The pinned packages whose entry carries no hash."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock)
    return [match[0] for entry in entries if (match := PINNED.search(entry)) and HASH not in entry]


if __name__ == "__main__":
    sys.exit(main())
