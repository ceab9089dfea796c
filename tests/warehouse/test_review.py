import shutil
from pathlib import Path

import pytest
import yaml

from flows.start import start
from warehouse.configuration.codebook import Dimension
from warehouse.review import load
from warehouse.yaml import ConfigurationError


@pytest.fixture
def folder(tmp_path):
    start(tmp_path / "My Review")
    return tmp_path / "My Review"


def change(path: Path, edit) -> None:
    data = yaml.safe_load(path.read_text())
    edit(data)
    path.write_text(yaml.safe_dump(data))


def test_the_template_is_a_review_and_is_named_after_its_folder(folder):
    assert load(folder).id == "my-review"


def test_work_goes_out_as_workbooks_unless_the_protocol_says_csv(folder):
    path = folder / "protocol.yaml"
    change(path, lambda protocol: protocol.pop("exchange"))
    assert load(folder).protocol.exchange.worklists == "xlsx"
    change(path, lambda protocol: protocol.update(exchange={"worklists": "csv"}))
    assert load(folder).protocol.exchange.worklists == "csv"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('version: "1.0"', 'version: "one"', r"protocol\.yaml: line 3: version: .*pattern"),
        (
            "reviewers: 2, conflicts",
            "reviewers: 3, conflicts",
            r"line \d+: screening\.title_abstract\.reviewers: Input should be 1 or 2, got 3",
        ),
        ("title: Title", "titel: Title", r"titel: no such key is known here"),
        ("title: Title", "# title: Title", r"title: this key is required"),
        ("rows: [topic]", "rows: [topics]", r"map\.views\.overview: no dimension 'topics' in codebook\.yaml"),
        ("rows: [topic]", "rows: [summary]", r"'summary' is free text; an axis needs codes"),
        ("rows: [topic]", "rows: [topic, topic]", r"dimension topic given more than once"),
        ("id: r2,", "id: r1,", r"person r1 given more than once"),
        ("worklists: xlsx", "worklists: ods", r"line \d+: exchange\.worklists: Input should be 'xlsx' or 'csv'"),
        ("people:", "people: [", r"line \d+: not valid YAML"),
        ("people:", f"deep: {'[' * 200_000}\npeople:", r"line \d+: not valid YAML \(more than 50 levels within each other"),
        (
            "people:",
            "one: &one [a]\ntwo: &two [*one, *one]\npeople:",
            r"line \d+: not valid YAML \(an alias within what has an anchor",
        ),
        (
            "people:",
            f"one: &one [{'a, ' * 30_000}]\nmany: [{'*one, ' * 10_000}]\npeople:",
            r"line \d+: not valid YAML \(aliases for more than 1,000,000 characters",
        ),
        (
            "people:",
            f"one: &one {'a' * 90_000}\nmany: [{'*one, ' * 10_000}]\npeople:",
            r"line \d+: not valid YAML \(aliases for more than 1,000,000 characters",
        ),
    ],
)
@pytest.mark.fault(105)
def test_a_fault_in_the_protocol_is_named_with_its_line_and_key(folder, old, new, message):
    path = folder / "protocol.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ConfigurationError, match=message):
        load(folder)


TWO = "title_abstract: {reviewers: 2, conflicts: third"


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            TWO + ", pairs: [[r1, r2], [r1, r9]]}",
            r"line 24: screening\.title_abstract\.pairs\.1\.1: 'r9' is not in protocol\.people",
        ),
        (TWO + ", pairs: [[a1, r2]]}", r"line 24: screening\.title_abstract\.pairs\.0\.0: 'a1' has not the role reviewer"),
        (TWO + ", pairs: [[r1]]}", r"screening\.title_abstract\.pairs\.0\.1: this key is required"),
        (TWO + ", pairs: [[r1, r1]]}", r"pairs\.0: a pair is of two people"),
        (TWO + ", pairs: [[r1, r2], [r2, r1]]}", r"pairs\.1: r2 and r1 are a pair already; shares say who takes more"),
        (
            "title_abstract: {reviewers: 1, pairs: [[r1, r2]]}",
            r"line 24: screening\.title_abstract\.pairs: two screen together",
        ),
        (
            "title_abstract:\n    shares:\n      r1: 2\n      zoe: 1\n",
            r"line 27: screening\.title_abstract\.shares\.zoe: 'zoe' is not in",
        ),
        (TWO + ", shares: {r1: 2, a1: 1}}", r"screening\.title_abstract\.shares\.a1: 'a1' has not the role reviewer"),
        (TWO + ", shares: {r1: -1}}", r"shares\.r1: Input should be greater than or equal to 0, got -1"),
        (TWO + ", shares: {r1: 0, r2: 0}}", r"screening\.title_abstract\.shares: nobody has a share"),
        (TWO + ", pairs: [[r1, r2]], shares: {r1: 0}}", r"screening\.title_abstract\.shares: no pair has a share"),
        (
            TWO + ", blind: [authors, title]}",
            r"screening\.title_abstract\.blind\.1: Input should be 'authors', 'year', 'journal' or",
        ),
        (TWO + ", pairs: [[r1, r2]], shares: {r1: 2}, blind: [authors, doi]}", None),
        (TWO + ", tool_decides: exclude}", r"line 24: screening\.title_abstract\.tool_decides: no tool is named"),
        (TWO + ", tool: robot, tool_decides: include}", r"tool_decides: Input should be 'nothing' or 'exclude'"),
        ("title_abstract: {reviewers: 1, tool: robot}", r"screening\.title_abstract\.tool: one reviewer decides"),
        (TWO + ", tool: robot, tool_decides: exclude}", None),
    ],
)
def test_who_is_asked_has_to_be_a_reviewer_of_the_protocol(folder, rules, message):
    path = folder / "protocol.yaml"
    text = path.read_text()
    assert TWO + "}" in text
    path.write_text(text.replace(TWO + "}", rules, 1))
    if message is None:
        load(folder)
    else:
        with pytest.raises(ConfigurationError, match=message):
            load(folder)


COMBINED = "not_applicable: []"


@pytest.mark.parametrize(
    ("combinations", "message"),
    [
        ("- {topic: first, outcome: other, why: By definition.}", None),
        ("- {topic: first, outcome: other}", r"line 45: map\.not_applicable\.0\.why: this key is required"),
        ("- {topic: first, outcome: other, why: ' '}", r"line 45: map\.not_applicable\.0\.why: String should have at least 1"),
        ("- {topic: first, why: x}", r"line 45: map\.not_applicable\.0: .*2 to 4 dimensions beside why; it has topic"),
        ("- {topic: First topic, outcome: one, why: x}", r"line 45: map\.not_applicable\.0\.topic: .*pattern.*First topic"),
        ("- {topic: first, outcome: no, why: x}", r"not_applicable\.0\.outcome: Input should be a valid string, got False"),
        (
            "- {topic: third, outcome: one, why: x}",
            r"map\.not_applicable\.0\.topic: no code .third. of topic in codebook.*there are first, second\)",
        ),
        (
            "- {topics: first, outcome: one, why: x}",
            r"not_applicable\.0\.topics: no dimension 'topics' in codebook.*with codes there are topic, outcome, kind",
        ),
        ("- {topic: first, summary: one, why: x}", r"not_applicable\.0\.summary: 'summary. is free text; a combination is of"),
        (
            "- {topic: first, outcome: one, why: x}\n    - {outcome: one, topic: first, why: y}",
            r"map\.not_applicable\.1: not_applicable\.0 says this already; leave this one out",
        ),
        (
            "- {topic: first, outcome: one, kind: review, why: x}\n    - {outcome: one, topic: first, why: y}",
            r"map\.not_applicable\.1: this says all that not_applicable\.0 says; leave that one out",
        ),
        (
            "- {topic: first, outcome: one, kind: review, why: x}\n    - {outcome: one, topic: second, why: y}\n"
            "    - {outcome: one, topic: first, kind: primary, why: z}",
            None,
        ),
    ],
)  # fmt: skip
def test_codes_that_do_not_go_together_are_of_the_codebook(folder, combinations, message):
    path = folder / "protocol.yaml"
    text = path.read_text()
    assert COMBINED in text
    path.write_text(text.replace(COMBINED, f"not_applicable:\n    {combinations}\n    "))
    if message is None:
        assert all(one.why for one in load(folder).protocol.map.not_applicable)
    else:
        with pytest.raises(ConfigurationError, match=message):
            load(folder)


def test_a_code_stands_for_those_within_it_and_one_that_was_renamed_is_named(folder):
    def narrower(book):
        book["dimensions"][0]["codes"][1]["within"] = "first"
        book["changes"] = [{"to": "1.0", "codes": [{"dimension": "topic", "code": "primero", "becomes": ["first"]}]}]

    change(folder / "codebook.yaml", narrower)

    def combined(*codes):
        listed = [{"topic": code, "outcome": "one", "why": "By definition."} for code in codes]
        change(folder / "protocol.yaml", lambda protocol: protocol["map"].update(not_applicable=listed))
        return load(folder)

    [wide] = combined("first").protocol.map.not_applicable
    codebook = load(folder).codebook
    assert wide.covers({"outcome": "one", "topic": "second", "kind": "review"}, codebook)
    assert not wide.covers({"outcome": "other", "topic": "second"}, codebook)
    assert not wide.covers({"topic": "second"}, codebook)
    with pytest.raises(ConfigurationError, match=r"not_applicable\.1: not_applicable\.0 says this already"):
        combined("first", "second")
    with pytest.raises(ConfigurationError, match=r"no code 'primero' of topic in codebook\.yaml \(since then it is first\)"):
        combined("primero")


def test_every_fault_is_told_at_once(folder):
    path = folder / "protocol.yaml"
    path.write_text(path.read_text().replace("review: my-review", "review: My Review!").replace("seed: 1", "seed: soon"))
    with pytest.raises(ConfigurationError) as caught:
        load(folder)
    assert len(str(caught.value).splitlines()) == 2


def test_a_search_names_known_sources_people_and_files(folder):
    (folder / "imports" / "searches.yaml").write_text(
        "searches:\n- {source: nowhere, files: [absent.ris], searcher: nobody}\n"
        "- {source: psycinfo, files: [../../etc/passwd]}\n"
    )
    with pytest.raises(ConfigurationError) as caught:
        load(folder)
    text = str(caught.value)
    assert "no source 'nowhere'" in text
    assert "'nobody' is not in protocol.people" in text
    assert "'absent.ris' is not in" in text
    assert "has to be inside imports/" in text


def test_primary_studies_and_reviews_must_be_told_apart(folder):
    change(folder / "codebook.yaml", lambda book: [one.pop("role", None) for one in book["dimensions"]])
    with pytest.raises(ConfigurationError, match="role: kind"):
        load(folder)


TREE = [
    {"id": "home", "label": "Home"},
    {"id": "visits", "label": "Visits", "within": "home"},
    {"id": "weekly", "label": "Weekly visits", "within": "visits"},
    {"id": "meals", "label": "Meals", "within": "home"},
    {"id": "school", "label": "School"},
]


def tree(*moved: tuple[int, dict]) -> Dimension:
    codes = [dict(code) for code in TREE]
    for at, changed in moved:
        codes[at] |= changed
    return Dimension.model_validate({"id": "place", "label": "Place", "codes": codes})


def test_a_code_is_within_all_codes_above_it():
    place = tree()
    assert [place.wider(code["id"]) for code in TREE] == [(), ("home",), ("home", "visits"), ("home",), ()]
    assert place.wider("nowhere") == ()
    assert place.narrowest({"home", "weekly", "meals", "school"}) == {"weekly", "meals", "school"}


@pytest.mark.parametrize(
    ("at", "changed"),
    [
        (1, {"within": "gone"}),
        (0, {"within": "home"}),
        (0, {"within": "visits"}),
        (3, {"within": "school"}),
        (4, {"within": "weakly"}),
    ],
)
def test_a_code_stands_below_the_one_that_it_is_within(at, changed):
    with pytest.raises(ValueError, match=f"code {TREE[at]['id']} is within {changed['within']}: list it below"):
        tree((at, changed))


def test_a_code_does_not_come_after_another_branch():
    with pytest.raises(ValueError, match="code meals is within visits: list it below visits and what else is within that"):
        tree((2, {"within": None}), (3, {"within": "visits"}))


def test_what_is_within_a_kind_of_study_is_of_that_kind():
    codes = [
        {"id": "trial", "label": "Trial", "kind": "primary"},
        {"id": "pooled", "label": "P", "kind": "review", "within": "trial"},
    ]
    with pytest.raises(ValueError, match="code pooled is within trial, and so of the same kind"):
        Dimension.model_validate({"id": "kind", "label": "Kind", "role": "kind", "codes": codes})


def test_an_absent_folder_says_how_to_make_one(folder):
    shutil.rmtree(folder)
    with pytest.raises(ConfigurationError, match="evimap init"):
        load(folder)
