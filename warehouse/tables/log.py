"""Append-only logs: what was received, decided and published. With ``raw/`` they are the backup; all else is derived from them."""

from __future__ import annotations

from dataclasses import replace

from warehouse.contract import Audience, Column, Stage, Table
from warehouse.tables import words

REVIEW = Column("review", "VARCHAR", "Id of the review, as in protocol.yaml.")
AS_OF = Column("as_of", "TIMESTAMP", "The clock value of the run that wrote the row (UTC): the only clock value that enters a table.")
RAW = Column("raw", "VARCHAR", "SHA-256 of the file, as received, that the row was read from; kept in raw/.")
RECORD_IDS = Column("record_ids", "VARCHAR[]", "The records that the reviewer was shown as this citation: the decision follows them when citations merge or split.")
CITATION = Column("citation_id", "VARCHAR", "The citation as it was called at that time; its present id is found through record_ids.")
DECIDED_ON = Column("decided_on", "DATE", "Day of the decision as the reviewer's file gives it.", nullable=True)
NOTE = Column("note", "VARCHAR", "Free text of the person who decided.", nullable=True)
STAGE = Column("stage", "VARCHAR", "Screening stage.", among=words.STAGE)
ROUND = Column("round", "INTEGER", "Screening round: 1, and one more for each time that the citation was queued to be screened again.")
DECISIONS = ("include", "exclude", "maybe", "awaiting_classification", "ongoing")
DECISION = Column("decision", "VARCHAR", "What was decided. maybe counts as include and is legal at title and abstract only; awaiting_classification and ongoing at full text only.", among=DECISIONS)
REASON = Column("reason", "VARCHAR", "Id of the exclusion reason (protocol.screening.full_text.reasons); needed for an exclusion at full text.", nullable=True)

SEARCH_COLUMNS = (
    REVIEW,
    Column("search_id", "VARCHAR", "One run of one strategy at one source; a changed string, limit, platform or file is another search."),
    Column("source_id", "VARCHAR", "Source, as in protocol.sources."),
    Column("database", "VARCHAR", "Database, website or group of experts that was searched (PRISMA-S item 1)."),
    Column("platform", "VARCHAR", "Platform through which it was searched.", nullable=True),
    Column("box", "VARCHAR", "Box of the PRISMA diagram that its records count in.", among=("database", "register", "website", "organisation", "expert", "citation")),
    Column("arm", "VARCHAR", "Arm of the PRISMA diagram.", among=words.ARM),
    Column("strategy", "VARCHAR", "The search string as it was run (PRISMA-S item 8).", nullable=True),
    Column("limits", "VARCHAR", "Limits and filters (PRISMA-S items 9 and 10).", nullable=True),
    Column("coverage", "VARCHAR", "Dates of coverage.", nullable=True),
    Column("searched_on", "DATE", "Day of the search (PRISMA-S item 13).", nullable=True),
    Column("searcher", "VARCHAR", "Who ran it (id of a person in protocol.people).", nullable=True, audience=Audience.TEAM),
    Column("translated_from", "VARCHAR", "Search that it was translated from.", nullable=True),
    Column("peer_reviewer", "VARCHAR", "Who peer-reviewed the strategy (PRISMA-S item 14).", nullable=True, audience=Audience.TEAM),
    Column("hits", "INTEGER", "Hits that the source reported.", nullable=True),
    Column("connector", "VARCHAR", "Connector that ran it (protocol.sources); null for an export that people made.", nullable=True),
    Column("strategy_id", "VARCHAR", "Strategy of the protocol that it ran; null for an export.", nullable=True),
    Column("since", "DATE", "Only what was added or changed on that day or later was asked for; null where everything was.", nullable=True),
    Column("delivered", "INTEGER", "Records that a harvest brought, told apart by the source's own ids; to be held against hits.", nullable=True),
    Column("warns_below", "INTEGER", "Fewer delivered than this are reported (protocol.searching.shortfall_warns).", nullable=True),
    Column("stops_below", "INTEGER", "Fewer delivered than this stop the release (protocol.searching.shortfall_stops).", nullable=True),
    Column("notes", "VARCHAR[]", "What the source, or the harvest, said of the search: a phrase not found, a total that changed.", nullable=True),
    Column("files", "VARCHAR[]", "SHA-256 of the files it came in, in the order they were read."),
    AS_OF,
)

SEARCH = Table("log", "search", Stage.SOURCES, Audience.PUBLIC, ("review", "search_id"),
    "One row per search: what was searched, how and when (PRISMA-S).", SEARCH_COLUMNS)

RECEIPT_COLUMNS = (
    Column("got", "INTEGER", "Record starts received: new + changed + repeated + quarantined."),
    Column("new", "INTEGER", "Records that no earlier search had brought."),
    Column("changed", "INTEGER", "Records known before that came with other content."),
    Column("repeated", "INTEGER", "Records known before, unchanged."),
    Column("quarantined", "INTEGER", "Pieces that start like a record and could not be read as one."),
    Column("quarantined_before", "INTEGER", "Of these, the ones whose very bytes an earlier search had brought."),
)

RECEIPT = Table("log", "receipt", Stage.RECORDS, Audience.PUBLIC, ("review", "search_id"),
    "One row per search whose files were read: what it brought.", (REVIEW, Column("search_id", "VARCHAR", "The search."), *RECEIPT_COLUMNS, AS_OF))

IMPORT = Table("log", "import", Stage.SOURCES, Audience.TEAM, ("review", "search_id", "position"),
    "One row per file received for a search.",
    (REVIEW, Column("search_id", "VARCHAR", "The search that the file belongs to."), Column("position", "INTEGER", "Order of the file in its search, from 0."),
     Column("path", "VARCHAR", "Name of the file in the review's imports folder, or the address of the page."), RAW, Column("bytes", "BIGINT", "Size as received."),
     Column("reading", "VARCHAR", "How it is to be read, as JSON: format and settings; null where the content tells.", nullable=True),
     Column("etag", "VARCHAR", "What the source calls this version of the page.", nullable=True),
     Column("last_modified", "VARCHAR", "When the source says that the page was changed.", nullable=True), AS_OF))

_LINE = (REVIEW, Column("search_id", "VARCHAR", "The search."), Column("line", "INTEGER", "Number of the line, from 1."), Column("text", "VARCHAR", "The line as it was run."),
         Column("hits", "INTEGER", "Hits of this line alone.", nullable=True))
SEARCH_LINE = Table("log", "search_line", Stage.SOURCES, Audience.PUBLIC, ("review", "search_id", "line"),
    "One row per line of a search strategy that was reported line by line (PRISMA-S item 8).", (*_LINE, AS_OF))

FIRST_SEEN = Table("log", "first_seen", Stage.RECORDS, Audience.TEAM, ("review", "record_id"),
    "One row per record: when it was first received. Citation ids rest on it, so it is never recomputed.",
    (REVIEW, Column("record_id", "VARCHAR", "The record."), Column("search_id", "VARCHAR", "The search that brought it first."), AS_OF))

CONFIG = Table("log", "config", Stage.SOURCES, Audience.TEAM, ("review", "kind", "as_of"),
    "One row per version of a configuration file that a run used.",
    (REVIEW, Column("kind", "VARCHAR", "Which file.", among=("protocol", "codebook", "amendments")), Column("version", "VARCHAR", "Version as the file states it."), RAW, AS_OF))

WORKLIST = Table("log", "worklist", Stage.SCREENING, Audience.TEAM, ("review", "worklist_id", "position"),
    "One row per row of a worklist as issued: who was asked to decide what, and what they were shown.",
    (REVIEW, Column("worklist_id", "VARCHAR", "The worklist."),
     Column("task", "VARCHAR", "What is asked.", among=("title_abstract", "title_abstract_conflict", "retrieval", "full_text", "full_text_conflict", "coding", "reconciliation", "verification", "appraisal", "appraisal_reconciliation", "duplicates", "same_study")),
     Column("reviewer", "VARCHAR", "Who is asked (id in protocol.people)."), ROUND, CITATION, RECORD_IDS,
     Column("position", "INTEGER", "Order among the rows that were new in the worklist, from 1."),
     Column("rank", "INTEGER", "Its place in staging.ranking of the release that it was sent from; null where it was not sent by rank: in a pilot, without a model, or from behind one that nobody was sent yet.", nullable=True), AS_OF))

PILOT = Table("log", "pilot", Stage.SCREENING, Audience.TEAM, ("review", "citation_id", "stage"),
    "One row per citation and stage in a pilot round: all reviewers screen it before others go out. None ever leaves it.",
    (REVIEW, CITATION, RECORD_IDS, STAGE, AS_OF))

VOTE = Table("log", "vote", Stage.SCREENING, Audience.PRIVATE, ("review", "raw", "citation_id", "reviewer", "stage", "round"),
    "One row per vote: one reviewer, one citation, one stage, one round. Never edited: a later vote of the same reviewer supersedes it.",
    (REVIEW, CITATION, RECORD_IDS, STAGE, ROUND, Column("reviewer", "VARCHAR", "Who voted (id in protocol.people)."), DECISION, REASON, NOTE, DECIDED_ON,
     Column("eligibility", "VARCHAR", "Version of the eligibility rules it was made under."), Column("worklist_id", "VARCHAR", "The worklist it came back on, if any.", nullable=True), RAW, AS_OF))

TOOL_VOTE = Table("log", "tool_vote", Stage.SCREENING, Audience.TEAM, ("review", "raw", "citation_id", "stage", "round", "tool"),
    "One row per vote of a tool that the protocol names (screening.title_abstract.tool). It is no person's vote and no part of agreement; never edited.",
    (REVIEW, CITATION, RECORD_IDS, replace(STAGE, among=("title_abstract",)), ROUND, Column("tool", "VARCHAR", "The tool."), replace(DECISION, among=("include", "exclude", "maybe")), NOTE,
     Column("by", "VARCHAR", "Who handed it in (id in protocol.people)."), DECIDED_ON, RAW, AS_OF))

RESOLUTION = Table("log", "resolution", Stage.SCREENING, Audience.PRIVATE, ("review", "raw", "citation_id", "stage", "round"),
    "One row per settled conflict: who settled it and how. Kept apart from votes, so that agreement is of votes alone.",
    (REVIEW, CITATION, RECORD_IDS, STAGE, ROUND, DECISION, REASON, NOTE, Column("how", "VARCHAR", "By a third person, or by the two in discussion.", among=("third", "discussion")),
     Column("by", "VARCHAR[]", "Who settled it (ids in protocol.people)."), DECIDED_ON, RAW, AS_OF))

OUTCOME = Table("log", "outcome", Stage.SCREENING, Audience.TEAM, ("review", "raw", "citation_id", "stage"),
    "One row per imported decision whose voters are not known. It moves the citation and is never turned into votes.",
    (REVIEW, CITATION, RECORD_IDS, STAGE, DECISION, REASON, NOTE, Column("tool", "VARCHAR", "Tool or list that it comes from.", nullable=True), DECIDED_ON, RAW, AS_OF))

RETRIEVAL = Table("log", "retrieval", Stage.SCREENING, Audience.TEAM, ("review", "raw", "citation_id"),
    "One row per attempt to get a full text. Only a person says that a report is not retrieved.",
    (REVIEW, CITATION, RECORD_IDS, Column("status", "VARCHAR", "What came of it: asked for (an inter-library loan, the authors), refused there, arrived, or given up.", among=("asked", "refused", "arrived", "not_retrieved")), Column("by", "VARCHAR", "Who says so (id in protocol.people)."), NOTE, DECIDED_ON, RAW, AS_OF))

FULL_TEXT = Table("log", "full_text", Stage.SCREENING, Audience.PRIVATE, ("review", "raw", "citation_id"),
    "One row per full text that somebody handed in. It is for the team alone: in no release, and no input of one.",
    (REVIEW, CITATION, RECORD_IDS, Column("path", "VARCHAR", "Where it can be read, below the folder of the review's data; its bytes are in raw/ as well."),
     replace(RAW, meaning="SHA-256 of the file."), AS_OF))

REMOVALS = ("automation", "other", "withdrawn", "keep")
REMOVAL = Table("log", "removal", Stage.SCREENING, Audience.TEAM, ("review", "raw", "citation_id"),
    "One row per decision to take a citation out, or to keep it after all. A vote on it counts for more, unless the paper was withdrawn.",
    (REVIEW, CITATION, RECORD_IDS, Column("decision", "VARCHAR", "Marked as ineligible by a tool, removed for another reason, withdrawn (whatever was decided on it), or kept after all.", among=REMOVALS),
     Column("tool", "VARCHAR", "The tool (protocol.screening.automation).", nullable=True), Column("by", "VARCHAR", "Who says so, or handed it in (id in protocol.people)."), NOTE, DECIDED_ON, RAW, AS_OF))

DRAW = Table("log", "draw", Stage.EXTRACTION, Audience.TEAM, ("review", "citation_id", "batch"),
    "One row per study: whether the seeded draw asks for double coding. Drawn before extraction starts; where coders agree too little, a later batch adds studies to the sample. None ever leaves it.",
    (REVIEW, CITATION, RECORD_IDS, Column("batch", "INTEGER", "Batch of the draw, from 1: an intake, or what the sample grew by."), Column("stratum", "VARCHAR", "Stratum within which it was drawn."),
     Column("double", "BOOLEAN", "Coded by two people independently; else coded by one and verified by another."), Column("seed", "BIGINT", "Seed of the draw."), AS_OF))

CODING = Table("log", "coding", Stage.EXTRACTION, Audience.PRIVATE, ("review", "raw", "citation_id", "reviewer", "role", "group", "dimension", "code"),
    "One row per code that one person gave to one study in one dimension and group.",
    (REVIEW, CITATION, RECORD_IDS, Column("reviewer", "VARCHAR", "Who coded (id in protocol.people)."),
     Column("role", "VARCHAR", "As a coder, as the one who reconciles two codings, as the verifier who changed one; of dimensions that two people judge of every study, as one of them (a coder is one, too), or as the one who reconciles them.", among=("coder", "reconciler", "verifier", "appraiser", "appraisal_reconciler")),
     Column("group", "INTEGER", "Ties together codes that belong together within a study; 0 for codes of the study as a whole."),
     Column("dimension", "VARCHAR", "Dimension of the codebook."), Column("code", "VARCHAR", "Code of that dimension, or the text where the dimension is free text, or number and unit; 'not reported' where the report does not say."),
     Column("quote", "VARCHAR", "Words of the report that the code rests on; never published.", nullable=True), Column("page", "VARCHAR", "Page of the quote.", nullable=True),
     Column("codebook", "VARCHAR", "Version of the codebook."), DECIDED_ON, RAW, AS_OF))

VERIFICATION = Table("log", "verification", Stage.EXTRACTION, Audience.PRIVATE, ("review", "raw", "citation_id"),
    "One row per verification of a study's coding by a second person.",
    (REVIEW, CITATION, RECORD_IDS, Column("verifier", "VARCHAR", "Who verified; never the coder."), Column("coder", "VARCHAR", "Whose coding was verified."),
     Column("verdict", "VARCHAR", "agree, or change: then the verifier's codings replace the coder's.", among=("agree", "change")), NOTE, DECIDED_ON, RAW, AS_OF))

STUDY_LINK = Table("log", "study_link", Stage.EXTRACTION, Audience.TEAM, ("review", "raw", "citation_a", "citation_b"),
    "One row per human decision on two reports: of one study, or of two. It holds until a later one on the same pair.",
    (REVIEW, Column("citation_a", "VARCHAR", "The one report, as it was called at that time."), Column("record_ids_a", "VARCHAR[]", "Its records."),
     Column("citation_b", "VARCHAR", "The other; greater than citation_a."), Column("record_ids_b", "VARCHAR[]", "Its records."),
     Column("verdict", "VARCHAR", "What the person decided.", among=("same", "different")), Column("by", "VARCHAR", "Who decided (id in protocol.people)."), NOTE, RAW, AS_OF))

OVERRIDE = Table("log", "override", Stage.DEDUP, Audience.TEAM, ("review", "raw", "record_a", "record_b"),
    "One row per human decision on a pair of records: merge or keep apart. It holds for ever, until a later one on the same pair.",
    (REVIEW, Column("record_a", "VARCHAR", "The one record."), Column("record_b", "VARCHAR", "The other; greater than record_a."),
     Column("verdict", "VARCHAR", "What the person decided.", among=("merge", "apart")), Column("by", "VARCHAR", "Who decided (id in protocol.people)."), NOTE, RAW, AS_OF))

PUBLICATION = Table("log", "publication", Stage.PUBLISH, Audience.PUBLIC, ("review", "release_id", "as_of"),
    "One row per release, written before it goes live, so that pruning old releases breaks no history.",
    (REVIEW, Column("release_id", "VARCHAR", "The release."), Column("predecessor", "VARCHAR", "The release it replaced.", nullable=True),
     Column("records", "INTEGER", "Records identified."), Column("citations", "INTEGER", "Unique citations."), Column("studies", "INTEGER", "Studies included."),
     Column("mapped", "INTEGER", "Studies counted on the map."),
     Column("pipeline", "VARCHAR", "Version of the pipeline that made it; null in rows of versions that did not say so.", nullable=True),
     Column("made_of", "VARCHAR[]", "The batches that it was made of, log/batch, so that it can be made again without its manifest; a log without a batch ends in a slash. Null in rows of versions that did not say so.", nullable=True), AS_OF))

SIGN_OFF = Table("log", "sign_off", Stage.PUBLISH, Audience.TEAM, ("review", "release_id", "as_of"),
    "One row per release that somebody signed off: its map became the public one.",
    (REVIEW, Column("release_id", "VARCHAR", "The release."), Column("by", "VARCHAR", "Who signed it off (id in protocol.people)."), NOTE,
     Column("version", "VARCHAR", "Number of the version that it became: 1.0, 1.1 …; null in rows from before there were numbers.", nullable=True), AS_OF))

ROLLBACK = Table("log", "rollback", Stage.PUBLISH, Audience.TEAM, ("review", "release_id", "as_of"),
    "One row per time that somebody went back to another release, written before it went live again.",
    (REVIEW, Column("release_id", "VARCHAR", "The release that went live again."), Column("replaced", "VARCHAR", "The release that was live before.", nullable=True), AS_OF))

ERASURE = Table("log", "erasure", Stage.PUBLISH, Audience.PRIVATE, ("review", "raw", "person"),
    "One row per person and file whose bytes were erased because their data had to go; what was decided in it stays in the other logs.",
    (REVIEW, RAW, Column("person", "VARCHAR", "Whose data it was (id in protocol.people)."), AS_OF))

ASKED = Table("log", "asked", Stage.SOURCES, Audience.PRIVATE, ("review", "search_id", "person", "asked_on"),
    "One row per person who was asked for papers that searches may miss, those who did not reply too.",
    (REVIEW, Column("search_id", "VARCHAR", "The round of asking."), Column("person", "VARCHAR", "Who was asked (id in protocol.people)."), Column("asked_on", "DATE", "When."),
     Column("how", "VARCHAR", "By what means."), Column("replied", "BOOLEAN", "Whether an answer came, with or without a suggestion."), AS_OF))

KNOWN = Table("log", "known", Stage.SOURCES, Audience.TEAM, ("review", "raw", "position", "as_of"),
    "One row per paper that is known to be relevant before the search; the rows of the latest as_of are the list.",
    (REVIEW, RAW, Column("position", "INTEGER", "Order in its file, from 1."), Column("title", "VARCHAR", "Title.", nullable=True), Column("title_key", "VARCHAR", "Letters and digits of the title, in lower case."),
     Column("year", "INTEGER", "Year.", nullable=True), Column("doi", "VARCHAR", "DOI.", nullable=True), Column("pmid", "VARCHAR", "PubMed id.", nullable=True), AS_OF))

NOTICE = Table("log", "notice", Stage.SOURCES, Audience.PUBLIC, ("review", "doi", "notice"),
    "One row per editorial notice on an included paper that a re-check of the included papers found: when it was first seen.",
    (REVIEW, Column("doi", "VARCHAR", "The paper."), Column("notice", "VARCHAR", "The notice: retracted, concern, corrected …, with the id of the notice where it has one."),
     Column("source_id", "VARCHAR", "Source that told it (protocol.sources)."), RAW, AS_OF))

_VERSION = Column("version", "INTEGER", "How many versions of it there are with this one: the highest is in force, whatever the clock said.")
SYNTHESIS = Table("log", "synthesis", Stage.SOURCES, Audience.PUBLIC, ("review", "theme", "as_of"),
    "One row per version of what people wrote on a theme (synthesis/<theme>.md); an empty text: it was taken away.",
    (REVIEW, Column("theme", "VARCHAR", "Code of the theme dimension."), Column("text", "VARCHAR", "The text, in Markdown, citing studies as [@id]."), replace(_VERSION, nullable=True), AS_OF))

_GONE = Column("gone", "BOOLEAN", "It was taken away.")
_ABOUT = Column("themes", "VARCHAR[]", "Codes of the theme dimension that it is about.")
CONSULTATION = Table("log", "consultation", Stage.SOURCES, Audience.PRIVATE, ("review", "consultation_id", "version"),
    "One row per version of a consultation (consultation.yaml): who was asked about what, what they said, and what changed.",
    (REVIEW, Column("consultation_id", "VARCHAR", "The consultation."), replace(_ABOUT, meaning=_ABOUT.meaning[:-1] + "; none: about the review as a whole."),
     Column("people", "VARCHAR[]", "Who was asked (ids in protocol.people)."), Column("asked_on", "DATE", "When."), Column("how", "VARCHAR", "By what means."),
     Column("question", "VARCHAR", "What they were asked."), Column("said", "VARCHAR", "What they said, for the team.", nullable=True), Column("changed", "VARCHAR", "What changed by it.", nullable=True),
     Column("public_words", "VARCHAR", "What they said, as it may be published once they have agreed.", nullable=True), Column("consent_by", "VARCHAR[]", "Who of them has agreed."),
     Column("consented_on", "DATE", "When.", nullable=True), _GONE, _VERSION, AS_OF))

NEXT_STEP = Table("log", "next_step", Stage.SOURCES, Audience.PUBLIC, ("review", "step_id", "version"),
    "One row per version of a planned step (next_steps.yaml): a synthesis or project on some themes.",
    (REVIEW, Column("step_id", "VARCHAR", "The step."), _ABOUT, Column("kind", "VARCHAR", "What is planned.", among=words.STEP), Column("title", "VARCHAR", "Its name."),
     Column("description", "VARCHAR", "What it is about.", nullable=True), Column("url", "VARCHAR", "Where it is on the web.", nullable=True),
     Column("state", "VARCHAR", "How far it is.", among=words.STEP_STATE), _GONE, _VERSION, AS_OF))

LOG = (SEARCH, SEARCH_LINE, ASKED, KNOWN, NOTICE, RECEIPT, IMPORT, FIRST_SEEN, CONFIG, WORKLIST, PILOT, VOTE, TOOL_VOTE, RESOLUTION, OUTCOME, RETRIEVAL, FULL_TEXT, REMOVAL, DRAW, CODING, VERIFICATION, STUDY_LINK, OVERRIDE, SYNTHESIS, CONSULTATION, NEXT_STEP, PUBLICATION, SIGN_OFF, ROLLBACK, ERASURE)
