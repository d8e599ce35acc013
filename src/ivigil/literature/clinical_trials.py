"""ClinicalTrials.gov's JSON (version 2 of its interface): one study, a list, or a page of ``studies``."""

from __future__ import annotations

from typing import Any

from ivigil.documents import BadInput, Fault, parse_json
from ivigil.literature.record import Found, Quarantined, Read, nct_of, read_of

_SECTION = "protocolSection"
_STUDY = "https://clinicaltrials.gov/study/"


def read_clinical_trials(content: bytes, name: str) -> Read:
    """Every study of an export. Raises :class:`BadInput` where it is not such JSON.

    Publications that a study lists are not ids of its own record: they are found in databases of literature.
    """
    document = parse_json(content, name)
    studies = _studies(document)
    if studies is None:
        expected = "a study, a list of studies, or a page with the key studies"
        raise BadInput([Fault(name, "JSON of another kind", expected, "Download it as JSON, not as text or CSV.")])
    found = [_found(one, f"{name}, record {number}") for number, one in enumerate(studies, 1)]
    return read_of(name, "ClinicalTrials.gov", found, tuple(_cut_off(document, name)))


def _studies(document: Any) -> list[Any] | None:  # noqa: ANN401 - JSON from outside
    if isinstance(document, list):
        return document if all(_at(one, _SECTION) is not None for one in document[:1]) else None
    if _at(document, _SECTION) is not None:
        return [document]
    held = _at(document, "studies")
    return held if isinstance(held, list) else None


def _cut_off(document: Any, name: str) -> list[Quarantined]:  # noqa: ANN401
    if _at(document, "nextPageToken") is None:
        return []
    fault = Fault(
        name, "one page of several (nextPageToken)", "every page", "Fetch the next pages, and import them too."
    )
    return [Quarantined(name, (fault,))]


def _found(study: Any, place: str) -> Found:  # noqa: ANN401
    section = _at(study, _SECTION)
    if section is None:
        return Found("ClinicalTrials.gov", place, faults=(Fault(place, "no protocolSection", "a study"),))
    nct = _text(section, "identificationModule", "nctId")
    place = f"{place}, {nct}" if nct and nct_of(nct) else place
    kind = _text(section, "designModule", "studyType")
    return Found(
        source="ClinicalTrials.gov",
        place=place,
        title=_text(section, "identificationModule", "officialTitle")
        or _text(section, "identificationModule", "briefTitle"),
        ncts=(nct,) if nct else (),
        year=_text(section, "statusModule", "studyFirstPostDateStruct", "date")
        or _text(section, "statusModule", "studyFirstSubmitDate"),
        journal="ClinicalTrials.gov",
        abstract=_text(section, "descriptionModule", "briefSummary"),
        publication_types=(f"registered study, {kind.lower()}",) if kind else ("registered study",),
        url=f"{_STUDY}{nct_of(nct)}" if nct and nct_of(nct) else None,
        faults=() if nct else (Fault(f"{place}, nctId", "none", "the number of the study"),),
    )


def _text(value: Any, *path: str) -> str | None:  # noqa: ANN401
    found = _at(value, *path)
    return found if isinstance(found, str) and found.strip() else None


def _at(value: Any, *path: str) -> Any:  # noqa: ANN401
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
