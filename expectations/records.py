"""Laws of what was read: nothing that a source gave is lost or counted twice."""

from __future__ import annotations

from expectations.law import Law, Severity

LAWS: tuple[Law, ...] = (
    Law(
        "search_got_adds_up",
        "staging.search",
        Severity.STOP,
        "A defect of the records stage: parse the search's files again with `evimap parse` and report the numbers.",
    ),
    Law(
        "search_new_is_its_records",
        "staging.search",
        Severity.STOP,
        "Records were lost or given to another search: refresh again; if it stays, compare log/search with log/first_seen.",
    ),
    Law(
        "search_quarantined_is_its_rows",
        "staging.search",
        Severity.STOP,
        "A piece was dropped: parse the search's files again with `evimap parse`.",
    ),
    Law(
        "search_new_totals_the_records",
        "staging.search",
        Severity.STOP,
        "Records were lost, or are in another arm than their search: see the laws of single searches and records.",
    ),
    Law(
        "search_has_its_hits",
        "staging.search",
        Severity.REPORT,
        "Export the search again in full, or in parts if the platform has a limit; or correct hits in searches.yaml.",
    ),
    Law(
        "search_is_not_short",
        "staging.search",
        Severity.STOP,
        "Search the source again: it gave fewer records than it said; or allow more in protocol.searching.shortfall_stops.",
    ),
    Law(
        "search_is_described",
        "staging.search",
        Severity.REPORT,
        "Say it in searches.yaml, or in the strategy in protocol.yaml: a search that is not reported cannot be repeated.",
    ),
    Law(
        "search_lines_run_on",
        "staging.search_line",
        Severity.STOP,
        "A defect of the sources stage: compare log/search_line with searches.yaml.",
    ),
    Law(
        "known_paper_is_found",
        "staging.known_paper",
        Severity.REPORT,
        "See in staging.known_paper which strategies missed it; add the terms of its title and headings, or another source.",
    ),
    Law(
        "search_files_are_its_imports",
        "staging.search",
        Severity.STOP,
        "Put the file back into imports/ or restore raw/ from the backup, then refresh.",
        optional=True,
    ),
    Law(
        "record_agrees_with_its_search",
        "staging.record",
        Severity.STOP,
        "Take source, box and arm of a record from its first search; give a source that has moved to another box a new id.",
    ),
    Law(
        "record_is_new_to_one_search",
        "staging.record",
        Severity.STOP,
        "A defect of the records stage: compare staging.record_search with log/first_seen for these records.",
    ),
    Law(
        "record_is_from_a_searched_file",
        "staging.record",
        Severity.STOP,
        "The search of that file is missing from the release: restore log/search from the backup.",
    ),
    Law(
        "record_has_its_own_bytes",
        "staging.record",
        Severity.STOP,
        "A defect of the parser of that file, or the same export under two names: parse it with `evimap parse`.",
    ),
    Law(
        "record_once_seen_is_still_here",
        "staging.record",
        Severity.STOP,
        "A record has vanished or lost its history: put back the removed file or search; a source no longer searched is kept.",
        optional=True,
    ),
    Law(
        "record_has_a_title",
        "staging.record",
        Severity.REPORT,
        "Look the record up at its source and export it again, or screen it by its abstract and address.",
    ),
    Law(
        "quarantine_is_from_a_search",
        "staging.quarantine",
        Severity.STOP,
        "A defect of the records stage: parse that file again with `evimap parse`.",
    ),
    Law(
        "code_has_a_dimension",
        "staging.code",
        Severity.STOP,
        "Add the dimension to codebook.yaml, or take what names it out of the codebook or the map's views.",
    ),
)
