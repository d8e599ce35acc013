"""Faults read as one line each, in a stable order."""

from __future__ import annotations

from ivigil.documents import BadInput, Fault, IvigilError


def test_a_fault_says_where_what_was_found_and_expected_and_what_to_do() -> None:
    assert str(Fault("f, line 1", "5", "text", "Use quotes.")) == "f, line 1: found 5; expected text. Use quotes."
    assert str(Fault("f", "5", "text")) == "f: found 5; expected text."


def test_faults_come_once_each_whatever_the_order_they_were_found_in() -> None:
    one, other = Fault("a", "x", "y"), Fault("b", "x", "y")
    error = BadInput([other, one, other])
    assert error.faults == (one, other)
    assert str(error) == f"{one}\n{other}"
    assert isinstance(error, IvigilError)
