"""Every number and word list that de-duplication rests on, each with its reason; SQL gets them as bound ``$name`` parameters.

The numbers were set on public labelled sets of search exports (docs/dedup.md says how well they do). Where two values did
equally well, the one that merges less was taken: a pair left apart costs a reviewer a minute, a wrong merge loses a paper.
"""

from __future__ import annotations

from collections.abc import Iterable

# --- Titles -----------------------------------------------------------------------------------------------------------

LANGUAGES = [
    "arabic", "bulgarian", "chinese", "croatian", "czech", "danish", "dutch", "english", "finnish", "french", "german",
    "greek", "hebrew", "hungarian", "italian", "japanese", "korean", "norwegian", "persian", "polish", "portuguese",
    "romanian", "russian", "serbian", "slovak", "slovenian", "spanish", "swedish", "turkish", "ukrainian",
]  # fmt: skip
"""Databases append the language of a translated article to its title: "Stroke in Kyoto. [Japanese]"."""

NOTICES = ("withdrawn", "retracted article", "retracted", "reprint", "proceedings")
"""Words that a publisher puts before the title of the same paper later; it stays the same paper."""

TYPE_WORDS = [
    "comment", "commentary", "comments", "corrigendum", "correction", "corrections", "editorial", "editor", "erratum",
    "errata", "letter", "protocol", "reply", "response", "rejoinder", "retraction", "addendum", "rebuttal", "preface",
    "foreword", "summary of",
]  # fmt: skip
"""Words that tell a paper from another paper about it: "Reply to …", "Erratum: …". Both titles must have the same ones."""

COMMENT_WORDS = [
    "comment", "commentary", "comments", "editorial", "editor", "letter", "reply", "response", "rejoinder", "rebuttal",
    "summary of",
]  # fmt: skip
"""Those of them that name a piece about somebody's paper."""

CORRECTION_WORDS = [
    "corrigendum", "correction", "corrections", "erratum", "errata", "addendum",
]  # fmt: skip
"""One and the same kind of piece under many names."""

LIVING_SERIALS = [
    "cochrane database", "clin(ical)? evid(ence)?", "statpearls", "gene ?reviews", "living reviews",
]  # fmt: skip
"""Serials that publish a review again under its old title when it is brought up to date."""

PREPRINT_SERVERS = [
    r"\w*rxiv", "ssrn", "research square", "preprints?", "osf preprints", "authorea",
]  # fmt: skip
"""Where papers lie before a journal has them."""

KINDS_APART = ["thesis", "dataset", "book"]
"""Kinds of publication that are never the same paper as one of another kind, though title and author are often the same."""

GENERIC_OPENINGS = [
    "abstracts?", "book review", "comment", "commentary", "contents", "correction", "corrigendum", "editor", "editorial",
    "erratum", "foreword", "guest editorial", "in this issue", "index", "introduction", "letters?", "news", "obituary",
    "preface", "remarks from", "reply", "response", "table of contents",
]  # fmt: skip
"""Openings of titles that journals use again and again, so that equal titles prove nothing."""

GENERIC_LENGTH = 22
"""A title of fewer letters is likely to be shared by different papers ("Introduction", "Annual report 2019")."""

TELLING_LENGTH = 30
"""A title of so many letters is rarely that of two papers by the same authors in the same year."""

TITLE_OPENING = 45
"""Letters a main title needs before its subtitle may be missing in the other record."""

STEM_LENGTH = 15
"""The same, where the page agrees as well."""

OPENING_LENGTH = 6
"""The same, where first author, page, volume, year and journal agree as well."""

PARTICLES = [
    "van", "von", "de", "den", "der", "di", "da", "la", "le", "el", "ter", "dos", "del", "du", "das", "zu", "af", "al",
    "bin", "ibn",
]  # fmt: skip
"""Parts of family names that some databases move behind the given name or drop."""

SMALL_WORDS = [
    "of", "the", "and", "for", "in", "on", "de", "la", "a", "an", "et", "und", "y", "der", "del", "di",
]  # fmt: skip
"""Words left out of journal names before they are compared: abbreviations drop them."""

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
"""What spreadsheets make of the second of two small numbers."""

# --- Blocking ---------------------------------------------------------------------------------------------------------

BLOCK_CAP = 60
"""A key shared by more records says too little: comparing all of them would cost most and find least."""

CONTAINER_TITLES = 4
"""A DOI seen with this many different title openings belongs to the whole supplement or book."""

# --- Likeness ---------------------------------------------------------------------------------------------------------

COMPARED = 200
"""Letters of a title that are compared; more costs time and changes no decision."""

LENGTH_GAP = 0.4
"""Titles whose lengths differ by more than this share are not compared letter by letter."""

TITLE_EQUAL = 0.95
"""Titles that differ in no more than typing, spelling or punctuation: one letter in twenty."""

WORD_LENGTH = 3
"""Letters of a word by which titles may differ though nearly all letters agree: "boys" and "girls" in a long title."""

WORD_ALIKE = 0.7
"""Words that are one word in two spellings: "tumour" and "tumor"."""

WORD_STEM = 4
"""Letters that two forms of a word begin with: "programme" and "programs"."""

TITLE_NEAR = 0.8
"""Titles retyped or translated anew; enough only where the paper's place agrees as well."""

TITLE_AKIN = 0.6
"""Titles with much in common; enough only for the same DOI, or the same page, volume, year and journal."""

TITLE_RELATED = 0.25
"""Below this even a shared DOI and page do not make two titles those of one paper."""

AUTHORS_SHARED = 0.34
"""Share of the shorter list's names in the longer one below which the lists contradict each other."""

AUTHORS_MOST = 0.6
"""Share of names that outweighs a different first author (order or damage)."""

AUTHORS_NEARLY_ALL = 0.8
"""Share of names asked for where titles cannot be compared, being in two languages."""

FAMILY_ALIKE = 0.75
"""Family names that may be one name in two transliterations or spellings."""

FAMILY_LENGTH = 5
"""Letters below which likeness of family names says nothing: Wang and Wong are two people."""

JOURNAL_AKIN = 0.7
"""Journal names that may be the same: abbreviations score from here."""

JOURNAL_EQUAL = 0.85
"""Journal names that are the same but for abbreviation or punctuation."""

JOURNAL_WORDS_EQUAL = 3
"""Words (or their beginnings) that two names share from the start, where one goes on: sections, places, old subtitles."""

JOURNAL_WORDS_AKIN = 2
"""The same with fewer words, which may be two journals ("Journal of Physiology and Biochemistry")."""

ABSTRACT_EQUAL = 0.95
"""Abstracts that are the same but for headings and typing."""

ABSTRACT_COMPARED = 300
"""Letters of two abstracts that are compared. So many that are the same are one text; fewer may be a common opening."""

PAGE_DIGITS = 3
"""A page number of so many digits that is the end of the other's has lost a digit: 1139 and 139."""

PAGE_SHIFT = 4
"""Databases disagree by so few pages on where a paper starts: its title page, or its text."""

PLACE_DIGITS = 3
"""Digits of a page that only one issue of a volume can have: every issue has pages 1-2, few volumes two pages 621."""

RECORDS_PER_UNSURE = 100
"""One pair that a person is asked about for so many records: what a team looks through before the first screening."""

UNSURE_SCORE = 0.6
"""Likeness below which hardly any pair was one paper: not worth a person's minute."""

PAIR_KEPT = 0.75
"""Title likeness from which a pair that is different is still worth showing to a reviewer."""


def _any(words: Iterable[str]) -> str:
    return "(" + "|".join(words) + ")"


_TAILS = [*LANGUAGES, "review", "abstract", "see comments?", "with comments?"]

PATTERNS: dict[str, object] = {
    "notice_pattern": rf"(?i)^\W*{_any(NOTICES)}\W*[:.]\s*",
    "language_tail_pattern": rf"(?i)[.\s]*[\[(]?\b{_any(_TAILS)}[\])]?[.\s]*$",
    "remark_pattern": r"(?i)\s*(\[(review|see comments?|\d+ refs?|erratum[^\]]*)\]|\(vol \d+[^)]*\)|\(review\)"
    r"|retracted article[^)]*|\[?erratum appears in.*|\[?republished in.*|\[?abstract (no|number)[.:]? *\w+"
    r"|-? *art\. no\. .*|version \d+; (referees|peer review).*)\s*[.)\]]*",
    "original_title_pattern": rf"(?is)[.?!]\s+{_any(LANGUAGES)}(\s.*)?$",
    "correction_pattern": r"(?i)^\W*(author |publisher )?"
    r"((erratum|errata|corrigend(um|a)|addendum)\b( to| for| in)?\b|corrections?( to)?\s*:)\W*",
    "corrected_place_pattern": r"\W*(\([^()]*|[A-Za-z .]+ \d+ )\((19|20)\d\d\).*$",
    "nobody_pattern": r"(?i)^\W*(anon(ymous)?|unknown|no authors? (listed|given))\W*$",
    "living_serial_pattern": rf"(?i)\b{_any(LIVING_SERIALS)}",
    "preprint_pattern": rf"(?i)^\W*(the )?{_any(PREPRINT_SERVERS)}\b",
    # what servers register; Cold Spring Harbor's number is that of its journals as well
    "preprint_doi_pattern": r"\b10\.(48550/|2139/ssrn|21203/rs|20944/preprints|312\d\d/osf|31234/|31235/|35542/osf"
    r"|1101/(20\d\d\.|\d{6}))",
    "article_number_pattern": r"^([a-rt-z]+\d{3,}|\d{5,})$",
    "generic_pattern": rf"(?i)^\W*{_any(GENERIC_OPENINGS)}\b",
    "type_word_pattern": rf"\b(?:{'|'.join(TYPE_WORDS)}|part [a-z])\b",
    "month_pattern": r"(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
}
"""Word lists as the regular expressions in which SQL uses them."""


def values() -> dict[str, object]:
    """All parameters by the name under which SQL binds them: thresholds in lower case, word lists, patterns."""
    bound = {name.lower(): value for name, value in globals().items() if name.isupper() and name not in ("PATTERNS", "_TAILS")}
    return {**bound, **PATTERNS}
