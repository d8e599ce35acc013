"""What has to be known of a dropped version of a resource."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec


def stub_of(body: bytes) -> bytes:
    """Which a resource is, which version of it, and whether two are the same."""
    found: dict[str, Any] = msgspec.json.decode(body)  # Any: whatever stands there
    content = msgspec.json.encode(found, order="sorted")
    meta = {"versionId": found["meta"]["versionId"]}
    digest = hashlib.blake2b(content, digest_size=8).hexdigest()
    return msgspec.json.encode(
        {"resourceType": found["resourceType"], "id": found.get("id"), "meta": meta, "digest": digest}
    )
