"""Exact intervals from the binomial distribution."""

import math
from typing import Callable


def at_least(k: int, n: int, p: float) -> float:
    """P(Bin(n, p) ≥ k), which is the incomplete beta function I_p(k, n−k+1) (DLMF 8.17.5), by its terms.

    They are added from k on outwards, away from the mean: there each is smaller than the last.
    """
    if k <= 0:
        return 1.0
    if k > n or p <= 0:
        return 0.0
    if p >= 1:
        return 1.0
    odds = p / (1 - p)
    if k > n * p:
        return _tail(k, n, p, lambda j: (n - j) / (j + 1) * odds, 1, n)
    return 1 - _tail(k - 1, n, p, lambda j: j / (n - j + 1) / odds, -1, 0)


def _tail(first: int, n: int, p: float, ratio: Callable[[int], float], step: int, last: int) -> float:
    """The probability of `first`, and of all beyond it up to `last`; `ratio`: of a term to the one before."""
    choices = math.lgamma(n + 1) - math.lgamma(first + 1) - math.lgamma(n - first + 1)
    term = math.exp(choices + first * math.log(p) + (n - first) * math.log1p(-p))
    total = term
    while first != last and term > total * 1e-18:
        term *= ratio(first)
        first += step
        total += term
    return total


def clopper_pearson(k: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a rate: the p at which k or more, and k or fewer, have 2.5 %."""
    low = 0.0 if k == 0 else _crossing(lambda p: at_least(k, n, p) < 0.025)
    high = 1.0 if k == n else _crossing(lambda p: at_least(k + 1, n, p) < 0.975)
    return low, high


def _crossing(is_below: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def quantile_ranks(quantile: float, n: int) -> tuple[int | None, int | None]:
    """Between which ranks of n values the quantile lies with 95 %; None: there is no such end."""
    low = _last(n, lambda rank: at_least(rank, n, quantile) >= 0.975)
    high = _last(n, lambda rank: at_least(rank, n, quantile) > 0.025) + 1
    return low or None, high if high <= n else None


def _last(n: int, holds: Callable[[int], bool]) -> int:
    """The last rank of 1…n for which it holds, 0 if there is none; it holds for all before."""
    low, high = 0, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
