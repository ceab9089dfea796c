"""A plain model of which titles and abstracts are let pass: TF-IDF of their words and logistic regression, each explained.

The problem that it solves has one optimum, and is solved on one thread to more digits than a score is told with. On
prioritised screening see O'Mara-Eves et al., Systematic Reviews 2015;4:5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

LIBRARY = "scikit-learn"
DIGITS = 4  # of scores and weights
MOVERS = 5  # words that a score is explained by
STRONGEST = 50  # words for inclusion, and against it, that the model is told by


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt, and the papers scored by it: the score of each, the words that moved it most and what they added."""

    scores: Sequence[float]
    terms: Sequence[Sequence[str]]
    weights: Sequence[tuple[str, float]]
    words: int
    intercept: float
    library: str


def installed() -> bool:
    """Whether the library is there; does not load it."""
    return find_spec("sklearn") is not None


def learn(texts: Sequence[str], included: Sequence[bool | None], seed: int) -> Model | str:
    """The model of the decisions in ``included``, and the papers without one (None) scored by it, in their order.

    Where nothing can be learnt, the reason in words. The order of the texts matters to nothing but ties of the last digit.
    """
    for decision, said in ((True, "no paper has passed title and abstract yet"), (False, "no paper was left out yet")):
        if decision not in included:
            return said
    from sklearn.feature_extraction.text import TfidfVectorizer  # loaded here: it takes a second
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(strip_accents="unicode", min_df=2, sublinear_tf=True)
    try:
        matrix = vectorizer.fit_transform(texts)
    except ValueError:
        return "no two papers have a word in common"
    decided = [place for place, one in enumerate(included) if one is not None]
    # relevant papers are few, and missing one costs more than reading one too many: both sides weigh the same; the dual problem
    # is the smaller one, as there are more words than decisions
    regression = LogisticRegression(
        solver="liblinear", dual=True, class_weight="balanced", tol=1e-7, max_iter=100_000, random_state=seed
    )
    regression.fit(matrix[decided], [included[place] for place in decided])
    weights, intercept = regression.coef_[0], float(regression.intercept_[0])
    open_ones = matrix[[place for place, one in enumerate(included) if one is None]]
    names = vectorizer.get_feature_names_out()
    return Model(
        scores=[round(float(one), DIGITS) for one in open_ones @ weights + intercept],
        terms=list(_explained(open_ones, weights, names)),
        weights=_strongest(weights, names),
        words=len(names),
        intercept=round(intercept, DIGITS),
        library=f"{LIBRARY} {version(LIBRARY)}",
    )


def _explained(matrix: Any, weights: Any, names: Any) -> Iterator[list[str]]:
    """Of each row the words that added most to its score, or took most from it."""
    import numpy as np

    added = np.round(matrix.data * weights[matrix.indices], DIGITS)
    for start, end in pairwise(matrix.indptr.tolist()):
        its, words = added[start:end], matrix.indices[start:end]
        most = np.lexsort((words, -np.abs(its)))[:MOVERS]
        yield [f"{names[words[place]]} {its[place]:+.2f}" for place in most if its[place]]


def _strongest(weights: Any, names: Any) -> list[tuple[str, float]]:
    rounded = [(str(name), round(float(weight), DIGITS)) for name, weight in zip(names, weights, strict=True)]
    for_it = sorted((one for one in rounded if one[1] > 0), key=lambda one: (-one[1], one[0]))
    against = sorted((one for one in rounded if one[1] < 0), key=lambda one: (one[1], one[0]))
    return for_it[:STRONGEST] + against[:STRONGEST]
