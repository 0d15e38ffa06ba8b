"""What the run was meant to do: the column `plan` of `runs`. Its times are on the scenario clock."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

SECOND = 1_000_000_000


def nearest(value: float) -> int:
    """Halves away from zero, as in C's round()."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


@dataclass(frozen=True)
class Bound:
    """What a value must satisfy: `{"below": {"_0": 100000000}}`."""

    kind: str
    limits: tuple[float, ...]

    @staticmethod
    def of(encoded: dict[str, dict[str, float]]) -> "Bound":
        [(kind, limits)] = encoded.items()
        return Bound(kind, tuple(limits[name] for name in sorted(limits)))

    @property
    def upper(self) -> float | None:
        """The largest value that may be met, if there is one."""
        return None if self.kind in ("above", "atLeast") else self.limits[-1]

    def holds(self, value: float) -> bool:
        limit = self.limits[0]
        return {
            "below": value < limit, "atMost": value <= limit, "equal": value == limit,
            "above": value > limit, "atLeast": value >= limit, "between": limit <= value <= self.limits[-1],
        }[self.kind]

    def answer(self, low: float, high: float) -> str:
        """Kept if every value from low to high meets it, broken if none does."""
        if self.holds(low) and self.holds(high):
            return "kept"
        if self.kind in ("below", "atMost"):
            return "unknown" if self.holds(low) else "broken"
        if self.kind in ("above", "atLeast"):
            return "unknown" if self.holds(high) else "broken"
        return "broken" if high < self.limits[0] or self.limits[-1] < low else "unknown"


class Expectation:
    def __init__(self, encoded: dict[str, Any]) -> None:
        self.text: str = encoded["text"]
        self.promise: str | None = encoded.get("promise")
        [(self.check, self.arguments)] = encoded["check"].items()
        [(self.window, about)] = encoded["window"].items()
        # The fault whose `during` or `after` it is.
        self.fault: str | None = about.get("fault")
        bounds = {"latency": "_1", "hop": "_2", "tasks": "_2", "reversals": "_1"}
        bounded = ("errorRate", "throughput", "recovery", "lostWrites")
        place = "_0" if self.check in bounded else bounds.get(self.check)
        self.bound = Bound.of(self.arguments[place]) if place else None

    @property
    def limit(self) -> Bound:
        """For a check that has one."""
        assert self.bound is not None, self.text
        return self.bound

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expectation) and vars(self) == vars(other)


class Plan:
    def __init__(self, encoded: dict[str, Any]) -> None:
        self.name: str = encoded["name"]
        self.speed: float = encoded["speed"]
        self.routes: list[str] = [request["route"] for request in encoded["requests"]]
        self.longest_deadline: int = max((request["deadline"] for request in encoded["requests"]), default=0)
        self.faults: list[dict[str, Any]] = encoded["faults"]
        self.expectations = [Expectation(expectation) for expectation in encoded["expectations"]]
        system = encoded.get("system") or {}
        self.services: list[dict[str, Any]] = system.get("services", [])
        self.hops: list[dict[str, Any]] = system.get("hops", [])
        self.promises: dict[str, dict[str, Any]] = {p["name"]: p for p in system.get("promises", [])}
        self.window: int = encoded["windows"]["window"]
        self.hold: int = encoded["windows"]["hold"]
        (stream,) = encoded["streams"]  # of a plan with several, nothing is recomputed
        load: dict[str, Any] = stream["load"]
        # None: users or a replay.
        self.phases: list[dict[str, Any]] | None = load.get("open", {}).get("_0")
        # When each request of a replay came, in microseconds; None: it is another load.
        replay = load.get("replay", {}).get("_0")
        self.replayed: list[int] | None = list(accumulate(replay["gaps"])) if replay else None

    @property
    def has_schedule(self) -> bool:
        """Not the closed model."""
        return self.phases is not None or self.replayed is not None

    def real(self, scenario: float) -> int:
        return nearest(scenario / self.speed)

    def scenario(self, real: float) -> int:
        return nearest(real * self.speed)

    @property
    def measured_from(self) -> int:
        """Where the warm-up ends, in real time."""
        warm = 0
        for phase in self.phases or []:
            if phase["kind"] != "warm up":
                break
            warm += phase["duration"]
        return self.real(warm)

    def known_broken(self, expectation: Expectation) -> str | None:
        reason: str | None = self.promises.get(expectation.promise or "", {}).get("knownBroken")
        return reason

    def due_before(self, time: float) -> int:
        """How many requests the schedule has before a moment of real time: the rate's integral up to it, or those recorded."""
        if self.replayed is not None:
            return bisect_left(self.replayed, time, key=lambda offset: self.real(offset * 1_000))
        due = Fraction(0)
        begin = Fraction(0)
        for phase in self.phases or []:
            length = Fraction(phase["duration"], SECOND) / Fraction(self.speed)
            rates = Fraction(phase["startRate"]), Fraction(phase["endRate"])
            passed = min(max(Fraction(time) / SECOND - begin, Fraction(0)), length)
            if length:
                due += rates[0] * passed + (rates[1] - rates[0]) * passed * passed / (2 * length)
            begin += length
        # Request k is due when the integral reaches k; 99.999… is 100.
        return math.ceil(due - Fraction(1, 1_000_000))
