"""What each fault did, and the windows of the load: docs/method.md, "Windows" and "Recovery"."""

import math
import sqlite3
from dataclasses import dataclass, field

from histogram import INFINITE
from plan import SECOND, Bound, Expectation, Plan
from recording import Recording, Second

# Half-open, of real time.
Stretch = tuple[float, float]


def calm_bound(plan: Plan) -> Bound | None:
    """The tightest p95 bound of calm that is not known to be broken."""
    bounds = [
        expectation.bound for expectation in plan.expectations
        if expectation.check == "latency" and expectation.arguments["percentile"] == 95
        and expectation.window == "calm" and plan.known_broken(expectation) is None
        and expectation.bound and expectation.bound.upper is not None
    ]
    return min(bounds, key=lambda bound: bound.upper or 0, default=None)


def start(fault: sqlite3.Row, plan: Plan) -> int | None:
    """When its calls begin: its planned time, or its injection if that was earlier; None: it never struck."""
    if fault["state"] in ("planned", "skipped"):
        return None
    planned = plan.real(plan.faults[fault["fault"]]["at"])
    return planned if fault["injected_ns"] is None else min(planned, fault["injected_ns"])


@dataclass
class Aftermath:
    fault: sqlite3.Row
    # The real seconds that are seen: up to the next fault, or the end.
    first: int
    end: int
    # The next fault, which ends the view.
    next: str | None
    bad: list[int] = field(default_factory=list)
    slow: int = 0
    outcome: str = "not recovered"
    # The first real second of lasting calm.
    recovered: int = 0
    # On the scenario clock.
    time: int | None = None
    at_least: int | None = None
    # From, to (not included), and whether the fault had been reverted before.
    dips: list[tuple[int, int, bool]] = field(default_factory=list)


class Windows:
    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.plan = plan = recording.plan
        self.end: int = recording.end
        self.last = max(math.ceil(self.end / SECOND), 0)
        seen = max(recording.seconds, default=-1) + 1
        self.seconds = [recording.seconds.get(s, Second(s)) for s in range(max(self.last, seen))]
        self.bound = calm_bound(plan)
        # W and H in whole real seconds.
        self.window = max(1, math.ceil(plan.real(plan.window) / SECOND))
        self.hold = math.ceil(plan.real(plan.hold) / SECOND)
        self.aftermaths: list[Aftermath] = []
        self.not_calm: list[Stretch] = []
        self._follow_faults()

    def is_bad(self, second: Second) -> bool:
        return second.bad > 0 or self.is_slow(second)

    def is_slow(self, second: Second) -> bool:
        if second.bad or not second.counted or not self.bound:
            return False
        return not self.bound.holds(second.latency.percentile(95))

    def _follow_faults(self) -> None:
        struck = [(begin, fault) for fault in self.recording.faults
                  if (begin := start(fault, self.plan)) is not None]
        struck.sort(key=lambda entry: entry[0])
        for place, (begin, fault) in enumerate(struck):
            following = struck[place + 1] if place + 1 < len(struck) else None
            first = max(begin // SECOND, 0)
            end = max(first, min(following[0] // SECOND if following else self.last, self.last))
            aftermath = Aftermath(fault, first, end, following[1]["name"] if following else None)
            self._search(aftermath)
            self.aftermaths.append(aftermath)
            over = self._over(aftermath, following[0] if following else None)
            self.not_calm.append((begin - SECOND, max(over, begin)))
        self.aftermaths.sort(key=lambda aftermath: aftermath.fault["fault"])

    def _search(self, found: Aftermath) -> None:
        seen = self.seconds[found.first:found.end]
        found.bad = [second.second for second in seen if self.is_bad(second)]
        found.slow = sum(self.is_slow(second) for second in seen)
        needed = self.window + self.hold
        if not found.bad:
            unharmed = found.end - found.first >= needed and any(second.ok for second in seen)
            found.outcome = "unharmed" if unharmed else "cut short"
            found.time = 0 if unharmed else None
            return
        for place, second in enumerate(found.bad):
            calm = second + 1
            until = found.bad[place + 1] if place + 1 < len(found.bad) else found.end
            answered = any(self.seconds[s].ok for s in range(calm, min(calm + self.window, found.end)))
            if until - calm >= needed and answered:
                found.outcome, found.recovered = "recovered", calm
                found.time = self.plan.scenario((calm - found.bad[0]) * SECOND)
                found.dips = self._dips(found.bad[place + 1:], found.fault["reverted_ns"])
                return
        found.at_least = self.plan.scenario((found.bad[-1] + 1 - found.bad[0]) * SECOND)

    def _dips(self, bad: list[int], reverted: int | None) -> list[tuple[int, int, bool]]:
        """Bad seconds less than W apart are one."""
        dips: list[tuple[int, int, bool]] = []
        for second in bad:
            if dips and second < dips[-1][1] + self.window:
                dips[-1] = (dips[-1][0], second + 1, dips[-1][2])
            else:
                dips.append((second, second + 1, reverted is not None and second >= reverted // SECOND))
        return dips

    def _over(self, found: Aftermath, following: int | None) -> float:
        """max(recovered, healed + H); never, while either is not known and no fault goes on from there."""
        if found.fault["healed_ns"] is None:
            return INFINITE
        settled: float = found.fault["healed_ns"] + self.plan.real(self.plan.hold)
        if found.outcome == "unharmed":
            return settled
        if found.outcome == "recovered":
            return max(settled, found.recovered * SECOND)
        return INFINITE if following is None else max(settled, following)

    def fault(self, name: str | None) -> sqlite3.Row | None:
        return next((fault for fault in self.recording.faults if fault["name"] == name), None)

    def stretches(self, window: str, name: str | None = None) -> list[Stretch] | None:
        """None: the fault it is about never struck."""
        if window in ("during", "after"):
            fault = self.fault(name)
            begin = start(fault, self.plan) if fault else None
            if fault is None or begin is None:
                return None
            if begin >= self.end:
                return []
            if window == "during":
                healed = fault["healed_ns"]
                return [(begin, self.end if healed is None else min(healed, self.end))]
            starts = [start(other, self.plan) for other in self.recording.faults]
            return [(begin, min([s for s in starts if s is not None and s > begin] + [self.end]))]
        measured = self.plan.measured_from
        stretches: list[Stretch] = [(measured, self.end)] if measured < self.end else []
        if window == "calm":
            for hole in self.not_calm:
                stretches = [rest for stretch in stretches for rest in without(stretch, hole)]
        return stretches

    def of(self, window: str, name: str | None = None) -> list[Second] | None:
        """The seconds of a window: of a fault's all that it touches, else those wholly within."""
        stretches = self.stretches(window, name)
        if stretches is None:
            return None

        def belongs(second: Second) -> bool:
            begin = second.second * SECOND
            # The load's own last second may not be whole.
            finish = min(begin + SECOND, max(self.end, begin))
            if window in ("during", "after"):
                return any(low < finish and begin < high for low, high in stretches)
            return any(low <= begin < finish <= high for low, high in stretches)

        return [second for second in self.seconds if belongs(second)]

    def asked(self, expectation: Expectation) -> list[Second] | None:
        return self.of(expectation.window, expectation.fault)

    @property
    def cuts(self) -> list[int]:
        """When each fault's harm began: its first bad second, or its injection if none was bad."""
        return [
            aftermath.bad[0] * SECOND if aftermath.bad
            else aftermath.first * SECOND if aftermath.fault["injected_ns"] is None
            else aftermath.fault["injected_ns"]
            for aftermath in self.aftermaths
        ]


def without(stretch: Stretch, hole: Stretch) -> list[Stretch]:
    if hole[1] <= stretch[0] or stretch[1] <= hole[0] or hole[0] >= hole[1]:
        return [stretch]
    rest = [(stretch[0], hole[0]), (hole[1], stretch[1])]
    return [(low, high) for low, high in rest if low < high]
