"""Staged tables: derived from raw files and logs, one folder of SQL and pure functions a stage."""

from __future__ import annotations

from dataclasses import replace

from warehouse.contract import Audience, Column, Stage, Table
from warehouse.tables import words
from warehouse.tables.log import (
    ASKED,
    CODING,
    CONSULTATION,
    DECISION,
    DRAW,
    NEXT_STEP,
    OUTCOME,
    RAW,
    REASON,
    RECEIPT_COLUMNS,
    REMOVAL,
    RESOLUTION,
    REVIEW,
    ROUND,
    SEARCH_COLUMNS,
    SEARCH_LINE,
    STAGE,
    SYNTHESIS,
    TOOL_VOTE,
    VOTE,
)

BIBLIOGRAPHIC = (
    Column("type", "VARCHAR", "Kind of publication: article, chapter, book, report, thesis, conference, webpage, dataset, other.", nullable=True),
    Column("title", "VARCHAR", "Title as given.", nullable=True),
    Column("authors", "VARCHAR[]", "Authors in order; empty where none is given."),
    Column("year", "INTEGER", "Year of publication.", nullable=True),
    Column("journal", "VARCHAR", "Journal, book or series that it appeared in.", nullable=True),
    Column("volume", "VARCHAR", "Volume.", nullable=True),
    Column("issue", "VARCHAR", "Issue.", nullable=True),
    Column("pages", "VARCHAR", "Pages or article number.", nullable=True),
    Column("doi", "VARCHAR", "DOI, bare and lower case.", nullable=True),
    Column("pmid", "VARCHAR", "PubMed id.", nullable=True),
    Column("abstract", "VARCHAR", "Abstract; licensed by the database, so never published from here.", nullable=True, audience=Audience.TEAM),
    Column("keywords", "VARCHAR[]", "Subject headings and keywords; licensed by the database.", audience=Audience.TEAM),
    Column("language", "VARCHAR", "Language as given.", nullable=True),
    Column("publisher", "VARCHAR", "Publisher or institution.", nullable=True),
    Column("url", "VARCHAR", "First http(s) address given.", nullable=True),
    Column("notices", "VARCHAR[]", "Editorial notices and relations to other papers: such as retracted, or corrected: 10.1000/xyz.", nullable=True),
)
RECORD_ID = Column("record_id", "VARCHAR", "The record: its database on its platform and its id there, else a hash of its content.")
PRESENT_CITATION = Column("citation_id", "VARCHAR", "The unique paper: a hash of its founding record's id, stable for ever.")
SYNTHETIC = Column("synthetic", "BOOLEAN", "True where the row is made up for an example and describes no real paper.")

SEARCH = Table("staging", "search", Stage.RECORDS, Audience.PUBLIC, ("review", "search_id"), "One row per search that is part of this release: what was searched, how, when, and what it brought (PRISMA-S).",
    (*SEARCH_COLUMNS, *RECEIPT_COLUMNS))

PRESENT_SEARCH_LINE = replace(SEARCH_LINE, schema="staging", stage=Stage.RECORDS, meaning="Lines of the search strategies of this release.")

PRESENT_ASKED = replace(ASKED, schema="staging", stage=Stage.RECORDS, meaning="People who were asked for papers, in the searches of this release.")

KNOWN_PAPER = Table("staging", "known_paper", Stage.RECORDS, Audience.PUBLIC, ("review", "raw", "position", "source_id", "strategy"),
    "One row per paper that is known to be relevant and strategy of a database or register: whether the strategy found it.",
    (REVIEW, RAW, Column("position", "INTEGER", "Order of the paper in its file, from 1."), Column("title", "VARCHAR", "Title.", nullable=True), Column("doi", "VARCHAR", "DOI.", nullable=True),
     Column("source_id", "VARCHAR", "Source."), Column("strategy", "VARCHAR", "Search string; empty where it was not reported."), Column("found", "BOOLEAN", "The strategy brought it, by DOI, PubMed id, or title and year."),
     Column("record_id", "VARCHAR", "The record that it brought.", nullable=True)))

RECORD = Table("staging", "record", Stage.RECORDS, Audience.TEAM, ("review", "record_id"),
    "One row per record: one entry of one database, website or expert, in its latest version.",
    (REVIEW, RECORD_ID, Column("source_id", "VARCHAR", "Source that brought it first."), Column("search_id", "VARCHAR", "Search that brought it first."),
     Column("database", "VARCHAR", "Database, website or group of experts."), Column("platform", "VARCHAR", "Platform.", nullable=True),
     Column("accession", "VARCHAR", "Its id there.", nullable=True), Column("box", "VARCHAR", "Box of the PRISMA diagram that it counts in."), Column("arm", "VARCHAR", "Arm of the PRISMA diagram.", among=words.ARM),
     *BIBLIOGRAPHIC, Column("suggested_by", "VARCHAR", "Expert who suggested it (id in protocol.people).", nullable=True, audience=Audience.PRIVATE),
     Column("suggested_on", "DATE", "When the expert suggested it.", nullable=True),
     Column("warnings", "VARCHAR[]", "Damage seen in the source and left as it is."), Column("first_seen", "TIMESTAMP", "When it was first received."),
     RAW, Column("offset", "BIGINT", "Byte at which its latest version starts in that file."), Column("length", "BIGINT", "Bytes of its latest version."), SYNTHETIC))

RECORD_SEARCH = Table("staging", "record_search", Stage.RECORDS, Audience.TEAM, ("review", "record_id", "search_id"),
    "One row per record and search that brought it: no search is forgotten when records are met again or merged.",
    (REVIEW, RECORD_ID, Column("search_id", "VARCHAR", "The search."), Column("source_id", "VARCHAR", "Its source."),
     Column("seen", "VARCHAR", "Whether the record was new to the review then, came changed, or was as before.", among=("new", "changed", "repeated"))))

QUARANTINE = Table("staging", "quarantine", Stage.RECORDS, Audience.TEAM, ("review", "search_id", "raw", "offset"),
    "One row per piece of a file that starts like a record and could not be read as one: kept with its bytes and the reason.",
    (REVIEW, Column("search_id", "VARCHAR", "Search it belongs to."), Column("path", "VARCHAR", "File it is in."), Column("line", "INTEGER", "Line at which it starts."),
     RAW, Column("offset", "BIGINT", "Byte at which it starts."), Column("length", "BIGINT", "Its bytes."), Column("reason", "VARCHAR", "Why it could not be read."), Column("data", "BLOB", "The bytes.")))

RECORD_PAIR = Table("staging", "record_pair", Stage.DEDUP, Audience.TEAM, ("review", "record_a", "record_b"),
    "One row per pair of records that was compared and not plainly different: what was decided, by which rule, and why, in a reviewer's words.",
    (REVIEW, Column("record_a", "VARCHAR", "The one record."), Column("record_b", "VARCHAR", "The other; greater than record_a."),
     Column("outcome", "VARCHAR", "The decision.", among=("duplicate", "unsure", "different")), Column("rule", "VARCHAR", "Rule that decided (docs/dedup.md)."),
     Column("explanation", "VARCHAR", "The comparisons that the rule rests on."), Column("score", "DOUBLE", "Likeness of the pair from 0 to 1; orders the unsure ones.")))

CITATION_TABLE = Table("staging", "citation", Stage.DEDUP, Audience.TEAM, ("review", "citation_id"),
    "One row per unique paper: its records merged field by field.",
    (REVIEW, PRESENT_CITATION, Column("founder", "VARCHAR", "Its founding record: the one seen first, then the lowest id."), Column("arm", "VARCHAR", "databases if any of its records came from one.", among=words.ARM),
     Column("records", "INTEGER", "Records merged in it."), *BIBLIOGRAPHIC, Column("first_seen", "TIMESTAMP", "When its founding record was first received."), SYNTHETIC))

CITATION_RECORD = Table("staging", "citation_record", Stage.DEDUP, Audience.TEAM, ("review", "record_id"),
    "One row per record: the citation it belongs to, and whether it stands for it in the PRISMA numbers or counts as a duplicate.",
    (REVIEW, RECORD_ID, PRESENT_CITATION, Column("arm", "VARCHAR", "Arm of the record.", among=words.ARM), Column("box", "VARCHAR", "Box of the record."),
     Column("database", "VARCHAR", "Database of the record."),
     Column("role", "VARCHAR", "kept stands for the citation in the citation's arm; every other record is a duplicate in its own arm.", among=("kept", "duplicate"))))

CITATION_FIELD = Table("staging", "citation_field", Stage.DEDUP, Audience.TEAM, ("review", "citation_id", "field"),
    "One row per field of a citation of several records: which of them gave the value. Where there is one record, it gave all.",
    (REVIEW, PRESENT_CITATION, Column("field", "VARCHAR", "Column of staging.citation."), RECORD_ID))

CITATION_ALIAS = Table("staging", "citation_alias", Stage.DEDUP, Audience.PUBLIC, ("review", "alias"),
    "One row per record that is not the founder of its citation: the id that it would have had alone. Old links keep working.",
    (REVIEW, Column("alias", "VARCHAR", "Id under which the citation may be known elsewhere."), PRESENT_CITATION))

RELATIONS = ("correction", "retraction", "concern", "comment", "protocol", "earlier_version", "preprint", "meeting_abstract", "translation", "other_edition")
CITATION_RELATION = Table("staging", "citation_relation", Stage.DEDUP, Audience.TEAM, ("review", "citation_id", "related_id"),
    "One row per two citations that are related and not the same paper: a preprint and its article, a paper and its correction. Each two are here once.",
    (REVIEW, replace(PRESENT_CITATION, meaning="The citation that is something of the other: the correction, the preprint, the earlier version."),
     Column("kind", "VARCHAR", "What it is of the other. other_edition: the same title and authors elsewhere, such as a conference paper, a working paper, a reprint.", among=RELATIONS),
     Column("related_id", "VARCHAR", "The other citation: the paper, the article, the later version."),
     replace(RECORD_ID, meaning="The record of the citation that shows it."), Column("related_record_id", "VARCHAR", "The record of the other."),
     Column("basis", "VARCHAR", "Whether a source tells it in a notice, or a comparison of the two records shows it.", among=("notice", "comparison")),
     Column("explanation", "VARCHAR", "The notice, or what the comparison found.")))

_SUPERSEDED = Column("superseded", "BOOLEAN", "True where a later row of the same person and round took its place.")
_SAID_OF = Column("said_of", "VARCHAR", "The citation that it was said of, by the id of that day: one file may judge several that are one today.")
PRESENT_VOTE = Table("staging", "vote", Stage.SCREENING, Audience.PRIVATE, (*VOTE.key, "said_of"),
    "Votes brought to the citations of today.", (*VOTE.columns, _SAID_OF, _SUPERSEDED))
PRESENT_TOOL_VOTE = replace(TOOL_VOTE, schema="staging", key=(*TOOL_VOTE.key, "said_of"), meaning="Votes of tools brought to the citations of today.",
    columns=(*TOOL_VOTE.columns, _SAID_OF, _SUPERSEDED))
PRESENT_RESOLUTION = replace(RESOLUTION, schema="staging", key=(*RESOLUTION.key, "said_of"), meaning="Settled conflicts brought to the citations of today.",
    columns=(*RESOLUTION.columns, _SAID_OF))
PRESENT_OUTCOME = replace(OUTCOME, schema="staging", key=(*OUTCOME.key, "said_of"), meaning="Imported decisions brought to the citations of today.",
    columns=(*OUTCOME.columns, _SAID_OF))

SCREENING = Table("staging", "screening", Stage.SCREENING, Audience.TEAM, ("review", "citation_id", "stage"),
    "One row per citation and screening stage that it has reached: where it stands.",
    (REVIEW, PRESENT_CITATION, STAGE, ROUND, Column("state", "VARCHAR", "Where it stands.", among=("awaiting_votes", "conflict", "decided", "removed")),
     replace(DECISION, nullable=True, meaning="What was decided; null while the state is not decided. maybe never appears here: it counts as include.", among=("include", "exclude", "awaiting_classification", "ongoing")),
     REASON, Column("basis", "VARCHAR", "What the decision rests on: votes of people, of a person and a tool, of a tool alone; a settled conflict; an imported list; that the paper was withdrawn after people had voted.", nullable=True, among=("votes", "votes_and_tool", "tool", "resolution", "outcome", "withdrawal")), Column("votes", "INTEGER", "Reviewers whose vote stands in this round.")))

PRESENT_REMOVAL = Table("staging", "removal", Stage.SCREENING, Audience.TEAM, ("review", "citation_id"),
    "One row per citation that was taken out before anybody screened it, and why.",
    (REVIEW, PRESENT_CITATION, Column("decision", "VARCHAR", "By a tool, for another reason, or because it was withdrawn.", among=("automation", "other", "withdrawn")), *(one for one in REMOVAL.columns if one.name in ("tool", "by", "note"))))

FUNNEL = Table("staging", "funnel", Stage.SCREENING, Audience.TEAM, ("review", "citation_id"),
    "One row per citation: the one place in the PRISMA diagram where it is today.",
    (REVIEW, PRESENT_CITATION, Column("arm", "VARCHAR", "Arm of the PRISMA diagram.", among=words.ARM),
     Column("position", "VARCHAR", "Where it is.", among=words.POSITION), REASON))

AGREEMENT_PAIR = Table("staging", "agreement_pair", Stage.SCREENING, Audience.PRIVATE, ("review", "citation_id", "stage", "round"),
    "One row per citation that two people voted on: their two votes, before any conflict was shown to them.",
    (REVIEW, PRESENT_CITATION, STAGE, replace(ROUND, meaning="Screening round; 0 is the pilot, part of round 1."), Column("reviewer_a", "VARCHAR", "The one."), Column("reviewer_b", "VARCHAR", "The other."),
     Column("include_a", "BOOLEAN", "True where the one would include (maybe counts as include)."), Column("include_b", "BOOLEAN", "The same of the other."),
     Column("voters", "INTEGER", "People who voted on it before any conflict was shown; the two are the first of them."), Column("includers", "INTEGER", "Those of them who would include.")))

RANKING = Table("staging", "ranking", Stage.SCREENING, Audience.TEAM, ("review", "citation_id"),
    "One row per citation that awaits screening, where the protocol says prioritised: in which order they go out. It decides nothing.",
    (REVIEW, PRESENT_CITATION, Column("position", "INTEGER", "Its place, from 1; papers of one score stand in the order in which they came in."),
     Column("score", "DOUBLE", "How far its words speak for inclusion (above 0) or against it: the intercept of the model and the weights of its words, added up. No probability. Null where there is no model (staging.ranking_model.unranked).", nullable=True),
     Column("terms", "VARCHAR[]", "The words that moved the score most, the strongest first, each with what it added.")))
RANKING_TERM = Table("staging", "ranking_term", Stage.SCREENING, Audience.TEAM, ("review", "term"),
    "One row per word of the model's strongest: 50 that speak for inclusion, and 50 against it.",
    (REVIEW, Column("term", "VARCHAR", "The word, in lower case and without accents."), Column("weight", "DOUBLE", "Its weight; above 0 it speaks for inclusion.")))
RANKING_MODEL = Table("staging", "ranking_model", Stage.SCREENING, Audience.TEAM, ("review",),
    "One row where the protocol says prioritised: the model that ranks, and what it has learnt from.",
    (REVIEW, Column("ranked", "INTEGER", "Citations in staging.ranking."), Column("included", "INTEGER", "Citations that it has learnt from and people let pass at title and abstract."),
     Column("excluded", "INTEGER", "Those that they left out there."), Column("unranked", "VARCHAR", "Why there is no model, so that papers stand in the order in which they came in; null where there is one.", nullable=True),
     Column("words", "INTEGER", "Words that it knows: those of two citations at least.", nullable=True), Column("intercept", "DOUBLE", "What a text without a word that it knows scores.", nullable=True),
     Column("seed", "BIGINT", "protocol.screening.title_abstract.prioritised.seed."), Column("library", "VARCHAR", "What computed it.", nullable=True)))
RECALL = Table("staging", "recall", Stage.SCREENING, Audience.TEAM, ("review",),
    "One row where the protocol says prioritised: how surely screening has found the share of the relevant citations that the protocol names, by the order in which they were sent (Callaghan and Müller-Hansen 2020). It decides nothing.",
    (REVIEW, Column("citations", "INTEGER", "Citations that people screen: decided by them, or awaiting it."), Column("unsorted", "INTEGER", "Those that are decided and were not sent by rank."),
     Column("in_order", "INTEGER", "Those that were sent by rank, up to the first that is out and still open."), Column("included", "INTEGER", "Of both, those that passed title and abstract."),
     Column("target", "DOUBLE", "Share of the relevant ones that are to be found (protocol)."), Column("p", "DOUBLE", "How likely so few were found lately if a smaller share than the target had been found; the smaller, the surer it is reached. Null where undefined.", nullable=True),
     Column("at_least", "DOUBLE", "The highest share, in hundredths, of which p is below 0.05; null where there is none.", nullable=True), Column("undefined", "VARCHAR", "Why p is null.", nullable=True)))

STUDY_REPORT = Table("staging", "study_report", Stage.EXTRACTION, Audience.TEAM, ("review", "citation_id"),
    "One row per included or ongoing citation: the study that it is a report of. Reports that nobody has tied together are studies of their own.",
    (REVIEW, PRESENT_CITATION, Column("study_id", "VARCHAR", "The study: the id of that of its reports which came first."),
     Column("ongoing", "BOOLEAN", "The study is under way: none of its reports has results.")))
STUDY_PAIR = Table("staging", "study_pair", Stage.EXTRACTION, Audience.TEAM, ("review", "citation_a", "citation_b"),
    "One row per two reports that may be of one study, and what a person said of them.",
    (REVIEW, Column("citation_a", "VARCHAR", "The one report."), Column("citation_b", "VARCHAR", "The other; greater than citation_a."),
     Column("explanation", "VARCHAR", "Why they may be."), Column("verdict", "VARCHAR", "What a person said; null where nobody has.", nullable=True, among=("same", "different")),
     Column("linked", "BOOLEAN", "They count as one study.")))

PRESENT_DRAW = replace(DRAW, schema="staging", key=("review", "citation_id"), meaning="The draw of the double-coded sample, brought to the citations of today.")
PRESENT_CODING = Table("staging", "coding", Stage.EXTRACTION, Audience.PRIVATE, ("review", "raw", "citation_id", "reviewer", "role", "group", "dimension", "code"),
    "Codings brought to the citations of today, as they were given and in the words of today's codebook.",
    (*CODING.columns, Column("present_dimension", "VARCHAR", "What the dimension is called today; null where the code was split, is no longer asked, or says nothing beside one that is within it.", nullable=True),
     Column("present_code", "VARCHAR", "What the code is called today; null likewise.", nullable=True),
     Column("appraised", "BOOLEAN", "Two people judge the dimension of every study by today's codebook, whatever became of the code."),
     Column("again", "BOOLEAN", "Today's codebook asks for it again: the code was split, or a dimension was added for all studies."), _SUPERSEDED))

STUDY_EXTRACTION = Table("staging", "study_extraction", Stage.EXTRACTION, Audience.TEAM, ("review", "study_id"),
    "One row per included study: how far its coding is, and whose coding stands.",
    (REVIEW, Column("study_id", "VARCHAR", "The study: the id of its founding citation."), Column("double", "BOOLEAN", "In the double-coded sample."),
     Column("state", "VARCHAR", "How far its coding is; only reconciled and verified studies are counted on the map.", among=words.STUDY_STATE),
     Column("settled", "BOOLEAN", "reconciled or verified.")))

STUDY_CODING = Table("staging", "study_coding", Stage.EXTRACTION, Audience.TEAM, ("review", "study_id", "group", "dimension", "code"),
    "One row per code of a study that stands today: reconciled or verified.",
    (REVIEW, Column("study_id", "VARCHAR", "The study."), Column("group", "INTEGER", "Group within the study; 0 for the study as a whole."),
     Column("dimension", "VARCHAR", "Dimension of the codebook."), Column("code", "VARCHAR", "Code, or text, or number and unit.")))

PROPOSED_CODE = Table("staging", "proposed_code", Stage.EXTRACTION, Audience.TEAM, ("review", "dimension", "code", "words", "study_id"),
    "One row per words that coders wrote to a code (other: housing first), and study: what the codebook may need a code for.",
    (REVIEW, Column("dimension", "VARCHAR", "Dimension of the codebook."), Column("code", "VARCHAR", "The code that the study counts at."),
     Column("words", "VARCHAR", "What the coders wrote."), Column("study_id", "VARCHAR", "A study that they wrote it of.")))

def _without_version(logged: Table) -> tuple[Column, ...]:
    return tuple(one for one in logged.columns if one.name != "version")


PRESENT_SYNTHESIS = replace(SYNTHESIS, schema="staging", columns=_without_version(SYNTHESIS), stage=Stage.RECORDS, key=("review", "theme"), meaning="The latest text of each theme that somebody wrote on.")

PRESENT_CONSULTATION = replace(CONSULTATION, schema="staging", columns=_without_version(CONSULTATION), stage=Stage.RECORDS, key=("review", "consultation_id"), meaning="Consultations as they are told today.")
PRESENT_NEXT_STEP = replace(NEXT_STEP, schema="staging", columns=_without_version(NEXT_STEP), stage=Stage.RECORDS, key=("review", "step_id"), meaning="Planned steps as they are told today.")

# What the protocol and codebook say, as tables, so that SQL can join them.
DIMENSION = Table("staging", "dimension", Stage.RECORDS, Audience.PUBLIC, ("review", "dimension"), "One row per dimension of the codebook.",
    (REVIEW, Column("dimension", "VARCHAR", "Id."), Column("label", "VARCHAR", "Name for people."), Column("definition", "VARCHAR", "What it asks.", nullable=True),
     Column("role", "VARCHAR", "theme and kind have a meaning for the pipeline; the others are the review's own.", nullable=True, among=("theme", "kind")),
     Column("multiple", "BOOLEAN", "A study may have several codes."), Column("grouped", "BOOLEAN", "Codes are tied together in groups."), Column("text", "BOOLEAN", "Free text instead of codes."),
     Column("units", "VARCHAR[]", "A number instead of codes: the units that it may have, none where it is plain; null for all other dimensions.", nullable=True),
     Column("not_reported", "BOOLEAN", "'not reported' is an answer: somebody has looked, and the report does not say."),
     Column("appraisers", "INTEGER", "2 where two people judge it of every study, each alone; 1 where that is so of the double-coded sample only."), Column("position", "INTEGER", "Order.")))
CODE = Table("staging", "code", Stage.RECORDS, Audience.PUBLIC, ("review", "dimension", "code"), "One row per code of the codebook.",
    (REVIEW, Column("dimension", "VARCHAR", "Dimension."), Column("code", "VARCHAR", "Id."), Column("label", "VARCHAR", "Name for people."), Column("definition", "VARCHAR", "When it applies.", nullable=True),
     Column("kind", "VARCHAR", "In a dimension of role kind: what a study with this code counts as.", nullable=True, among=("primary", "review")),
     Column("within", "VARCHAR[]", "The codes that it is within, the widest first; empty for one that is within none. A study with the code counts at each of them, too."), Column("position", "INTEGER", "Order: a code stands before those within it.")))
MAP_AXIS = Table("staging", "map_axis", Stage.RECORDS, Audience.PUBLIC, ("review", "view", "axis"), "One row per axis of each view of the map.",
    (REVIEW, Column("view", "VARCHAR", "View (protocol.map.views)."), Column("title", "VARCHAR", "Its title."), Column("view_position", "INTEGER", "Its order."), Column("axis", "INTEGER", "1 to 4."),
     Column("place", "VARCHAR", "Rows or columns of the table.", among=("row", "column")), Column("dimension", "VARCHAR", "Dimension on the axis.")))
NOT_APPLICABLE = Table("staging", "not_applicable", Stage.RECORDS, Audience.PUBLIC, ("review", "combination", "dimension"), "One row per combination of codes that the protocol says to make no sense (map.not_applicable), and dimension of it.",
    (REVIEW, Column("combination", "INTEGER", "Its place in the protocol, from 1."), Column("dimension", "VARCHAR", "Dimension."), Column("code", "VARCHAR", "Its code in the combination; it stands for those within it, too."),
     Column("why", "VARCHAR", "Why the codes do not go together, in the protocol's words.")))
REASON_TABLE = Table("staging", "reason", Stage.RECORDS, Audience.PUBLIC, ("review", "reason"), "One row per exclusion reason, in the protocol's order.",
    (REVIEW, Column("reason", "VARCHAR", "Id."), Column("label", "VARCHAR", "Words for people."), Column("position", "INTEGER", "Order: the first that applies is the one recorded.")))

STAGING = (SEARCH, PRESENT_SEARCH_LINE, PRESENT_ASKED, KNOWN_PAPER, RECORD, RECORD_SEARCH, QUARANTINE, DIMENSION, CODE, MAP_AXIS, NOT_APPLICABLE, REASON_TABLE, PRESENT_SYNTHESIS, PRESENT_CONSULTATION, PRESENT_NEXT_STEP, RECORD_PAIR, CITATION_TABLE, CITATION_RECORD, CITATION_FIELD, CITATION_ALIAS, CITATION_RELATION,
           PRESENT_VOTE, PRESENT_TOOL_VOTE, PRESENT_RESOLUTION, PRESENT_OUTCOME, SCREENING, PRESENT_REMOVAL, FUNNEL, AGREEMENT_PAIR, RANKING, RANKING_TERM, RANKING_MODEL, RECALL, STUDY_REPORT, STUDY_PAIR, PRESENT_DRAW, PRESENT_CODING, STUDY_EXTRACTION, STUDY_CODING, PROPOSED_CODE)
