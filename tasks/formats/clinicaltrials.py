"""Studies of ClinicalTrials.gov as its API v2 gives them in JSON (https://clinicaltrials.gov/data-api): a page, or one study.

The title is the brief one, under which the register shows a study; the year is that of its first posting. Authors are the
investigators who answer for the whole study, else the sponsor. The abstract is the brief summary; the detailed description,
design, interventions, primary outcomes and the papers that the study names are kept among the other values. Texts are Markdown,
whose backslashes are taken away; nothing else of it is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.formats import dates, fields, json_records, json_values
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, place, prose, records, text, texts
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "clinicaltrials"
ADDRESS = "https://clinicaltrials.gov/study/"
_LISTED = ("studies",)
_PROTOCOL = "protocolSection"
_ID = (_PROTOCOL, "identificationModule", "nctId")
_NUMBER = re.compile(r"NCT\d{8}")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SINGLE = (  # each with its name among the other values
    ("official title", ("identificationModule", "officialTitle")), ("acronym", ("identificationModule", "acronym")),
    ("sponsor's id", ("identificationModule", "orgStudyIdInfo", "id")), ("status", ("statusModule", "overallStatus")),
    ("why stopped", ("statusModule", "whyStopped")), ("start", ("statusModule", "startDateStruct", "date")),
    ("primary completion", ("statusModule", "primaryCompletionDateStruct", "date")),
    ("completion", ("statusModule", "completionDateStruct", "date")),
    ("results posted", ("statusModule", "resultsFirstPostDateStruct", "date")),
    ("last update", ("statusModule", "lastUpdatePostDateStruct", "date")),
    ("sponsor", ("sponsorCollaboratorsModule", "leadSponsor", "name")), ("study type", ("designModule", "studyType")),
    ("allocation", ("designModule", "designInfo", "allocation")),
    ("intervention model", ("designModule", "designInfo", "interventionModel")),
    ("observational model", ("designModule", "designInfo", "observationalModel")),
    ("primary purpose", ("designModule", "designInfo", "primaryPurpose")),
    ("masking", ("designModule", "designInfo", "maskingInfo", "masking")),
    ("enrollment", ("designModule", "enrollmentInfo", "count")), ("minimum age", ("eligibilityModule", "minimumAge")),
    ("maximum age", ("eligibilityModule", "maximumAge")), ("sex", ("eligibilityModule", "sex")),
    ("detailed description", ("descriptionModule", "detailedDescription")),
    ("eligibility", ("eligibilityModule", "eligibilityCriteria")),
)  # fmt: skip


def first(text: Text) -> int | None:
    """0 where the document is a page of studies or one study."""
    document = json_records.document(text)
    if not isinstance(document, dict):
        return None
    if _is_study(document):
        return 0
    studies = document.get("studies")
    if not isinstance(studies, list):
        return None
    if not studies:
        return 0 if isinstance(document.get("totalCount"), int) else None
    return 0 if _is_study(studies[0]) else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page."""
    return json_values.parse(NAME, text, place(text, _LISTED), _reference)


def _is_study(value: object) -> bool:
    number = member(value, *_ID)
    return isinstance(number, str) and bool(_NUMBER.fullmatch(number))


def _reference(study: Record, offset: int, length: int) -> Reference | str:
    number = text(member(study, *_ID))
    if number is None:
        return "no study of ClinicalTrials.gov: it has no nctId"
    protocol = next(iter(records(study.get(_PROTOCOL))))
    names = member(protocol, "identificationModule")
    title = _prose(member(names, "briefTitle")) or _prose(member(names, "officialTitle"))
    authors = _authors(protocol)
    posted = text(member(protocol, "statusModule", "studyFirstPostDateStruct", "date"))
    submitted = text(member(protocol, "statusModule", "studyFirstSubmitDate"))
    date = dates.best([dates.read(value) for value in (posted, submitted) if value])
    abstract = fields.abstract([_prose(member(protocol, "descriptionModule", "briefSummary")) or ""])[0]
    conditions = member(protocol, "conditionsModule")
    keywords = (*texts(member(conditions, "conditions")), *texts(member(conditions, "keywords")))
    other = [(name, value) for name, value in _other(study, protocol) if value and value != title]
    return Reference(
        offset=offset,
        length=length,
        type="other",
        title=title,
        authors=authors,
        year=date.year,
        date=date.iso,
        abstract=abstract,
        keywords=fields.unique(value for one in keywords if (value := _prose(one))),
        urls=(ADDRESS + number,),
        accession=number,
        database="ClinicalTrials.gov",
        other=tuple(dict.fromkeys(other)),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract))),
    )


def _prose(value: object) -> str | None:
    r"""Text out of Markdown, in which signs that could be taken for markup have a backslash: ``\>= 18``."""
    return prose(_ESCAPE.sub(r"\1", value)) if isinstance(value, str) else text(value)


def _authors(protocol: Record) -> tuple[str, ...]:
    """Names as given, without the degrees after the first comma."""
    officials = records(member(protocol, "contactsLocationsModule", "overallOfficials"))
    sponsors = member(protocol, "sponsorCollaboratorsModule")
    written = [one.get("name") for one in officials] or [member(sponsors, "responsibleParty", "investigatorFullName")]
    names = [bare for one in written if (name := text(one)) and (bare := name.split(",")[0].strip())]
    sponsor = text(member(sponsors, "leadSponsor", "name"))
    return fields.unique(names or ([sponsor] if sponsor else []))


def _other(study: Record, protocol: Record) -> Iterator[tuple[str, str | None]]:
    """What a reviewer may want to see and no field holds."""
    yield from ((name, _prose(member(protocol, *path))) for name, path in _SINGLE)
    for one in records(member(protocol, "identificationModule", "secondaryIdInfos")):
        yield "other id", text(one.get("id"))
    for one in records(member(protocol, "sponsorCollaboratorsModule", "collaborators")):
        yield "collaborator", text(one.get("name"))
    for one in records(member(protocol, "contactsLocationsModule", "overallOfficials")):
        yield "investigator", _joined(one, "name", "role", "affiliation")
    for phase in texts(member(protocol, "designModule", "phases")):
        yield "phase", phase
    for one in records(member(protocol, "armsInterventionsModule", "interventions")):
        yield "intervention", _joined(one, "type", "name")
    for one in records(member(protocol, "outcomesModule", "primaryOutcomes")):
        yield "primary outcome", _joined(one, "measure", "timeFrame")
    for one in records(member(protocol, "contactsLocationsModule", "locations")):
        yield "country", text(one.get("country"))
    for one in records(member(protocol, "referencesModule", "references")):
        yield "paper", _joined(one, "type", "pmid", "citation")
    if isinstance(study.get("hasResults"), bool):
        yield "has results", "yes" if study["hasResults"] else "no"


def _joined(record: Record, *names: str) -> str | None:
    return ": ".join(value for name in names if (value := _prose(record.get(name)))) or None
