"""A run of an analysis to keep: inputs, options and result in one text, with its hash and, on request, a signature.

The hash is of the canonical JSON of everything but the hash and the signature, so that a change of any digit shows.
Numbers are held to twelve significant digits: the same on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from math import isfinite
from typing import Any

from ivigil import __version__
from ivigil.documents import BadInput, Fault, canonical_json
from ivigil.evidence.rows import Used
from ivigil.evidence.running import Ran
from ivigil.synthesis.results import Pooled
from ivigil.synthesis.scales import shown

FORMAT = "ivigil analysis snapshot 1"
_DIGITS = 12
_UNHASHED = frozenset({"sha256", "signature"})


@dataclass(frozen=True)
class Verified:
    """Whether a snapshot is whole, and what its signature says: ``None`` where it has none or no key was given."""

    whole: bool
    signature: bool | None


def snapshot(ran: Ran, knowledge: str, on: date) -> dict[str, Any]:
    """``ran`` as plain values with its hash; ``knowledge`` is the hash of all that was known, ``on`` the day."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "ivigil": __version__,
        "knowledge": knowledge,
        "on": on.isoformat(),
        "analysis": ran.analysis.id,
        "title": ran.analysis.title,
        "measure": ran.analysis.measure,
        "options": asdict(ran.options),
        "studies": study_values(ran),
        "missing": [{"name": one.name, "why": one.why} for one in ran.analysis.missing],
        "result": result_values(ran),
        "standing": ran.standing,
        "remarks": list(ran.remarks),
    }
    return {**content, "sha256": digest(content)}


def digest(content: Mapping[str, Any]) -> str:
    """The hash of a snapshot's content."""
    kept = {key: content[key] for key in sorted(content) if key not in _UNHASHED}
    return hashlib.sha256(canonical_json(_ordered(kept)).encode("utf-8")).hexdigest()


def signed(content: Mapping[str, Any], key_pem: bytes) -> dict[str, Any]:
    """``content`` with an Ed25519 signature over its hash by the private key in ``key_pem`` (PKCS 8, no password).

    Needs the extra ``sign``. Raises :class:`BadInput` where the key cannot be read.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - an extra
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key = load_pem_private_key(key_pem, password=None)
    except (ValueError, TypeError) as error:
        raise BadInput([_no_key(str(error))]) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput([_no_key("a key of another kind")])
    return {**content, "signature": key.sign(bytes.fromhex(content["sha256"])).hex()}


def verified(content: Mapping[str, Any], public_pem: bytes | None = None) -> Verified:
    """Whether ``content`` is whole by its own hash, and signed by the owner of ``public_pem``."""
    whole = content.get("sha256") == digest(content)
    if public_pem is None or "signature" not in content:
        return Verified(whole, None)
    return Verified(whole, _signature_holds(content, public_pem))


def _signature_holds(content: Mapping[str, Any], public_pem: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    try:
        key = load_pem_public_key(public_pem)
    except (ValueError, TypeError) as error:
        raise BadInput([_no_key(str(error))]) from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadInput([_no_key("a key of another kind")])
    try:
        key.verify(bytes.fromhex(str(content["signature"])), bytes.fromhex(str(content["sha256"])))
    except (InvalidSignature, ValueError):
        return False
    return True


def _no_key(found: str) -> Fault:
    return Fault("key", found, "an Ed25519 key in PEM", "Make one with: openssl genpkey -algorithm ed25519")


def study_values(ran: Ran) -> list[dict[str, Any]]:
    """The studies of a run with the rows they give, as plain values."""
    return [_study(used) for used in ran.used]


def result_values(ran: Ran) -> dict[str, Any] | None:
    """What a run found, as plain values; ``None`` where no study gives an effect."""
    return pooled_values(ran.pooled) if ran.pooled else None


def _study(used: Used) -> dict[str, Any]:
    given = {name: _number(value) for name, value in asdict(used.row).items() if name != "label"} if used.row else None
    return {
        "id": used.study.id,
        "label": used.label,
        "result": used.result.id,
        "source": used.result.passage.source,
        "row": given,
        "left_out": used.left_out.reason if used.left_out else None,
    }


def pooled_values(pooled: Pooled) -> dict[str, Any]:
    """A pooled effect, to twelve significant digits."""
    measure, agreement = pooled.measure, pooled.heterogeneity
    ends = (pooled.effect.value, pooled.effect.low, pooled.effect.high)
    found = {
        "k": pooled.k,
        "estimate": [shown(measure, one) for one in ends],
        "pooling_scale": {"estimate": list(ends), "se": pooled.se},
        "statistic": pooled.statistic,
        "df": pooled.df,
        "p": pooled.p,
        "weights": list(pooled.weights),
        "heterogeneity": asdict(agreement),
        "prediction": [shown(measure, one) for one in pooled.prediction] if pooled.prediction else None,
        "warnings": list(pooled.warnings),
    }
    return {name: plain_values(value) for name, value in found.items()}


def plain_values(value: Any) -> Any:  # noqa: ANN401 - plain JSON values
    """``value`` with every number to twelve significant digits, and none that JSON cannot hold."""
    if isinstance(value, dict):
        return {key: plain_values(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_values(item) for item in value]
    return _number(value)


def _number(value: Any) -> Any:  # noqa: ANN401 - plain JSON values
    if not isinstance(value, float):
        return value
    if not isfinite(value):
        return None
    short = float(f"{value:.{_DIGITS}g}")
    # A whole number is written without a point, as reading it back and writing it again would.
    return int(short) if short.is_integer() else short


def _ordered(value: Any) -> Any:  # noqa: ANN401 - plain JSON values
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value
