"""How surely screening by rank has found a share of the relevant papers: a hypergeometric test. It decides nothing.

Callaghan and Müller-Hansen, "Statistical stopping criteria for automated screening in systematic reviews", Systematic Reviews
2020;9:273 (doi 10.1186/s13643-020-01521-4), on papers screened by rank: what was screened last is taken as a sample, drawn
without replacement, of all that was open before it. Had less than the target been found, at least so and so many relevant
papers would have been among these; p is how likely the sample then has as few of them as it has. As the sample is the likelier
part of what was open, the test errs towards doubt; where a ranking is worse than chance, it does not, nor need it where papers
came since that are likelier than those.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

DOUBT = 0.05
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Recall:
    """p of the target, and the highest share, in hundredths, of which p is below `DOUBT`; or why there is none."""

    p: float | None = None
    at_least: float | None = None
    undefined: str | None = None


def recall(order: Sequence[bool], before: int, papers: int, target: float) -> Recall:
    """What the decisions on papers that were sent by rank, in that ``order``, say of recall.

    ``before`` relevant ones were found otherwise; ``papers`` are those in ``order`` and those that are still open.
    """
    if not order:
        return Recall(undefined="no paper that was sent by rank is decided, with all that was sent before it")
    if not before + sum(order):
        return Recall(undefined="no paper has passed title and abstract yet")
    shares = [Fraction(share, 100) for share in range(1, 100)]
    sure = bisect_left(shares, DOUBT, key=lambda share: doubt(order, before, papers, share))
    return Recall(
        p=round(doubt(order, before, papers, Fraction(str(target))), DIGITS),
        at_least=float(shares[sure - 1]) if sure else None,
    )


def doubt(order: Sequence[bool], before: int, papers: int, target: Fraction) -> float:
    """p against the hypothesis that fewer than ``target`` of the relevant papers were found: the least of all samples.

    Samples that begin just after a relevant paper, and the whole, are enough: of those with as many relevant ones the longest
    has the least p. It grows with the target.
    """
    import numpy as np  # loaded here, as what comes with scikit-learn is wanted where a protocol asks for it alone
    from scipy.stats import hypergeom

    relevant = np.array(order, dtype=np.int64)
    earlier = np.cumsum(relevant) - relevant
    start = np.flatnonzero(np.concatenate([[1], relevant[:-1]]))
    drawn = relevant.sum() - earlier[start]
    fewest = (before + int(relevant.sum())) / target // 1 + 1  # relevant papers that there are, if the target is missed
    wanted, urn = int(fewest) - before - earlier[start], papers - start
    p = hypergeom.cdf(drawn, urn, np.minimum(wanted, urn), len(order) - start)
    return float(np.where(wanted > urn, 0.0, p).min())
