"""How the generator itself did, and what that makes doubtful: docs/method.md, "What takes certainty away"."""

from dataclasses import dataclass
from math import ceil

import wording
from binomial import clopper_pearson
from histogram import INFINITE, Histogram, nearest_rank
from plan import SECOND, Bound, nearest
from recording import Second
from windows import Windows


@dataclass
class Generator:
    # None: nothing is recorded.
    lateness: float | None
    cpu: float | None
    wait: float | None
    planned: int
    offered: int

    @property
    def share(self) -> float:
        return self.offered / self.planned if self.planned else 1.0

    def suspicion(self, tightest: float | None) -> str | None:
        late = self.lateness
        if late is not None and tightest is not None and late > nearest(tightest * 0.1):
            return (f"the generator was late: p99 of lateness {wording.duration(late)}, over 10% of the "
                    f"tightest latency bound {wording.span(int(tightest))}")
        if (self.cpu or 0) > 0.9:
            return ("the generator was the bottleneck: its busiest worker used "
                    f"{wording.percent(self.cpu or 0)} of a core, over 90%")
        if (self.wait or 0) > 0.05:
            return ("the generator was starved: a worker was ready to run and had no core for "
                    f"{wording.percent(self.wait or 0)} of the time, over 5%")
        return None

    def explains(self, latency: float, untouched: float, bound: Bound, tightest: float | None) -> bool:
        """Lateness adds no more than itself; a starved worker is late by nobody knows how much, while it waits."""
        if self.suspicion(tightest) is None:
            return False
        if (self.cpu or 0) > 0.9:
            return True
        least = untouched if (self.wait or 0) > 0.05 else latency
        return least != INFINITE and bound.holds(least - (self.lateness or 0))

    def explains_errors(self, seconds: list[Second], bound: Bound) -> bool:
        """A busy worker may have made any request overdue, a starved one as many as it can have touched."""
        counted, bad = sum(s.counted for s in seconds), sum(s.bad for s in seconds)
        overdue = sum(s.overdue for s in seconds)
        if (self.cpu or 0) > 0.9:
            ours = overdue
        elif (self.wait or 0) > 0.05:
            ours = min(overdue, ceil(2 * (self.wait or 0) * counted))
        else:
            return False
        return bound.answer(*clopper_pearson(bad - ours, counted)) != "broken"

    def untouched(self, percentile: float, seconds: list[Second]) -> float:
        """The percentile if the slowest requests were those sent or read by a worker that waited for a core."""
        rest = percentile - 2 * (self.wait or 0) * 100
        values = Histogram.sum(second.latency for second in seconds)
        bad = sum(second.bad for second in seconds)
        return values.percentile(rest, bad) if rest > 0 and values.total + bad else 0

    @property
    def shortfall(self) -> str | None:
        if self.share >= 0.99:
            return None
        missing = wording.count(self.planned - min(self.offered, self.planned))
        return (f"the generator offered {wording.percent(self.share)} of the planned requests, under 99%: "
                f"{missing} of {wording.count(self.planned)} are missing for reasons of its own")


def generator(windows: Windows, seconds: list[Second]) -> Generator:
    wanted = {second.second for second in seconds}
    rows = windows.recording.rows("SELECT * FROM generator_seconds WHERE run = :run")
    found = [row for row in rows if row["second"] in wanted]
    lateness = Histogram.sum(Histogram.read(row["lateness_counts"]) for row in found)
    planned = max(_scheduled(windows, seconds), sum(second.planned for second in seconds))
    return Generator(
        lateness.percentile(99) if lateness.total else None,
        _worst([row["cpu_fraction"] for row in found]), _worst([row["wait_fraction"] for row in found]),
        planned, sum(second.counted for second in seconds))


def _worst(values: list[float]) -> float | None:
    """The 95th percentile of the seconds."""
    return sorted(values)[nearest_rank(95, len(values)) - 1] if values else None


def _scheduled(windows: Windows, seconds: list[Second]) -> int:
    """What an open load's schedule has in these seconds."""
    plan = windows.plan
    if not plan.has_schedule:
        return 0
    # A run that was cut leaves requests behind that waited, a deadline at most, for an answer to free a slot.
    completed = windows.recording.ending == "completed"
    waited = INFINITE if completed else windows.end - plan.longest_deadline
    total = 0
    for second in seconds:
        begin = second.second * SECOND
        if begin >= waited:
            total += second.planned
        else:
            finish = min(begin + SECOND, max(windows.end, begin))
            total += plan.due_before(finish) - plan.due_before(begin)
    return total


def tightest_bound(windows: Windows) -> float | None:
    """The smallest latency that an expectation asks for."""
    bounds = [e.bound.upper for e in windows.plan.expectations if e.check == "latency" and e.bound]
    return min((bound for bound in bounds if bound is not None), default=None)
