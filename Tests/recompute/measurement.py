"""What one check found, before the rules about faults, generator and ending are applied."""

from dataclasses import dataclass, replace
from typing import Iterable

from histogram import INFINITE
from plan import Bound

# The worst comes last.
ORDER = ("kept", "known broken", "unknown", "broken", "not healed")
POINT_MEETS = "the value meets the bound, but its interval does not: too little data to be sure"
POINT_MISSES = "the value misses the bound, but its interval reaches it: too little data to be sure"


@dataclass
class Measurement:
    # kept, unknown or broken.
    answer: str
    measured: str = "nothing"
    reason: str = ""
    # The near end of a latency's interval.
    low: float = INFINITE


def unknown(reason: str, measured: str = "nothing") -> Measurement:
    return Measurement("unknown", measured, reason)


def decided(measured: str, bound: Bound, value: float, low: float, high: float) -> Measurement:
    """By an interval: kept if every value of it meets the bound, broken if none does."""
    answer = bound.answer(low, high)
    reason = {
        "kept": "", "broken": "the whole interval misses the bound",
        "unknown": POINT_MEETS if bound.holds(value) else POINT_MISSES,
    }[answer]
    return Measurement(answer, measured, reason, low)


def worst(answers: Iterable[str]) -> str:
    return max(answers, key=ORDER.index, default="kept")


def all_of(found: list[Measurement], between: str) -> Measurement:
    """The first of the worst, with what was measured of each."""
    measured = between.join(measurement.measured for measurement in found)
    first = max(found, key=lambda measurement: ORDER.index(measurement.answer))
    return replace(first, measured=measured)
