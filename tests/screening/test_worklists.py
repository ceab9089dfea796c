"""Who is asked to decide what: balanced, stable, nobody twice, and a conflict never to one who voted on it."""

from collections import Counter, defaultdict
from datetime import datetime

import pyarrow.compute as pc
import pytest

from tasks.formats import library
from tasks.formats.worklist import ENTRY, LEADING, REFERENCE, Owed, fits
from tasks.screening.worklists import owed, worklists
from warehouse.configuration.protocol import Person

NEXT = datetime(2024, 3, 8)


def _asked(files):
    """citation → people, by task, of what is new in the files."""
    people = defaultdict(lambda: defaultdict(set))
    for one in files:
        for cells in one.new:
            people[one.task][cells["citation_id"]].add(one.reviewer)
    return {task: dict(asked) for task, asked in people.items()}


@pytest.fixture
def many(new_world):
    return new_world(papers={f"c{number:03}": [f"r{number:03}"] for number in range(600)})


def test_every_paper_goes_to_two_people_balanced_and_the_same_again(many, new_world):
    asked = _asked(many.send())["title_abstract"]
    assert len(asked) == 600
    assert {len(people) for people in asked.values()} == {2}
    shares = Counter(person for people in asked.values() for person in people)
    assert set(shares) == {"ann", "bob", "cat"}
    assert all(350 <= share <= 450 for share in shares.values())
    pairs = Counter(tuple(sorted(people)) for people in asked.values())
    assert all(150 <= share <= 250 for share in pairs.values())
    assert _asked(new_world(papers=many.papers).send())["title_abstract"] == asked


def test_files_rows_and_log_say_the_same(many):
    files = many.send(datetime(2024, 3, 1))
    assert [one.id for one in files] == [f"title_abstract-{who}-20240301" for who in ("ann", "bob", "cat")]
    ann = files[0]
    assert ann.columns == (*LEADING, *REFERENCE, *ENTRY["title_abstract"])
    assert all(fits(cells, "") for cells in ann.rows)
    logged = many.sent.filter(pc.equal(many.sent["reviewer"], "ann")).to_pylist()
    assert [(one["citation_id"], one["position"]) for one in logged] == [
        (cells["citation_id"], position) for position, cells in enumerate(ann.rows, start=1)
    ]
    assert logged[0]["record_ids"] == [logged[0]["citation_id"].replace("c", "r")]
    assert {(one["round"], one["as_of"]) for one in logged} == {(1, datetime(2024, 3, 1))}


def test_nothing_is_sent_twice_and_new_papers_are(many):
    many.send()
    assert many.send(NEXT) == []
    many.papers["c999"] = ["r999"]
    assert _asked(many.send(NEXT)).keys() == {"title_abstract"}
    assert many.send(NEXT) == []


def test_a_second_list_of_one_day_has_a_number(world):
    world.people = world.people[:2]
    world.send()
    for number in (2, 3):
        world.papers[f"c{number}"] = [f"r{number}"]
        assert [one.id for one in world.send()] == [f"title_abstract-{who}-20240301-{number}" for who in ("ann", "bob")]


def test_new_people_change_nothing_that_was_sent(many):
    before = _asked(many.send())["title_abstract"]
    many.people = (Person(id="new"), *many.people)
    assert many.send(NEXT) == []
    many.papers |= {f"d{number:03}": [f"s{number:03}"] for number in range(100)}
    after = _asked(many.send(NEXT))["title_abstract"]
    assert not before.keys() & after.keys()
    assert any("new" in people for people in after.values())


def test_somebody_who_left_without_voting_is_replaced_and_a_vote_stays(many):
    before = _asked(many.send())["title_abstract"]
    of_ann = sorted(one for one, people in before.items() if "ann" in people)
    voted = of_ann[0]
    many.vote("ann", voted, "include")
    many.people = many.people[1:]
    after = _asked(many.send(NEXT))["title_abstract"]
    assert sorted(after) == of_ann[1:]
    for one, people in after.items():
        assert people | before[one] == {"ann", "bob", "cat"}


def test_who_voted_without_being_asked_counts(world):
    world.vote("cat", "c1", "include")
    (people,) = _asked(world.send())["title_abstract"].values()
    assert len(people) == 1
    assert "cat" not in people


def test_one_reviewer_a_paper_where_the_protocol_says_so(many):
    many.rules = {"title_abstract": {"reviewers": 1}}
    asked = _asked(many.send())["title_abstract"]
    assert {len(people) for people in asked.values()} == {1}


def test_a_merge_asks_nobody_again_and_a_part_that_was_shown_neither(world):
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    world.send()
    world.papers = {"c1": ["r1", "r2"]}
    assert world.send(NEXT) == []
    world.papers = {"c1": ["r1"], "c2": ["r2"], "c3": ["r3"]}
    assert _asked(world.send(NEXT))["title_abstract"].keys() == {"c3"}


def test_another_round_is_asked_for_anew(world):
    world.send()
    world.both("c1", "exclude")
    assert world.send(NEXT) == []
    world.vote("ann", "c1", "include", round=2)
    (people,) = _asked(world.send(NEXT))["title_abstract"].values()
    assert len(people) == 1
    assert world.sent.to_pylist()[-1]["round"] == 2


def _conflicts(many, number=200):
    for citation in sorted(many.papers)[:number]:
        many.vote("ann", citation, "maybe")
        many.vote("bob", citation, "exclude")


def test_conflicts_go_to_one_adjudicator_without_names_and_once(many):
    many.people += (Person(id="max", roles=("adjudicator",)),)
    _conflicts(many)
    files = many.send()
    asked = _asked(files)["title_abstract_conflict"]
    assert len(asked) == 200
    shares = Counter(person for people in asked.values() for person in people)
    assert sum(shares.values()) == 200
    assert all(shares[who] > 70 for who in ("jo", "max"))
    rows = [cells for one in files if one.task == "title_abstract_conflict" for cells in one.rows]
    assert {cells["votes"] for cells in rows} == {"maybe | exclude"}
    assert many.send(NEXT) == []


def test_an_adjudicator_who_voted_is_never_asked_to_settle(many):
    many.people = (
        Person(id="ann", roles=("reviewer", "adjudicator")),
        Person(id="bob"),
        Person(id="jo", roles=("adjudicator",)),
    )
    _conflicts(many)
    asked = _asked(many.send())["title_abstract_conflict"]
    assert set.union(*asked.values()) == {"jo"}
    many.vote("jo", "c000", "include")  # after being asked, jo votes: somebody else would be needed, and there is nobody
    assert "title_abstract_conflict" not in _asked(many.send(NEXT))


def test_without_an_adjudicator_a_reviewer_who_did_not_vote_settles(many):
    many.people = many.people[:3]
    _conflicts(many)
    assert set.union(*_asked(many.send())["title_abstract_conflict"].values()) == {"cat"}


def test_where_the_two_discuss_one_of_them_writes_it_down(many):
    many.rules = {"title_abstract": {"conflicts": "discussion"}}
    _conflicts(many)
    asked = _asked(many.send())["title_abstract_conflict"]
    assert {len(people) for people in asked.values()} == {1}
    assert set.union(*asked.values()) == {"ann", "bob"}


def test_where_the_two_discuss_from_now_on_one_of_them_is_asked_whoever_was_before(world):
    world.vote("ann", "c1", "include")
    world.vote("bob", "c1", "exclude")
    assert _asked(world.send())["title_abstract_conflict"] == {"c1": {"jo"}}
    world.rules = {"title_abstract": {"conflicts": "discussion"}}
    (asked,) = _asked(world.send(NEXT))["title_abstract_conflict"]["c1"]
    assert asked in ("ann", "bob")
    assert world.send(NEXT) == []


def test_a_reviewer_who_has_not_voted_yet_may_be_asked_to_settle_instead(world):
    world.people = world.people[:3]
    world.rules = {"title_abstract": {"reviewers": 1}}
    asked = _asked(world.send())["title_abstract"]["c1"].pop()
    for who, decision in zip(sorted({"ann", "bob", "cat"} - {asked}), ("include", "exclude"), strict=True):
        world.vote(who, "c1", decision)
    assert _asked(world.send(NEXT))["title_abstract_conflict"] == {"c1": {asked}}


def test_somebody_who_is_no_reviewer_any_more_is_replaced(world):
    world.people = world.people[:2]
    world.send()
    world.people = (Person(id="ann", roles=("coder",)), *world.people[1:], Person(id="cat"))
    assert _asked(world.send(NEXT))["title_abstract"] == {"c1": {"cat"}}


def test_only_votes_that_stand_are_shown(world):
    world.outcome("c1", "include")
    for who, decision in (("ann", "maybe"), ("ann", "include"), ("bob", "exclude")):
        world.vote(who, "c1", decision)
    (file,) = world.send()
    assert file.rows[0]["votes"] == "include | exclude"


def test_full_text_conflicts_show_the_reasons(world):
    world.arrived("c1")
    world.vote("bob", "c1", "exclude", "population", stage="full_text")
    world.vote("ann", "c1", "exclude", "design", stage="full_text")
    (file,) = world.send()
    assert (file.id, file.columns[11:]) == ("full_text_conflict-jo-20240301", ENTRY["full_text_conflict"])
    assert file.rows[0]["votes"] == "exclude (Wrong design) | exclude (Wrong population)"


def test_conflicting_imports_are_shown_to_the_adjudicator(world):
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    world.outcome("c1", "include")
    world.outcome("c2", "exclude")
    world.papers = {"c1": ["r1", "r2"]}
    (file,) = world.send()
    assert (file.reviewer, file.rows[0]["votes"]) == ("jo", "include | exclude")


def test_full_texts_are_sought_by_the_librarian_and_read_when_they_arrived(world):
    world.both("c1", "include")
    (sought,) = world.send()
    assert (sought.id, sought.columns[5:]) == ("retrieval-lib-20240301", (*library.COLUMNS, *ENTRY["retrieval"]))
    for attempt in ("asked", "refused", "asked"):
        world.retrieve("c1", attempt)
        assert world.send(NEXT) == []
    world.retrieve("c1", "arrived")
    read = world.send(NEXT)
    assert {one.task for one in read} == {"full_text"}
    assert len(read) == 2
    assert world.send(NEXT) == []


def test_a_librarian_who_left_is_replaced(world):
    world.both("c1", "include")
    world.send()
    world.people = (*world.people[:4], Person(id="new", roles=("librarian",)))
    assert _asked(world.send(NEXT)) == {"retrieval": {"c1": {"new"}}}


def test_nothing_is_owed_for_what_is_decided_or_not_retrieved(world):
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    world.both("c1", "exclude")
    world.both("c2", "include")
    world.retrieve("c2", "not_retrieved")
    assert world.send() == []
    assert world.sent.num_rows == 0


def _by_list(file):
    """(list on which it was sent first, paper), in the order of the file."""
    return [(cells["worklist_id"], cells["citation_id"]) for cells in file.rows]


@pytest.fixture
def two(world):
    """Three papers that went out to two people."""
    world.people = world.people[:2]
    world.papers = {f"c{number}": [f"r{number}"] for number in (1, 2, 3)}
    world.titles = {one: f"On {one}" for one in ("c1", "c2", "c3", "c9")}
    return world


def test_a_new_file_has_all_that_is_owed_as_it_was_sent_and_then_what_is_new(two, fill):
    first = two.send()[0]
    two.vote("ann", "c2", "include")
    two.papers["c9"] = ["r9"]
    ann, bob = two.send(NEXT)
    old, new = "title_abstract-ann-20240301", "title_abstract-ann-20240308"
    assert (ann.id, _by_list(ann)) == (new, [(old, "c1"), (old, "c3"), (new, "c9")])
    assert [paper for _, paper in _by_list(bob)] == ["c1", "c2", "c3", "c9"]
    assert [cells["check"] for cells in ann.rows[:2]] == [first.rows[at]["check"] for at in (0, 2)]
    logged = [
        (row["worklist_id"], row["citation_id"], row["position"]) for row in two.sent.to_pylist() if row["reviewer"] == "ann"
    ]
    assert logged == [(old, "c1", 1), (old, "c2", 2), (old, "c3", 3), (new, "c9", 1)], "nobody is asked twice"
    for sheet in (fill(ann, decision="exclude"), fill(first, decision="exclude")):
        taken = two.take(sheet, raw=sheet.rows[0].values["check"] + str(len(sheet.rows)), as_of=datetime(2024, 3, 9))
        assert taken.refused == ()
        two.append(taken)
    votes = two.stand()["staging.vote"].to_pylist()
    assert {(row["citation_id"], row["decision"]) for row in votes if not row["superseded"]} == {
        ("c1", "exclude"), ("c2", "exclude"), ("c3", "exclude"), ("c9", "exclude")
    }  # fmt: skip
    assert two.stand()["staging.screening"].to_pylist()[0]["votes"] == 1


def test_what_nobody_needs_any_more_is_in_no_new_file(two):
    two.send()
    two.both("c1", "exclude")
    two.outcome("c2", "exclude")
    two.papers["c9"] = ["r9"]
    assert [[paper for _, paper in _by_list(file)] for file in two.send(NEXT)] == [["c3", "c9"]] * 2


def test_who_was_away_finds_the_work_in_the_next_file(two):
    first = two.send()[0]
    two.away = ("ann",)
    two.papers["c9"] = ["r9"]
    assert {one.reviewer for one in two.send(NEXT)} == {"bob"}
    two.away = ()
    (back,) = two.send(datetime(2024, 3, 9))
    assert _by_list(back) == [*_by_list(first), (back.id, "c9")]


def test_a_row_of_a_paper_that_is_two_by_now_is_asked_for_anew_of_the_same_people(two):
    two.papers = {"c1": ["r1", "r2"]}
    two.send()
    two.papers = {"c1": ["r1"], "c2": ["r2"]}
    files = two.send(NEXT)
    assert [[paper for _, paper in _by_list(file)] for file in files] == [["c1", "c2"]] * 2
    assert all(cells["worklist_id"] == file.id for file in files for cells in file.rows)
    assert [row["record_ids"] for row in two.sent.to_pylist()[2:4]] == [["r1"], ["r2"]]
    assert two.send(NEXT) == []


def test_a_paper_that_was_merged_is_asked_for_once_in_the_words_of_a_row_that_was_sent(two, fill):
    two.send()
    two.papers = {"c1": ["r1", "r2"], "c3": ["r3"], "c9": ["r9"]}
    two.aliases = {"c2": "c1"}
    ann = two.send(NEXT)[0]
    assert [paper for _, paper in _by_list(ann)] in (["c1", "c3", "c9"], ["c2", "c3", "c9"])
    taken = two.take(fill(ann, decision="include"))
    assert taken.refused == ()
    assert taken.logs["log.vote"].num_rows == 3


def test_conflicts_and_full_texts_that_were_sent_are_in_the_next_file(world):
    world.papers = {f"c{number}": [f"r{number}"] for number in (1, 2, 3, 4)}
    for paper in ("c1", "c2"):
        world.both(paper, "include")
    for paper, decision in (("c3", "include"), ("c3", "exclude")):
        world.vote("ann" if decision == "include" else "bob", paper, decision)
    world.send()
    world.retrieve("c1", "asked")
    world.retrieve("c2", "arrived")
    for who, decision in (("ann", "include"), ("bob", "exclude")):
        world.vote(who, "c4", decision)
    world.papers["c5"] = ["r5"]
    world.both("c5", "include")
    sent = {one.task: _by_list(one) for one in world.send(NEXT) if one.reviewer in ("jo", "lib")}
    assert sent == {
        "title_abstract_conflict": [
            ("title_abstract_conflict-jo-20240301", "c3"),
            ("title_abstract_conflict-jo-20240308", "c4"),
        ],
        "retrieval": [("retrieval-lib-20240301", "c1"), ("retrieval-lib-20240308", "c5")],
    }


def test_what_is_owed_counts_what_is_sent_and_what_is_not(two):
    two.send()
    two.vote("ann", "c2", "include")
    two.papers["c9"] = ["r9"]
    assert owed(two.tables() | two.stand(), two.review_today) == [
        Owed("title_abstract", who, new=1, sent=sent, since=datetime(2024, 3, 1, 6)) for who, sent in (("ann", 2), ("bob", 3))
    ]
    files, rows = worklists(two.tables() | two.stand(), two.review_today, NEXT, [("title_abstract", "bob")])
    assert [(one.reviewer, len(one.rows), len(one.new)) for one in files] == [("bob", 4, 1)]
    assert rows.num_rows == 1
