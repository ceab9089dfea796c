"""Marts: what analysts query and the map shows. Each is written by `warehouse/marts/<name>.sql`."""

from __future__ import annotations

from collections.abc import Mapping

from warehouse.contract import Audience, Column, Stage, Table
from warehouse.tables import words
from warehouse.tables.log import REVIEW
from warehouse.tables.staging import BIBLIOGRAPHIC, SYNTHETIC

STUDY_ID = Column("study_id", "VARCHAR", "The study; stable for ever.")
KINDS = (
    Column("studies", "INTEGER", "Primary studies (never added to reviews or ongoing studies)."),
    Column("reviews", "INTEGER", "Systematic and other reviews."),
    Column("ongoing", "INTEGER", "Studies that are under way: known, without results."),
)


def _mart(name: str, key: tuple[str, ...], meaning: str, *columns: Column, audience: Audience = Audience.PUBLIC) -> Table:
    return Table("marts", name, Stage.MARTS, audience, ("review", *key), meaning, (REVIEW, *columns))


def _coded(name: str, meaning: str, among: Mapping[str, str], nullable: bool = False) -> tuple[Column, Column]:
    """Codes of a closed list, and beside them their names."""
    return (Column(name, "VARCHAR", meaning, nullable, among), Column(f"{name}_label", "VARCHAR", "Its name for people.", nullable, names=name))


_STAGE = _coded("stage", "Screening stage.", words.STAGE)
_ARM = _coded("arm", "Arm of the PRISMA diagram.", words.ARM)
_DIMENSION = (Column("dimension", "VARCHAR", "Dimension of the codebook."), Column("dimension_label", "VARCHAR", "Its name.", names="dimension"))
_THEME = (Column("theme", "VARCHAR", "Code of the theme dimension."), Column("label", "VARCHAR", "Its name.", names="theme"))

STUDY = _mart("study", ("study_id",), "One row per included study, ongoing ones too.",
    STUDY_ID, Column("reference", "VARCHAR", "Short reference for people: Author and Author (2012)."),
    *_coded("kind", "What it counts as; null until it is coded.", words.KIND, nullable=True),
    *_coded("state", "How far its coding is.", words.STUDY_STATE | {"ongoing": "Ongoing study"}), Column("mapped", "BOOLEAN", "Counted on the map: its coding is reconciled or verified, or it is ongoing."),
    *_coded("notice", "The gravest editorial notice on its reports; null where there is none. marts.notice has all of them.", words.NOTICE, nullable=True),
    Column("double", "BOOLEAN", "In the double-coded sample."), Column("reports", "INTEGER", "Reports of it: included or ongoing citations that people tied together."), Column("records", "INTEGER", "Records that were merged in them."), *BIBLIOGRAPHIC, SYNTHETIC)

STUDY_REPORT = _mart("study_report", ("study_id", "citation_id"), "One row per report of an included or ongoing study.",
    STUDY_ID, Column("position", "INTEGER", "Order among the study's reports; the study is called after the first."), Column("citation_id", "VARCHAR", "The report."),
    *(column for column in BIBLIOGRAPHIC if column.name in ("title", "authors", "year", "journal", "doi", "pmid", "url")), SYNTHETIC)

STUDY_CODE = _mart("study_code", ("study_id", "group", "dimension", "code"), "One row per code of a study on the map, and per code that these are within. A study can have several codes of a dimension: count studies, not rows.",
    STUDY_ID, Column("group", "INTEGER", "Codes with the same number belong together within the study; 0 is the study as a whole."), *_DIMENSION,
    Column("code", "VARCHAR", "Code, or text where the dimension is free text, or number and unit; 'not reported' where the report does not say."), Column("label", "VARCHAR", "Its name.", names="code"),
    Column("depth", "INTEGER", "How many codes of the codebook it is within: 0 for the widest."), Column("implied", "BOOLEAN", "Nobody gave this code: one was given that is within it."), SYNTHETIC)

STUDY_NUMBER = _mart("study_number", ("study_id", "group", "dimension", "answer"), "One row per number that a study on the map was coded with. A study without a row of a dimension: nobody has said anything.",
    STUDY_ID, Column("group", "INTEGER", "Codes with the same number belong together within the study; 0 is the study as a whole."), *_DIMENSION,
    Column("answer", "VARCHAR", "Number and unit as they stand in marts.study_code."), Column("value", "DOUBLE", "The number; null where the report does not say it.", nullable=True),
    Column("unit", "VARCHAR", "Its unit, never converted; null where there is none.", nullable=True), Column("reported", "BOOLEAN", "False where somebody has looked, and the report does not say it."), SYNTHETIC)

_AXES = tuple(column for n in (1, 2, 3, 4) for column in (
    Column(f"dimension_{n}", "VARCHAR", f"Dimension on axis {n}; null where the view has fewer axes.", nullable=True),
    Column(f"dimension_{n}_label", "VARCHAR", "Its name.", nullable=True, names=f"dimension_{n}"),
    Column(f"code_{n}", "VARCHAR", f"Code on axis {n}.", nullable=True), Column(f"code_{n}_label", "VARCHAR", "Its name.", nullable=True, names=f"code_{n}")))
_VIEW = (Column("view", "VARCHAR", "View (protocol.map.views)."), Column("view_title", "VARCHAR", "Its title.", names="view"))
_DEPTHS = tuple(Column(f"depth_{n}", "INTEGER", f"How many codes the code on axis {n} is within: 0 for the widest, which count all studies of those within them.", nullable=True) for n in (1, 2, 3, 4))
CODEBOOK = _mart("codebook", ("dimension", "code"), "One row per dimension of the codebook, and per code of it: what each is called, when it applies, and what it is within.",
    *_DIMENSION, Column("code", "VARCHAR", "Code; empty in the row of the dimension itself."), Column("label", "VARCHAR", "Name of the code, else of the dimension.", names="code"),
    Column("definition", "VARCHAR", "When the code applies; what the dimension asks.", nullable=True), Column("within", "VARCHAR[]", "The codes that it is within, the widest first. A study with the code counts at each of them, too."),
    Column("depth", "INTEGER", "How many these are: 0 for the widest."), Column("path", "VARCHAR", "Names of the dimension, of the codes that it is within, and its own, the widest first."),
    Column("kind", "VARCHAR", "What a study with this code counts as; in the dimension that tells it alone.", nullable=True, among={name: words.KIND[name] for name in ("primary", "review")}), Column("kind_label", "VARCHAR", "Its name for people.", nullable=True, names="kind"),
    Column("multiple", "BOOLEAN", "A study may have several codes of the dimension."), Column("grouped", "BOOLEAN", "Codes of the dimension are tied together in groups."), Column("text", "BOOLEAN", "The dimension is free text: it has no codes."),
    Column("units", "VARCHAR[]", "The dimension is a number: the units that it may have, none where it is plain; null for all other dimensions.", nullable=True),
    Column("position", "INTEGER", "Order: dimensions as in the codebook, each before its codes, and a code before those within it."))

EVIDENCE_MAP = _mart("evidence_map", ("view", "cell"), "One row per cell of each view of the map, empty cells included, so that gaps can be queried. A study is in the cells of the codes that it has and in those of the codes that these are within: never add up cells.",
    *_VIEW, Column("cell", "INTEGER", "Order of the cell in its view, from 1: rows first."), *_AXES, *_DEPTHS, *KINDS,
    Column("ungrouped", "INTEGER", "Of these, studies whose codes are tied together only by being in the same study."),
    Column("unspecified", "INTEGER", "Studies of any kind that may be in the cell as well: on an axis they have a code that the cell's code is within, and none that is within that."),
    *_coded("empty", "For a cell without any study: not_applicable where the protocol says so; else not_yet_coded while some included studies are not coded, else not_specified where some studies may be in it (unspecified), else none_found.", words.EMPTY, nullable=True),
    Column("not_applicable", "VARCHAR", "Why the codes of the cell do not go together, where the protocol says so (map.not_applicable), whether or not there are studies in it; null elsewhere.", nullable=True),
    Column("combination", "INTEGER", "The combination of staging.not_applicable that this is the reason of: the first, where several have the cell.", nullable=True))

CELL_STUDY = _mart("cell_study", ("view", "cell", "study_id"), "One row per cell of the map and study in it: the studies behind each number.",
    *_VIEW, Column("cell", "INTEGER", "Cell of marts.evidence_map."), STUDY_ID)

THEME = _mart("theme", ("theme",), "One row per intervention theme: how many studies there are. A study can have several themes, so the counts do not add up to the number of studies.",
    *_THEME, *KINDS, Column("all_kinds", "INTEGER", "Distinct studies of any kind with this theme."), Column("position", "INTEGER", "Order of the codebook."))

GAP = _mart("gap", ("view", "cell"), "One row per gap of the map: a cell in which no study of any kind was found, or primary studies but no review. A cell without a study that is not applicable is none.",
    *_VIEW, Column("cell", "INTEGER", "Cell of marts.evidence_map."), Column("description", "VARCHAR", "The cell in words."),
    *_coded("kind", "absolute: no study at all; synthesis: studies, but no review.", words.GAP), Column("studies", "INTEGER", "Primary studies in the cell."), Column("certain", "BOOLEAN", "False while some included studies are not yet coded, or coded so widely that they may be in the cell."))

SYNTHESIS_READINESS = _mart("synthesis_readiness", ("theme",), "One row per theme: whether there is enough to synthesise, and the reason.",
    *_THEME, Column("studies", "INTEGER", "Distinct studies of any kind with this theme."),
    Column("minimum", "INTEGER", "Studies that the protocol asks for (protocol.synthesis.minimum_studies)."), Column("ready", "BOOLEAN", "Enough studies."), Column("reason", "VARCHAR", "The reason in words."))

PRISMA_FLOW = _mart("prisma_flow", ("arm", "box", "detail"), "One row per number of the PRISMA 2020 diagram, waiting boxes included.",
    *_coded("arm", "databases, other, or both where the arms have met.", words.ARM | {"both": "Both arms together"}), *_coded("box", "Box.", words.BOX),
    Column("detail", "VARCHAR", "Source or exclusion reason that the number is of; of records excluded on title and abstract, who excluded them (human, one, with_tool, tool, otherwise), if any was excluded by one person or a tool. Empty for the whole box."), Column("n", "INTEGER", "The number."), Column("label", "VARCHAR", "The number's name in words: that of the detail, else of the box.", names="detail"), Column("position", "INTEGER", "Order in the diagram."))

PRISMA_SINCE = _mart("prisma_since", ("arm", "box", "detail"), "One row per number of the PRISMA 2020 diagram since the release that the protocol names (prisma.baseline): what it included and is included still, what came or was decided on since, and both together. No rows where it names none. Papers that were decided on before, and stand as they did, are in no other box.",
    *_coded("arm", "databases, other, or both where the arms have met.", words.ARM | {"both": "Both arms together"}), *_coded("box", "Box. studies and reports are the new ones; mapped and awaiting_coding are of all.", words.SINCE),
    Column("detail", "VARCHAR", "As in marts.prisma_flow; sources are told of the records since then."), Column("n", "INTEGER", "The number."), Column("label", "VARCHAR", "The number's name in words: that of the detail, else of the box.", names="detail"), Column("position", "INTEGER", "Order in the diagram."))

PRISMA_ROW = _mart("prisma_row", ("arm", "box", "id"), "One row per box of the PRISMA diagram and record, citation or study that stands in it: what each number of marts.prisma_flow consists of.",
    *_coded("arm", "databases, other, or both where the arms have met.", words.ARM | {"both": "Both arms together"}), *_coded("box", "Box of marts.prisma_flow.", words.BOX),
    Column("id", "VARCHAR", "The record, citation or study; of two reports that may be of one study both ids with + between."),
    *_coded("what", "What the id is of.", words.WHAT),
    Column("detail", "VARCHAR", "Source of an identified record; citation that a duplicate was merged into; reason, tool or state where it is.", nullable=True), audience=Audience.TEAM)
PRISMA_VOCABULARY = _mart("prisma_vocabulary", ("position",), "One row per line of the table that the R package PRISMA2020 draws the diagram from, in its names; and of what it has no box for. prisma.csv has these rows.",
    Column("data", "VARCHAR", "The package's name of the number; null for a title.", nullable=True), Column("node", "VARCHAR", "Its name of the node.", nullable=True), Column("box", "VARCHAR", "Its name of the box."),
    Column("description", "VARCHAR", "The number in words."), Column("boxtext", "VARCHAR", "What stands in the box."), Column("tooltips", "VARCHAR", "What is shown at the box.", nullable=True),
    Column("url", "VARCHAR", "Where the box leads to.", nullable=True), Column("n", "VARCHAR", "The number; or sources or reasons with numbers, parted by semicolons; null for a title.", nullable=True), Column("position", "INTEGER", "Order of the rows."))

_RATIOS = (Column("observed", "DOUBLE", "Share on which they agree.", nullable=True), Column("expected", "DOUBLE", "Share expected by chance from each one's own rate of including.", nullable=True),
    Column("kappa", "DOUBLE", "Cohen's kappa (Cohen 1960); null where undefined.", nullable=True), Column("kappa_low", "DOUBLE", "Lower end of its 95 % interval (Fleiss, Cohen and Everitt 1969).", nullable=True),
    Column("kappa_high", "DOUBLE", "Upper end.", nullable=True), Column("pabak", "DOUBLE", "Prevalence- and bias-adjusted kappa (Byrt, Bishop and Carlin 1993).", nullable=True), Column("ac1", "DOUBLE", "Gwet's AC1 (Gwet 2008).", nullable=True))
AGREEMENT_OF_PAIR = _mart("agreement_of_pair", ("stage", "round", "reviewer_a", "reviewer_b"), "One row per screening stage, round and two reviewers: how far these two agreed, each having voted alone.",
    *_STAGE, Column("round", "INTEGER", "Round; 0 is the pilot, whose papers are not told in round 1."), Column("reviewer_a", "VARCHAR", "The one."), Column("reviewer_b", "VARCHAR", "The other."), Column("n", "INTEGER", "Citations that both voted on."),
    Column("both_include", "INTEGER", "Both would include."), Column("both_exclude", "INTEGER", "Both would exclude."), Column("only_a", "INTEGER", "Only the one would include."), Column("only_b", "INTEGER", "Only the other would."),
    *_RATIOS, Column("kappa_error", "DOUBLE", "Standard error of kappa.", nullable=True), Column("expected_ac1", "DOUBLE", "Share expected by chance as AC1 sees it.", nullable=True),
    Column("undefined", "VARCHAR", "Why kappa is undefined.", nullable=True), audience=Audience.TEAM)
AGREEMENT = _mart("agreement", ("stage", "round"), "One row per screening stage and round: how far independent reviewers agreed, pooled over pairs.",
    *_STAGE, Column("round", "INTEGER", "Round; 0 is the pilot, whose papers are not told in round 1."), Column("n", "INTEGER", "Citations that two people voted on."), Column("both_include", "INTEGER", "Both would include."), Column("both_exclude", "INTEGER", "Both would exclude."),
    Column("split", "INTEGER", "One would include, the other exclude."), *_RATIOS, Column("undefined", "VARCHAR", "Why kappa is undefined.", nullable=True),
    Column("alpha", "DOUBLE", "Krippendorff's alpha for nominal data, of all who voted alone, two or more on a citation (Krippendorff 2011); null where undefined.", nullable=True),
    Column("alpha_undefined", "VARCHAR", "Why alpha is undefined.", nullable=True),
    Column("voters_unknown", "INTEGER", "Decisions of this stage that rest on imported lists: their voters were not exported, and they are not among n. Told in round 1."))

DECISION_BASIS = _mart("decision_basis", ("stage", "way"), "One row per screening stage and way of deciding: how many of today's decisions were made in that way, and so how many are not shown to be of two people.",
    *_STAGE, Column("way", "VARCHAR", "Two people or more, one person and a tool, a settled conflict, one person, a list whose voters are not known, a tool alone; or out before screening, by a tool or for another reason.", among=words.WAY),
    Column("label", "VARCHAR", "The way in words.", names="way"), Column("n", "INTEGER", "Citations."), Column("position", "INTEGER", "Order."))
CODING_AGREEMENT = _mart("coding_agreement", ("dimension",), "One row per dimension with codes: how far two people agreed who coded the studies of the double sample, each alone; or judged any study, where the codebook asks for two appraisers.",
    *_DIMENSION, Column("studies", "INTEGER", "Studies of the double sample that two people have coded; with two appraisers, all that two people have judged."),
    Column("same", "INTEGER", "Studies to which both gave the same codes of the dimension, whatever the groups."), Column("observed", "DOUBLE", "Their share.", nullable=True),
    Column("alpha", "DOUBLE", "Krippendorff's alpha, each code taken as given or not (Krippendorff 2011); null where undefined.", nullable=True), Column("undefined", "VARCHAR", "Why alpha is undefined.", nullable=True),
    Column("position", "INTEGER", "Order of the dimension."))

VERIFICATION = _mart("verification", ("dimension",), "One row per dimension that is verified, and one of all together: how many of the verified studies the second person changed.",
    Column("dimension", "VARCHAR", "Dimension of the codebook; empty for any of them."), Column("dimension_label", "VARCHAR", "Its name.", names="dimension"), Column("studies", "INTEGER", "Verified studies."),
    Column("changed", "INTEGER", "Those of them whose codes of the dimension, whatever the groups, are not those that their coder gave."), Column("share", "DOUBLE", "Their share.", nullable=True),
    Column("position", "INTEGER", "Order of the dimension."))

FRAMEWORK = _mart("framework", ("theme", "study_id", "dimension"), "One row per theme, study on the map with that theme, and dimension in which it is coded: the cells of the framework matrices for thematic synthesis.",
    Column("theme", "VARCHAR", "Code of the theme dimension."), Column("theme_label", "VARCHAR", "Its name.", names="theme"), STUDY_ID, Column("reference", "VARCHAR", "Short reference of the study."),
    Column("title", "VARCHAR", "Its title.", nullable=True), *_DIMENSION,
    Column("value", "VARCHAR", "Names of its codes, or its text, where they are of this theme or of the study as a whole."), Column("quotes", "VARCHAR[]", "Words of the reports that the codes rest on, with pages; never published."), audience=Audience.TEAM)

SYNTHESIS_TEXT = _mart("synthesis_text", ("theme",), "One row per theme that somebody wrote on: the text, and what has changed since.",
    *_THEME, Column("text", "VARCHAR", "The text, in Markdown, citing studies as [@id]."), Column("written", "TIMESTAMP", "When this version came."),
    Column("uncited", "VARCHAR[]", "Studies on the map with this theme that it does not cite."), Column("gone", "VARCHAR[]", "What it cites and is not on the map with this theme."),
    Column("recoded", "VARCHAR[]", "Cited studies for which a coding came after the text."), Column("up_to_date", "BOOLEAN", "None of these."), Column("position", "INTEGER", "Order of the theme."))

CONSULTATION = _mart("consultation", ("consultation_id", "theme"), "One row per consultation and theme: what people were asked about it, and what changed. What they said is for the team; words for the public are here once all of them have agreed.",
    Column("consultation_id", "VARCHAR", "The consultation (consultation.yaml)."), Column("theme", "VARCHAR", "Code of the theme dimension; empty for the review as a whole."), Column("label", "VARCHAR", "Its name.", names="theme"),
    Column("asked_on", "DATE", "When."), Column("how", "VARCHAR", "By what means."), Column("people", "INTEGER", "How many were asked."), Column("question", "VARCHAR", "What they were asked."), Column("changed", "VARCHAR", "What changed by it.", nullable=True),
    Column("public_words", "VARCHAR", "What they said, if each of them has agreed that it is published.", nullable=True), Column("consented_on", "DATE", "When they had agreed.", nullable=True),
    Column("person_ids", "VARCHAR[]", "Who was asked (ids in protocol.people).", audience=Audience.TEAM), Column("said", "VARCHAR", "What they said, for the team.", nullable=True, audience=Audience.TEAM),
    Column("position", "INTEGER", "Order: by theme, then by day."))
NEXT_STEP = _mart("next_step", ("step_id", "theme"), "One row per planned step and theme: a synthesis of what was found, or a project of the programme that the review is for.",
    Column("step_id", "VARCHAR", "The step (next_steps.yaml)."), *_THEME, *_coded("kind", "What is planned.", words.STEP), Column("title", "VARCHAR", "Its name."), Column("description", "VARCHAR", "What it is about.", nullable=True),
    Column("url", "VARCHAR", "Where it is on the web.", nullable=True), *_coded("state", "How far it is.", words.STEP_STATE), Column("position", "INTEGER", "Order: by theme, syntheses first."))

SOURCE_YIELD = _mart("source_yield", ("arm", "database"), "One row per database, website or group of experts that was searched: what it brought, and what no other had. A paper that several have counts for each of them.",
    *_ARM, Column("database", "VARCHAR", "Database, website or group of experts."),
    Column("label", "VARCHAR", "Its name; of one that was searched as a database and by another method, with which of the two this is."), Column("records", "INTEGER", "Records that it brought."),
    Column("citations", "INTEGER", "Unique papers among them."), Column("citations_alone", "INTEGER", "Those of them that no other source has."), Column("studies", "INTEGER", "Included studies of which it has a report; ongoing ones are left out."), Column("studies_alone", "INTEGER", "Those of which no other source has any report."))

SOURCE_OVERLAP = _mart("source_overlap", ("position",), "One row per set of sources that found the same papers: what just these have, and no other. These rows add up.",
    Column("databases", "VARCHAR[]", "The sources of the set: databases, websites and groups of experts."), Column("citations", "INTEGER", "Unique papers that each of them has, and no other source."),
    Column("studies", "INTEGER", "Included studies of which each of them has a report, and no other source; ongoing ones are left out."), Column("position", "INTEGER", "Order: those with most studies first, then with most papers."))

NOTICE = _mart("notice", ("citation_id", "notice"), "One row per editorial notice on a citation (retracted, concern, corrected, updated): what a person has to look at before the study is used.",
    Column("citation_id", "VARCHAR", "The citation; of an included study its id."), Column("notice", "VARCHAR", "The kind of notice, with the id of the notice where it has one."), *_coded("kind", "Kind of notice.", words.NOTICE),
    Column("title", "VARCHAR", "Title of the citation.", nullable=True), Column("included", "BOOLEAN", "The citation is an included or ongoing study."), *_coded("position", "Where the citation is in the PRISMA diagram.", words.POSITION),
    *_coded("told_by", "What told it: the searches, or a re-check of the included papers.", words.TOLD_BY))

WORK_QUEUE = _mart("work_queue", ("task", "id", "reviewer"), "One row per piece of work that waits and person who owes it, as of the release; where an answer is missing that nobody was asked for, one row without a person. Work that is done has no row.",
    *_coded("task", "What is to be done.", words.TASK), *_coded("stage", "Where in the review.", words.WORK),
    Column("id", "VARCHAR", "The citation, report or study; of a pair both ids with + between."), *_coded("what", "What the id is of.", words.WHAT), Column("title", "VARCHAR", "Title of the paper; of a pair, that of the first.", nullable=True),
    Column("reviewer", "VARCHAR", "Who was asked and has not answered (id in protocol.people); empty where nobody was asked, or only people who take part no longer."),
    Column("owed", "INTEGER", "Answers that are missing: 1 of a person; without a person, those that nobody was asked for."),
    Column("since", "DATE", "Day of the last thing that came in or was said of it: it has waited since."), Column("asked_on", "DATE", "Day on which the person was sent it.", nullable=True),
    Column("overdue", "BOOLEAN", "More days have gone by since then than protocol.exchange.overdue_days; null where nobody was asked, or the protocol gives no days.", nullable=True), audience=Audience.TEAM)

CHANGE = _mart("change", ("position",), "One row per thing that this release says otherwise than the one before it (meta.release.predecessor). No rows: see meta.release.compared.",
    Column("position", "INTEGER", "Order in which it is told, from 1."), *_coded("what", "What has changed: a study came into the review or went out, counts as one with another now or was part of another, came onto the map or left it, counts as another kind, is coded otherwise, or has a notice more or less; a gap was closed or opened; a cell came to be not applicable, which closes no gap, or is so no longer, which opens none; a view has other cells; a theme or a box of the PRISMA diagram has another number.", words.CHANGE),
    Column("id", "VARCHAR", "What it is of: a study, view and codes of a cell, a theme, or arm, box and detail."), Column("label", "VARCHAR", "The same in words."),
    Column("study_id", "VARCHAR", "The study, where it is one.", nullable=True), Column("before", "VARCHAR", "What the earlier release said: kind, the codes that are gone, notice, kind of gap, or counts by kind; of a study that was part of another, what that one was called; null where it said nothing.", nullable=True),
    Column("after", "VARCHAR", "What this one says; of a study that counts as one with another now, what that one is called.", nullable=True), Column("n_before", "INTEGER", "The number in the earlier release: cells of a view, studies of a theme, n of a box.", nullable=True), Column("n_after", "INTEGER", "The number in this one.", nullable=True),
    Column("studies", "VARCHAR[]", "Of a gap: the studies by which it was closed or opened: they came into the cell, left it, or count as another kind. Of a study that was joined or divided: the other one."))
CITATION_CHANGE = _mart("citation_change", ("citation_id",), "One row per citation that came, went or stands elsewhere in the PRISMA diagram than in the release before.",
    Column("citation_id", "VARCHAR", "The citation; one that went was merged into another (staging.citation_alias) or split."), *_coded("what", "Came in, went out, or moved.", words.CITATION_CHANGE),
    *_coded("before", "Where it was in the PRISMA diagram.", words.POSITION, nullable=True), *_coded("after", "Where it is.", words.POSITION, nullable=True), audience=Audience.TEAM)
_OF_RELEASE = (Column("number", "INTEGER", "Place of the release in its line, from 1; the highest is this release."), Column("release_id", "VARCHAR", "The release."), Column("as_of", "TIMESTAMP", "Its clock value: that of its latest input."))
RELEASE_HISTORY = _mart("release_history", ("number", "theme"), "One row per release up to this one and theme, those that are pruned too: how many studies there were. The theme called '' is the whole map.",
    *_OF_RELEASE, Column("theme", "VARCHAR", "Code of the theme dimension at that time; empty for the whole map."), Column("label", "VARCHAR", "Its name at that time.", names="theme"), *KINDS, Column("all_kinds", "INTEGER", "Distinct studies of any kind."))
FLOW_HISTORY = _mart("flow_history", ("number", "arm", "box"), "One row per release up to this one and box of the PRISMA diagram, those that are pruned too.",
    *_OF_RELEASE, *_coded("arm", "databases, other, or both where the arms have met.", words.ARM | {"both": "Both arms together"}), *_coded("box", "Box.", words.BOX), Column("n", "INTEGER", "The number."))

MARTS = (STUDY, STUDY_REPORT, STUDY_CODE, STUDY_NUMBER, CODEBOOK, EVIDENCE_MAP, THEME, GAP, SYNTHESIS_READINESS, PRISMA_FLOW, PRISMA_SINCE, PRISMA_ROW, PRISMA_VOCABULARY, AGREEMENT_OF_PAIR, AGREEMENT, DECISION_BASIS, CODING_AGREEMENT, VERIFICATION, FRAMEWORK, SYNTHESIS_TEXT, CONSULTATION, NEXT_STEP, SOURCE_YIELD, SOURCE_OVERLAP, NOTICE, CELL_STUDY, WORK_QUEUE, CHANGE, CITATION_CHANGE, RELEASE_HISTORY, FLOW_HISTORY)
