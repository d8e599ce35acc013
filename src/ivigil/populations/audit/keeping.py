"""The knowledge that an audit was judged by, kept beside it, so that it can be replayed once that knowledge is gone."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from ivigil.documents import BadInput, Fault, write_whole
from ivigil.knowledge import Library, data_folder
from ivigil.knowledge.compiled import FILE, compiled_text, read_kept

KEPT = "knowledge.json.gz"


def keep(library: Library, out: Path) -> None:
    """Write ``library`` into the folder of an audit."""
    if not (out / KEPT).exists():
        write_whole(out / KEPT, gzip.compress(_compiled(library), compresslevel=1, mtime=0))


def _compiled(library: Library) -> bytes:
    """The compiled form; ivigil's own stands ready where nothing was added to it."""
    own = data_folder() / FILE
    ready = own.read_bytes() if own.is_file() else b""
    is_own = f'"hash": "{library.hash}"'.encode() in ready
    return ready if is_own else compiled_text(library, data_folder()).encode("utf-8")


def kept(out: Path) -> Library:
    """What :func:`keep` wrote. Raises :class:`BadInput` where there is nothing, or nothing that can be read."""
    path = out / KEPT
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        found = getattr(error, "strerror", None) or "no compressed file"
        raise BadInput([Fault(str(path), found.lower(), "the knowledge of an audit: ivigil audit IN OUT")]) from None
    return read_kept(content, str(path))
