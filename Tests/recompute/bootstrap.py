"""The block bootstrap of docs/method.md; its draws come from the run's seed by SplitMix64."""

from bisect import bisect_left
from itertools import accumulate
from typing import Callable, Iterator

from histogram import INFINITE, middle, nearest_rank
from recording import Second

REPLICATES = 1_000
LEAST_BLOCKS = 5
MASK = 2**64 - 1
GOLDEN = 0x9E37_79B9_7F4A_7C15


def fnv(text: str) -> int:
    """FNV-1a, 64 bit."""
    value = 0xCBF2_9CE4_8422_2325
    for byte in text.encode():
        value = (value ^ byte) * 0x100_0000_01B3 & MASK
    return value


def mix(value: int) -> int:
    value = (value ^ value >> 30) * 0xBF58_476D_1CE4_E5B9 & MASK
    value = (value ^ value >> 27) * 0x94D0_49BB_1331_11EB & MASK
    return value ^ value >> 31


def draws(seed: int, index: int, below: int) -> Iterator[int]:
    """Uniform over 0…below − 1, without end."""
    state = mix(seed) ^ mix(index + GOLDEN & MASK)
    while True:
        state = state + GOLDEN & MASK
        yield mix(state) * below >> 64


class Bootstrap:
    """`label`: the words of the expectation, so that each has draws of its own."""

    def __init__(self, seconds: list[Second], seed: int, label: str) -> None:
        self.seed = seed ^ fnv(label)
        self.blocks = _blocks(seconds, max(1, round(len(seconds) ** (1 / 3))))
        self.buckets = sorted({bucket for second in seconds for bucket in second.latency.counts})

    @property
    def is_enough(self) -> bool:
        return len(self.blocks) >= LEAST_BLOCKS

    def percentile(self, percentile: float) -> tuple[float, float]:
        # For each block, how many of its requests are in this bucket or a lower one.
        reached = []
        for block in self.blocks:
            counts = [sum(second.latency.counts[bucket] for second in block) for bucket in self.buckets]
            reached.append(list(accumulate(counts)) or [0])
        bad = [sum(second.bad for second in block) for block in self.blocks]

        def value(drawn: list[int]) -> float:
            total = sum(reached[block][-1] + bad[block] for block in drawn)
            rank = nearest_rank(percentile, total)
            buckets = range(len(self.buckets))
            place = bisect_left(buckets, rank, key=lambda bucket: sum(reached[b][bucket] for b in drawn))
            return middle(self.buckets[place]) if place < len(self.buckets) else INFINITE

        return self._interval(value)

    def throughput(self) -> tuple[float, float]:
        ok = [sum(second.ok for second in block) for block in self.blocks]

        def rate(drawn: list[int]) -> float:
            return sum(ok[block] for block in drawn) / sum(len(self.blocks[block]) for block in drawn)

        return self._interval(rate)

    def _interval(self, statistic: Callable[[list[int]], float]) -> tuple[float, float]:
        count = len(self.blocks)
        values = []
        for replicate in range(REPLICATES):
            draw = draws(self.seed, replicate, count)
            values.append(statistic([next(draw) for _ in range(count)]))
        values.sort()
        return values[nearest_rank(2.5, REPLICATES) - 1], values[nearest_rank(97.5, REPLICATES) - 1]


def _blocks(seconds: list[Second], length: int) -> list[list[Second]]:
    """Consecutive seconds, `length` at a time; a gap starts a new block."""
    blocks: list[list[Second]] = []
    for second in seconds:
        if blocks and len(blocks[-1]) < length and blocks[-1][-1].second + 1 == second.second:
            blocks[-1].append(second)
        else:
            blocks.append([second])
    return blocks
