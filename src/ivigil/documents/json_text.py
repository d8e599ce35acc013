"""JSON read strictly: UTF-8, exact decimals, no duplicate keys, no NaN, one clear error."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from ivigil.documents.faults import BadInput, Fault

HINT = "Export the file again, or repair it at this place."
_MOST_DIGITS = 4000
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class _RefusedError(ValueError):
    """Raised inside the JSON scanner; the message becomes the fault."""


def parse_json(content: bytes, where: str) -> Any:  # noqa: ANN401 - JSON holds anything; readers narrow it
    """The JSON value in ``content``; numbers with a point are :class:`~decimal.Decimal`, digit for digit.

    Raises :class:`BadInput` for text that is not JSON in UTF-8, duplicate keys, NaN or infinity, numbers of thousands
    of digits, halves of surrogate pairs, and nesting too deep to read.
    """
    try:
        text = content.decode("utf-8-sig")
        value = _read(text)
        if _SURROGATE.search(text):
            json.dumps(value, default=str, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        place = f"{where}, line {error.lineno}, column {error.colno}"
        raise BadInput([Fault(place, _shown(error), "JSON", HINT)]) from None
    except UnicodeDecodeError as error:
        found = f"bytes that are not text (at byte {error.start})"
        raise BadInput([Fault(where, found, "JSON in UTF-8", HINT)]) from None
    except UnicodeEncodeError:
        raise BadInput([Fault(where, "half of a surrogate pair", "whole characters", HINT)]) from None
    except _RefusedError as error:
        raise BadInput([Fault(where, str(error), "JSON without it", HINT)]) from None
    except RecursionError:
        found = "objects nested too deep to read"
        raise BadInput([Fault(where, found, "a FHIR or ivigil document", HINT)]) from None
    return value


def _read(text: str) -> Any:  # noqa: ANN401
    return json.loads(
        text,
        parse_float=_decimal,
        parse_int=_integer,
        parse_constant=_refuse_constant,
        object_pairs_hook=_object_without_duplicates,
    )


def _shown(error: json.JSONDecodeError) -> str:
    return "an empty file" if not error.doc.strip() else f"text that is not JSON ({error.msg.lower()})"


def _refuse_constant(name: str) -> None:
    message = f"the value {name}, which is not JSON"
    raise _RefusedError(message)


def _integer(digits: str) -> int:
    return int(_of_sane_length(digits))


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(_of_sane_length(digits))
    except InvalidOperation:
        message = f"the number {digits}, whose exponent is too large"
        raise _RefusedError(message) from None


def _of_sane_length(digits: str) -> str:
    if len(digits) > _MOST_DIGITS:
        message = f"a number of {len(digits)} digits"
        raise _RefusedError(message)
    return digits


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = min(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        message = f"the key {twice!r} twice in one object"
        raise _RefusedError(message)
    return found
