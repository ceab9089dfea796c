import re

import pytest

from flows.start import start
from warehouse.review import load
from warehouse.yaml import ConfigurationError


@pytest.fixture
def folder(tmp_path):
    start(tmp_path / "review")
    return tmp_path / "review"


def uncommented(text):
    return re.sub(r"(?m)^#  ", "  ", text).replace(": []\n", ":\n")


@pytest.mark.parametrize("name", ["consultation.yaml", "next_steps.yaml"])
def test_what_the_template_shows_is_right_once_it_is_no_comment(folder, name):
    path = folder / name
    path.write_text(uncommented(path.read_text()))
    review = load(folder)
    assert len(review.consultations.consultations) + len(review.next_steps.next_steps) == 1


def test_neither_file_has_to_be_there(folder):
    (folder / "consultation.yaml").unlink()
    (folder / "next_steps.yaml").unlink()
    assert load(folder).consultations.consultations == ()


ASKED = "consultations:\n  - id: one\n    people: [a1]\n    asked_on: 2026-05-04\n    how: by letter\n    question: What?\n"
SAID = ASKED + "    public_words: x\n"
PLANNED = "next_steps:\n  - id: one\n    themes: [first]\n    kind: project\n    title: A project\n"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("consultation.yaml", ASKED + "    themes: [frist]\n", r"consultations\.0: no theme 'frist' .*are first, second"),
        ("consultation.yaml", ASKED.replace("a1", "ann"), r"consultations\.0: 'ann' is not in protocol.people"),
        ("consultation.yaml", ASKED.replace("[a1]", "[]"), r"consultation\.yaml: line 3: consultations\.0\.people"),
        ("consultation.yaml", ASKED + "    wrods: x\n", r"consultation\.yaml: line 7: consultations\.0\.wrods"),
        ("consultation.yaml", SAID + "    consent: {by: [r1], given_on: 2026-06-01}\n", r"line 2: .*consent of r1, who are"),
        ("consultation.yaml", SAID + "    consent: {by: [a1], given_on: 2026-05-01}\n", r"line 2: .*before the people were"),
        ("consultation.yaml", ASKED + "    consent: {by: [a1], given_on: 2026-06-01}\n", r"consent to publish words, and"),
        ("consultation.yaml", ASKED + ASKED.removeprefix("consultations:\n"), r"consultation one given more than once"),
        ("next_steps.yaml", PLANNED.replace("first", "frist"), r"next_steps\.0: no theme 'frist' in codebook.yaml"),
        ("next_steps.yaml", PLANNED.replace("project", "dream", 1), r"line 4: next_steps\.0\.kind: .*'synthesis' or"),
        ("next_steps.yaml", PLANNED + "    url: javascript:alert(1)\n", r"next_steps\.yaml: line 2: .*is no web address"),
        ("next_steps.yaml", PLANNED + PLANNED.removeprefix("next_steps:\n"), r"next step one given more than once"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_file_line_and_key(folder, name, text, message):
    (folder / name).write_text(text)
    with pytest.raises(ConfigurationError, match=message):
        load(folder)
