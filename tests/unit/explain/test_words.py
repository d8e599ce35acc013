"""The reason: one sentence for each verdict, in plain British English, true to what was found."""

from __future__ import annotations

import re

import pytest
from tests.unit.review.judged import house, judged, one

from ivigil.explain.words import VERDICTS, capitalised, listed, plain, reason
from ivigil.review import Decision

FIRST = "indication: alpha, request_phase: initial"
SAFE = "venous_thromboembolism: false, pregnant: false"
LOW = "platelets: 12 10*9/L"
GBS = "request: {indication: guillain-barre, request_phase: initial}\n"

REASONS = {
    "qualified": (
        one(f"{GBS}facts: {{days_since_onset: 6 d}}\n"),
        ("Guillain–Barré syndrome: a use that the source places under first-line treatment, "
        "and what the source asks for is fulfilled (first-line in review-2015; level 1a (AHCPR), by our reading)."),
    ),
    "not qualified": (
        one(f"{GBS}facts: {{days_since_onset: 20 d}}\n"),
        ("Guillain–Barré syndrome: what the source asks for is not fulfilled; it would qualify with “Treatment begins "
        "within two weeks of the onset of the illness”; the source names instead: “Plasmapheresis, of "
        "similar effect; availability and contraindications decide between the two”."),
    ),
    "no condition stated": (
        one("request: {indication: immune-thrombocytopenia, request_phase: initial}\n"),
        ("Immune thrombocytopenia: a use that the source places under first-line treatment, "
        "and the source states no condition (first-line in review-2015; level 1a (AHCPR), by our reading)."),
    ),
    "continuing": (
        one("request: {indication: MG, request_phase: continuing}\nfacts: {response_to_immunoglobulin: adequate}\n"),
        ("Myasthenia gravis: earlier treatment brought an adequate response, by the project's rule for continuing "
        "(first-line in review-2015; level 1b (AHCPR), by our reading)."),
    ),
    "one group is not met": (
        house(FIRST, f"{LOW}, {SAFE}, active_bleeding: false, days_to_surgery: 30 d, age: 40 a"),
        ("Alpha disease: what the source asks for is not fulfilled; it would qualify with “Bleeding, or surgery soon "
        "in an adult”; the source names instead: “Watchful waiting”."),
    ),
    "everything is not met": (
        house(FIRST, f"platelets: 90 10*9/L, {SAFE}, active_bleeding: false, age: 9 a, corticosteroids: failed"),
        ("Alpha disease: what the source asks for is not fulfilled; it would qualify with “Platelets below 30” and "
        "“Bleeding, or surgery soon in an adult”; the source names instead: “Rituximab after corticosteroids”."),
    ),
    "limited evidence": (
        house(FIRST, f"{LOW}, active_bleeding: true, venous_thromboembolism: false, pregnant: true"),
        ("Alpha disease: a use supported by limited evidence, and what the source asks for is fulfilled "
        "(limited evidence in house)."),
    ),
    "two rows, one verdict": (
        house(FIRST, f"{LOW}, active_bleeding: true, venous_thromboembolism: false"),
        ("Alpha disease: supported whatever the facts still unknown turn out to be "
        "(first-line or limited evidence in house)."),
    ),
    "no condition applies": (
        house("indication: epsilon, request_phase: initial", "age: 9 a"),
        ("Epsilon disease: a use supported by limited evidence, and no condition of the source applies "
        "(limited evidence in house)."),
    ),
    "not recommended": (
        house("indication: beta"),
        "Beta disease: the source does not recommend immunoglobulin here; the source names instead: “Plasma exchange”.",
    ),
    "harmful": (
        house("indication: gamma"),
        "Gamma disease: immunoglobulin is to be avoided: “The report found kidney failure”.",
    ),
    "harmful by exception": (
        house(FIRST, "venous_thromboembolism: true"),
        "Alpha disease: immunoglobulin is to be avoided: “With thrombosis the report found harm”.",
    ),
    "outside": (
        house("indication: delta"),
        "Delta disease: an established use that house does not judge; it belongs to the rules for immunodeficiency.",
    ),
    "unlisted": (
        house("indication: zeta"),
        "Zeta disease: house does not speak of it, so a panel has to look at the request.",
    ),
    "unlisted words": (
        one("request: {indication: lupus nephritis}\n"),
        "Lupus nephritis: no indication that ivigil knows by this name or code, so a panel has to look at the request.",
    ),
    "diagnosis denied": (
        one('request: {indication: {system: icd-10-cm, code: G70.9}}\nfacts: {"has:myasthenia-gravis": false}\n'),
        (
            "The diagnosis of myasthenia gravis does not hold; review-2015 does not speak of the request, "
            "so a panel has to look."
        ),
    ),
    "nothing asked": (
        judged("facts: {weight: 70 kg}\n")[0],
        "The record holds no request for immunoglobulin that names an indication, so there is nothing to judge.",
    ),
    "one fact missing": (
        one(GBS),
        "Guillain–Barré syndrome: still open between supported and not supported; needed to decide: days since onset.",
    ),
    "several facts missing": (
        one("request: {indication: {system: icd-10-cm, code: D69.6}, request_phase: initial}\n"),
        ("Immune thrombocytopenia: still open between supported and panel review; "
        "needed to decide: diagnosis of immune thrombocytopenia."),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(REASONS))
def test_reason(name: str) -> None:
    decision, words = REASONS[name]
    assert reason(decision) == words


def test_every_verdict_has_its_reason() -> None:
    assert {decision.verdict for decision, _ in REASONS.values()} == set(VERDICTS)


@pytest.mark.parametrize("name", sorted(REASONS))
def test_a_reason_is_one_sentence(name: str) -> None:
    words = reason(REASONS[name][0])
    assert words.endswith(".")
    assert words[0].isupper()
    assert not re.search(r"[.!?] [A-Z]|\.\.|  |\bNone\b", words)


def test_a_harmful_exception_never_reads_as_praise() -> None:
    decision: Decision = REASONS["harmful by exception"][0]
    assert "The protocol allows it" not in reason(decision)
    assert "first-line" not in reason(decision)


@pytest.mark.parametrize(
    ("parts", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_in_words(parts: list[str], expected: str) -> None:
    assert listed(parts) == expected


def test_a_list_of_choices() -> None:
    assert listed(["a", "b", "c"], "or") == "a, b or c"


@pytest.mark.parametrize(
    ("label", "words"),
    [("IgG level", "IgG level"), ("Days since onset", "days since onset"), ("QMG score", "QMG score")],
)
def test_a_label_inside_a_sentence(label: str, words: str) -> None:
    from ivigil.explain.words import lowered  # noqa: PLC0415 - a unit tested from inside

    assert lowered(label) == words


@pytest.mark.parametrize(("text", "words"), [("alpha disease", "Alpha disease"), ("éclair", "Éclair"), ("", "")])
def test_the_start_of_a_sentence(text: str, words: str) -> None:
    assert capitalised(text) == words


@pytest.mark.parametrize("bad", ["\x1b[2J", "a\x07b", "a\nb", "a\rb", "a\u202eb", "a\u2066b", "a\x9bb", "a\u2028b"])
def test_text_that_would_steer_a_terminal_is_made_plain(bad: str) -> None:
    assert not set(plain(bad)) & set("\x1b\x07\n\r\u202e\u2066\x9b\u2028")
    assert len(plain(bad)) == len(bad)


def test_plain_text_stays_as_it_is() -> None:
    for text in ("Guillain–Barré syndrome", "10*9/L", "µmol", "日本語", "می\u200cخواهم"):
        assert plain(text) == text
