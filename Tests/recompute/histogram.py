"""Durations in log-linear buckets, as docs/method.md has them under "Percentiles"."""

import math
from bisect import bisect_left
from collections import Counter
from fractions import Fraction
from itertools import accumulate
from typing import Iterable, Iterator

# Whole nanoseconds, or this.
INFINITE = float("inf")


def middle(bucket: int) -> int:
    """256 buckets of one nanosecond, then 128 in each octave."""
    if bucket < 256:
        return bucket
    octave, step = divmod(bucket - 256, 128)
    width = 2 ** (octave + 1)
    return (128 + step) * width + width // 2


def nearest_rank(percentile: float, count: int) -> int:
    """⌈p·n⌉, exactly."""
    return max(1, int(math.ceil(Fraction(str(percentile)) * count / 100)))


class Histogram:
    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.minimum: float = INFINITE
        self.maximum: float = -INFINITE

    @property
    def total(self) -> int:
        return self.counts.total()

    def add(self, other: "Histogram") -> None:
        self.counts.update(other.counts)
        self.minimum = min(self.minimum, other.minimum)
        self.maximum = max(self.maximum, other.maximum)

    @staticmethod
    def sum(histograms: Iterable["Histogram"]) -> "Histogram":
        total = Histogram()
        for histogram in histograms:
            total.add(histogram)
        return total

    @staticmethod
    def read(blob: bytes) -> "Histogram":
        """The stored blob: version 1, then LEB128 numbers."""
        if blob[:1] != b"\x01":
            raise ValueError(f"a histogram of version {blob[:1]!r}")
        numbers = list(_numbers(blob[1:]))
        histogram = Histogram()
        if numbers:
            histogram.minimum, histogram.maximum = numbers[0], numbers[1]
            buckets = accumulate(numbers[3::2], initial=-1)
            next(buckets)
            histogram.counts.update(dict(zip(buckets, numbers[4::2], strict=True)))
        return histogram

    def rank(self, rank: int) -> float:
        """The value of that rank, 1 being the least; ranks beyond the last are infinite."""
        buckets = sorted(self.counts)
        reached = list(accumulate(self.counts[bucket] for bucket in buckets))
        place = bisect_left(reached, rank)
        if place == len(buckets):
            return INFINITE
        return self.maximum if rank == reached[-1] else self._value(buckets[place])

    def values(self) -> Iterator[tuple[float, int]]:
        """Ascending, each with its count."""
        for bucket in sorted(self.counts):
            yield self._value(bucket), self.counts[bucket]

    def _value(self, bucket: int) -> float:
        return min(max(middle(bucket), self.minimum), self.maximum)

    def percentile(self, percentile: float, infinite: int = 0) -> float:
        """Nearest rank, with that many requests more that never got a good answer."""
        return self.rank(nearest_rank(percentile, self.total + infinite))


def _numbers(data: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield value
            value = shift = 0
    if shift:
        raise ValueError("a histogram that ends within a number")
