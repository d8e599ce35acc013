"""The JSON Schemas of the knowledge files, generated from the types."""

from __future__ import annotations

from pathlib import Path

from ivigil.documents import canonical_json, write_whole
from ivigil.knowledge.folder import KINDS


def schema_texts() -> dict[str, str]:
    """File name and text of the JSON Schema of each kind of knowledge file."""
    from ivigil.documents.schemas import json_schema  # noqa: PLC0415 - pydantic is read only where schemas are

    names = {kind: kind.split("/")[-1] for kind in KINDS}
    return {
        f"{name}.schema.json": canonical_json(json_schema(KINDS[kind], f"ivigil {name}"), indent=2) + "\n"
        for kind, name in names.items()
    }


def write_schemas(root: Path) -> list[Path]:
    """Write every schema into ``root/schemas``."""
    folder = root / "schemas"
    folder.mkdir(exist_ok=True)
    for name, text in schema_texts().items():
        write_whole(folder / name, text)
    return sorted(folder.iterdir())
