"""Snapshots: whole, the same bytes each time, and signed by whom they say."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from tests.unit.evidence.made_up import own

from ivigil.documents import BadInput, canonical_json, parse_json
from ivigil.evidence.running import run
from ivigil.evidence.snapshot import signed, snapshot, verified

DAY = date(2026, 11, 22)


def kept() -> dict[str, Any]:
    return snapshot(run(own().evidence.analyses["kawasaki-early"], own()), own().hash, DAY)


def pem(key: Any) -> bytes:  # noqa: ANN401 - a key of any kind
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_a_snapshot_is_whole_after_it_was_written_and_read() -> None:
    text = canonical_json(kept(), indent=2)
    assert verified(parse_json(text.encode(), "kept.json")) == verified(kept())
    assert verified(json.loads(text)).whole
    assert text == canonical_json(kept(), indent=2)


@pytest.mark.parametrize("path", [("options", "tau2"), ("result", "k"), ("studies", 0, "row", "events_a"), ("on",)])
def test_any_change_shows(path: tuple[str | int, ...]) -> None:
    content = json.loads(canonical_json(kept()))
    inner: Any = content
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = "changed"
    assert not verified(content).whole


def test_a_signature_holds_for_its_key_alone() -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    content = signed(kept(), pem(key))
    assert verified(content, public(key)).signature is True
    assert verified(content, public(other)).signature is False
    assert verified(content | {"signature": "zz"}, public(key)).signature is False
    assert verified(content).signature is None


@pytest.mark.parametrize("given", [b"", b"no key", pem(generate_private_key(SECP256R1()))])
def test_another_key_is_refused_in_one_sentence(given: bytes) -> None:
    with pytest.raises(BadInput, match="Ed25519"):
        signed(kept(), given)
