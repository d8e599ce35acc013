"""What has to be known of a dropped version of a resource."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from ivigil.populations.landing.decoding import NotJson, read_anything


def stub_of(body: bytes) -> bytes:
    """Which a resource is, which version of it, and whether two are the same; all of it where it cannot be read."""
    try:
        found: dict[str, Any] = read_anything(body)  # Any: whatever stands there
        content = msgspec.json.encode(found, order="sorted")
    except (NotJson, RecursionError):
        return body
    meta = {"versionId": found["meta"]["versionId"]}
    digest = hashlib.blake2b(content, digest_size=8).hexdigest()
    return msgspec.json.encode(
        {"resourceType": found["resourceType"], "id": found.get("id"), "meta": meta, "digest": digest}
    )
