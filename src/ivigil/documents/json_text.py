"""JSON read strictly: exact decimals, no duplicate keys, no NaN, one clear error."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from ivigil.documents.faults import BadInput, Fault

HINT = "Export the file again, or repair it at this place."


class _Refused(ValueError):
    """Raised inside the JSON scanner; the message becomes the fault."""


def parse_json(content: bytes, where: str) -> Any:  # noqa: ANN401 - JSON holds anything; readers narrow it
    """The JSON value in ``content``; numbers with a point are :class:`~decimal.Decimal`, digit for digit.

    Raises :class:`BadInput` for text that is not JSON, duplicate keys, NaN or infinity, and nesting too deep to read.
    """
    try:
        return json.loads(
            content,
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object_without_duplicates,
        )
    except json.JSONDecodeError as error:
        place = f"{where}, line {error.lineno}, column {error.colno}"
        raise BadInput([Fault(place, _shown(error), "JSON", HINT)]) from None
    except UnicodeDecodeError as error:
        found = f"bytes that are not text (at byte {error.start})"
        raise BadInput([Fault(where, found, "JSON in UTF-8", HINT)]) from None
    except _Refused as error:
        raise BadInput([Fault(where, str(error), "JSON without it", HINT)]) from None
    except RecursionError:
        raise BadInput([Fault(where, "objects nested too deep to read", "a FHIR or ivigil document", HINT)]) from None
    except ValueError as error:
        # CPython refuses to parse integers of several thousand digits.
        raise BadInput([Fault(where, f"a number that cannot be read ({error})", "a number of sane length", HINT)]) from None


def _shown(error: json.JSONDecodeError) -> str:
    return "an empty file" if not error.doc.strip() else f"text that is not JSON ({error.msg.lower()})"


def _refuse_constant(name: str) -> None:
    message = f"the value {name}, which is not JSON"
    raise _Refused(message)


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        message = f"the key {twice[0]!r} twice in one object"
        raise _Refused(message)
    return found
