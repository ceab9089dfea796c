"""PubMed's XML: what EFetch and the yearly files give (https://dtd.nlm.nih.gov/ncbi/pubmed/, "PubMedArticle").

A set, or a single record, of articles (``PubmedArticle``, in old files ``MedlineCitation``) and of books and their chapters
(``PubmedBookArticle``). Meanings are those of "MEDLINE PubMed XML Element Descriptions"
(https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html). Lists of what an article cites, grants and the dates and
state of its handling are left aside; what else says something about the paper stays in ``other`` by the name of its element.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from tasks.formats import dates, fields, markup, tagged, xml_records
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import Text, clean, damaged, decode

NAME = "pubmed_xml"
_ARTICLES, _BOOKS = ("PubmedArticle", "MedlineCitation"), ("PubmedBookArticle",)
_ROOTS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet", *_ARTICLES, *_BOOKS})
_DELETED = "DeleteCitation"
_TYPES = {  # other publication types are kinds of articles in journals
    "preprint": "report", "technical report": "report", "government publication": "report", "academic dissertation": "thesis",
    "dataset": "dataset", "congress": "conference", "meeting abstract": "conference",
}  # fmt: skip
_RELATIONS = {  # RefType; a partial retraction leaves the rest of a paper standing
    "RetractionIn": "retracted", "RetractionOf": "retraction-of", "RetractedandRepublishedIn": "retracted",
    "RetractedandRepublishedFrom": "update-of", "PartialRetractionIn": "concern", "PartialRetractionOf": "concern-about",
    "ExpressionOfConcernIn": "concern", "ExpressionOfConcernFor": "concern-about", "ErratumIn": "corrected",
    "ErratumFor": "correction-of", "CorrectedandRepublishedIn": "corrected", "CorrectedandRepublishedFrom": "correction-of",
    "UpdateIn": "updated", "UpdateOf": "update-of",
}  # fmt: skip
_CITED = "Cites"
_RANGE = re.compile(r"[\w.]+-[\w.]+")
_NUMBER = re.compile(r"[A-Za-z]{0,6}\d{0,8}")  # an article number; identifiers such as S0140-6736(20)30183-5 are none
_NO_LABEL = frozenset({"", "UNLABELLED", "UNLABELED", "UNASSIGNED"})
_NOT_HERE = re.compile(
    r"\[?not available\]?\.?|\[?(?:abstract|title) (?:not )?available(?: from the publisher)?\]?\.?", re.IGNORECASE
)


def first(text: Text) -> int | None:
    """The first line where the document is one of PubMed's."""
    if xml_records.root(text) not in _ROOTS:
        return None
    return next(number for number, line in enumerate(text.lines) if line.strip())


def parse(data: bytes) -> Parsed:
    """Read an XML file of PubMed."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the records of a decoded file. Records that a yearly file declares deleted are told in a warning."""
    parsed = xml_records.parse(NAME, text.data, (*_ARTICLES, *_BOOKS), _reference)
    if not parsed.starts and xml_records.root(text) not in _ROOTS:
        return replace(parsed, starts=1, rejected=(Rejected(0, len(text.data), 1, "XML, but not of PubMed", text.data),))
    deleted = _deleted(text.data)
    if not deleted:
        return parsed
    return replace(parsed, warnings=(f"PubMed has deleted the records {', '.join(deleted)}", *parsed.warnings))


def _deleted(data: bytes) -> list[str]:
    found: list[str] = []
    if _DELETED.encode() in data:
        with contextlib.suppress(xml_records.Cut):
            for one in xml_records.elements(data, (_DELETED,)):
                found += _texts(one.element, "PMID")
    return found


def _reference(record: Element, offset: int, length: int) -> Reference | str:
    document = _child(record, "BookDocument")
    if document is not None:
        return _book(record, document, offset, length)
    citation = record if record.tag == "MedlineCitation" else _child(record, "MedlineCitation")
    article = _child(citation, "Article")
    if citation is None or article is None:
        return "the record has neither an article nor a book in it"
    return _article(record, citation, article, offset, length)


def _article(record: Element, citation: Element, article: Element, offset: int, length: int) -> Reference:
    journal, issue = _child(article, "Journal"), _child(article, "Journal", "JournalIssue")
    listed = _child(citation, "MedlineJournalInfo")
    ids = _ids(record, article)
    types = _texts(article, "PublicationTypeList", "PublicationType")
    title, original = _titles(article)
    authors, editors, others = _people(article.findall("AuthorList"))
    abstract, abstracts = _abstract(article, citation)
    published = _date(_child(issue, "PubDate"))
    online = [_date(one) for one in article.findall("ArticleDate")]
    date = published if published.year is not None else next((one for one in online if one.year is not None), published)
    pages, number = _pages(article, ids)
    languages = _texts(article, "Language")
    pmid = fields.pmid(_text(citation, "PMID"))
    return Reference(
        offset=offset, length=length, type=_type(types), title=title, authors=authors, year=date.year, date=date.iso,
        journal=_prose(_child(journal, "Title")) or _text(journal, "ISOAbbreviation") or _text(listed, "MedlineTA"),
        volume=_text(issue, "Volume"), issue=_text(issue, "Issue"), pages=pages, doi=_doi(ids), pmid=pmid,
        issn=_serials([*_texts(journal, "ISSN"), *_texts(listed, "ISSNLinking")])[0], abstract=abstract,
        keywords=_keywords(citation), language=languages[0] if languages else None, accession=pmid, database="PubMed",
        notes=tuple(_texts(citation, "GeneralNote")), notices=_notices(citation, types),
        other=_pairs([
            ("VernacularTitle", original), *others, *(("PublicationType", one) for one in types), *abstracts,
            *(("Language", one) for one in languages[1:]),
            ("PubDate", _said(_child(issue, "PubDate")) if date.rest or published.year is None else None),
            *(("ArticleDate", one.iso) for one in online if one is not date),
            *((name, value) for name, value in ids if name not in ("doi", "pubmed") and value != number),
            *_headings(citation),
            *(("Chemical", one) for one in _texts(citation, "ChemicalList", "Chemical", "NameOfSubstance")),
            *_registered(article), *_relations(citation), *(("OtherID", one) for one in _texts(citation, "OtherID")),
            *(("PersonalNameSubject", _name(one)) for one in _all(citation, "PersonalNameSubjectList", "PersonalNameSubject")),
            *(("Editor", one) for one in editors), ("CoiStatement", _text(citation, "CoiStatement")),
        ]),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract))),
    )  # fmt: skip


def _book(record: Element, document: Element, offset: int, length: int) -> Reference:
    """A book, or where the document has a title of its own a chapter of it."""
    book = _child(document, "Book")
    ids = _ids(record, document)
    types = _texts(document, "PublicationType")
    whole, (title, original) = _prose(_child(book, "BookTitle")), _titles(document)
    chapter = title is not None
    authors, editors, others = _people(document.findall("AuthorList"))
    of_book, more, beside = _people(_all(book, "AuthorList"))
    if authors:
        editors, others = [*editors, *more], [*others, *(("BookAuthor", one) for one in of_book)]
    else:
        authors, editors, others = of_book, [*editors, *more], [*others, *beside]
    abstract, abstracts = _abstract(document, document)
    dated = [_date(_child(book, "PubDate")), _date(_child(document, "ContributionDate")), _date(_child(book, "BeginningDate"))]
    date = next((one for one in dated if one.year is not None), dates.Date())
    pmid = fields.pmid(_text(document, "PMID"))
    issn, isbn = _serials([*_texts(book, "Isbn"), *_texts(book, "Issn")])
    languages = _texts(document, "Language")
    return Reference(
        offset=offset, length=length, type="chapter" if chapter else "book", title=title or whole, authors=authors,
        year=date.year, date=date.iso, journal=whole if chapter else _prose(_child(book, "CollectionTitle")),
        volume=_text(book, "Volume"), pages=_pages(document, [])[0], doi=_doi(ids), pmid=pmid, issn=issn, isbn=isbn,
        abstract=abstract, keywords=_keywords(document), language=languages[0] if languages else None,
        publisher=_text(book, "Publisher", "PublisherName"), accession=pmid, database="PubMed",
        notices=_notices(document, types),
        other=_pairs([
            ("VernacularTitle", original), *others, *(("Editor", one) for one in editors),
            *(("PublicationType", one) for one in types), *abstracts, *(("Language", one) for one in languages[1:]),
            *(("CollectionTitle", _prose(_child(book, "CollectionTitle"))) for _ in range(chapter)),
            *((name, _text(book, name)) for name in ("VolumeTitle", "Edition", "Medium", "ReportNumber")),
            ("PublisherLocation", _text(book, "Publisher", "PublisherLocation")),
            *((name, value) for name, value in ids if name not in ("doi", "pubmed")),
        ]),
        warnings=damaged((("title", title or whole), ("authors", authors), ("abstract", abstract))),
    )  # fmt: skip


def _titles(element: Element) -> tuple[str | None, str | None]:
    """The title, and the one in the language of the paper apart; "[Not Available]." is none."""
    title, original = _prose(_child(element, "ArticleTitle")), _prose(_child(element, "VernacularTitle"))
    if title and not _NOT_HERE.fullmatch(title):
        return title, original
    return original, None


def _people(lists: Iterable[Element]) -> tuple[tuple[str, ...], list[str], list[tuple[str, str | None]]]:
    """The authors, with groups in their places, the editors, and the authors' affiliations.

    A name that was printed wrong and then corrected stands twice: the wrong one, with ``ValidYN="N"``, comes apart.
    """
    names: list[str] = []
    wrong: list[str] = []
    editors: list[str] = []
    affiliations: list[tuple[str, str | None]] = []
    for role, author in ((each.get("Type"), one) for each in lists for one in each):
        name = _name(author)
        if name:
            (editors if role == "editors" else wrong if author.get("ValidYN") == "N" else names).append(name)
        affiliations += [("Affiliation", one) for one in _texts(author, "AffiliationInfo", "Affiliation")]
    if not names:
        return tuple(wrong), editors, affiliations
    return tuple(names), editors, [*(("Author", one) for one in wrong), *affiliations]


def _name(person: Element) -> str | None:
    """``Family, Given Jr``, or the name of a group."""
    family, given = _text(person, "LastName"), _text(person, "ForeName") or _text(person, "Initials")
    if family is None:
        return _text(person, "CollectiveName") or given
    rest = " ".join(part for part in (given, _text(person, "Suffix")) if part)
    return f"{family}, {rest}" if rest else family


def _abstract(element: Element, citation: Element) -> tuple[str | None, list[tuple[str, str | None]]]:
    """The abstract with its sections labelled, and what stands beside it.

    An abstract in another language or of another kind is taken where there is no other; PubMed writes of some only that the
    publisher has them.
    """
    found = _sections(_child(element, "Abstract"))
    beside: list[tuple[str, str | None]] = []
    more = [(one, _sections(one)) for one in citation.findall("OtherAbstract")]
    for other, text in sorted(more, key=lambda pair: pair[0].get("Language", "eng") != "eng"):
        if found is None and text is not None and other.get("Type") != "plain-language-summary":
            found = text
        else:
            kind = ", ".join(part for part in (other.get("Type"), other.get("Language")) if part)
            beside.append((f"OtherAbstract ({kind})" if kind else "OtherAbstract", text))
    beside.append(("CopyrightInformation", _text(element, "Abstract", "CopyrightInformation")))
    return found, beside


def _sections(abstract: Element | None) -> str | None:
    parts = []
    for section in abstract.findall("AbstractText") if abstract is not None else ():
        text, label = _prose(section), clean(section.get("Label", "")) or ""
        if text:
            parts.append(text if label.upper() in _NO_LABEL else f"{label.rstrip(':')}: {text}")
    whole = " ".join(parts)
    return None if not whole or _NOT_HERE.fullmatch(whole) else whole


def _date(element: Element | None) -> dates.Date:
    """A date in parts, or in PubMed's words ("1998 Dec-1999 Jan", "2010 Spring")."""
    if element is None:
        return dates.Date()
    year, month, day = (_text(element, name) for name in ("Year", "Month", "Day"))
    if year and month and month.isdecimal():
        return dates.read("-".join(part for part in (year, month, day) if part))
    return dates.read(_said(element) or "")


def _said(element: Element | None) -> str | None:
    """A date as it is written: year, month or season, day."""
    return " ".join(text for one in element if (text := xml_records.text(one))) or None if element is not None else None


def _pages(element: Element, ids: list[tuple[str, str]]) -> tuple[str | None, str | None]:
    """Pages, and the article number if one stands for them: the publisher's item number in journals without paper."""
    printed = _text(element, "Pagination", "MedlinePgn")
    start, end = _text(element, "Pagination", "StartPage"), _text(element, "Pagination", "EndPage")
    if printed and not (_RANGE.fullmatch(printed) and start and end):
        return fields.pages(printed), None
    if start or printed:
        return fields.pages(start or printed, end), None
    number = next((value for name, value in ids if name == "pii" and _NUMBER.fullmatch(value)), None)
    if number and element.get("PubModel", "").startswith("Electronic"):
        return number, number
    return None, None


def _ids(record: Element, element: Element) -> list[tuple[str, str]]:
    """The record's own identifiers: pubmed, doi, pii, pmc, bookaccession … Those of cited papers stand elsewhere."""
    located = [*element.findall("ELocationID"), *_all(element, "Book", "ELocationID")]
    listed = [
        *_all(record, "PubmedData", "ArticleIdList", "ArticleId"),
        *_all(record, "PubmedBookData", "ArticleIdList", "ArticleId"),
        *_all(element, "ArticleIdList", "ArticleId"),
    ]
    found = [(one.get("EIdType", "id"), one) for one in located if one.get("ValidYN") != "N"]
    found += [(one.get("IdType", "id"), one) for one in listed]
    return list(dict.fromkeys((kind, value) for kind, one in found if (value := clean(xml_records.text(one)))))


def _doi(ids: list[tuple[str, str]]) -> str | None:
    return next((found for kind, value in ids if kind == "doi" and (found := fields.doi(value))), None)


def _serials(values: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = [fields.serials(value) for value in values]
    return fields.unique(one for issn, _ in found for one in issn), fields.unique(one for _, isbn in found for one in isbn)


def _type(types: list[str]) -> str:
    return next((_TYPES[one.lower()] for one in types if one.lower() in _TYPES), "article")


def _keywords(citation: Element) -> tuple[str, ...]:
    """MeSH headings without their qualifiers, and the authors' keywords."""
    headings = _texts(citation, "MeshHeadingList", "MeshHeading", "DescriptorName")
    more = _texts(citation, "SupplMeshList", "SupplMeshName")
    return fields.unique([*headings, *more, *_texts(citation, "KeywordList", "Keyword")])


def _headings(citation: Element) -> Iterator[tuple[str, str | None]]:
    """MeSH headings that have qualifiers, each with them."""
    for heading in _all(citation, "MeshHeadingList", "MeshHeading"):
        name = _text(heading, "DescriptorName")
        yield from (("MeshHeading", f"{name}/{one}") for one in _texts(heading, "QualifierName"))


def _registered(article: Element) -> Iterator[tuple[str, str | None]]:
    """Numbers of trials and data sets: what tells that papers are of one study."""
    for bank in _all(article, "DataBankList", "DataBank"):
        name = _text(bank, "DataBankName") or "DataBank"
        yield from ((name, one) for one in _texts(bank, "AccessionNumberList", "AccessionNumber"))


def _notices(citation: Element, types: list[str]) -> tuple[str, ...]:
    """Retractions, corrections, updates. A preprint that was "updated in" an article is that article's preprint.

    Publication types say the same without the other paper, so they count only where no relation does.
    """
    preprint = "preprint" in (one.lower() for one in types)
    named = []
    for one in _all(citation, "CommentsCorrectionsList", "CommentsCorrections"):
        relation = one.get("RefType", "")
        kind = "preprint-of" if preprint and relation == "UpdateIn" else _RELATIONS.get(relation)
        if kind:
            doi, pmid = fields.doi(_text(one, "RefSource")), fields.pmid(_text(one, "PMID"))
            other = doi or (f"pmid:{pmid}" if pmid else None)
            named.append((kind, f"{kind}: {other}" if other else kind))
    kinds = {kind for kind, _ in named}
    return fields.unique([*(one for _, one in named), *(one for one in tagged.notices(types) if one not in kinds)])


def _relations(citation: Element) -> Iterator[tuple[str, str | None]]:
    """Comments, summaries for patients and such; notices as well, where they say more than which paper."""
    for one in _all(citation, "CommentsCorrectionsList", "CommentsCorrections"):
        relation = one.get("RefType", "")
        if relation != _CITED:
            source, pmid, note = _text(one, "RefSource"), _text(one, "PMID"), _text(one, "Note")
            said = "; ".join(part for part in (source, f"PMID {pmid}" if pmid else None, note) if part)
            yield relation or "CommentsCorrections", said


def _pairs(found: Iterable[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in dict.fromkeys(found) if value)


def _child(element: Element | None, *names: str) -> Element | None:
    """The first element at a path of names."""
    for name in names:
        if element is None:
            return None
        element = element.find(name)
    return element


def _all(element: Element | None, *names: str) -> list[Element]:
    """All elements at a path of names, name by name: a path in one string is taken apart in Python, again and again."""
    found = [] if element is None else [element]
    for name in names:
        found = [one for parent in found for one in parent.findall(name)]
    return found


def _text(element: Element | None, *names: str) -> str | None:
    """The clean text of the first element at a path."""
    return clean(xml_records.text(_child(element, *names)))


def _texts(element: Element | None, *names: str) -> list[str]:
    return [value for one in _all(element, *names) if (value := clean(xml_records.text(one)))]


def _prose(element: Element | None) -> str | None:
    """Text of which markup that stands in entities is dropped as well."""
    return markup.plain(xml_records.text(element))
