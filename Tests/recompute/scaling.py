"""The checks of autoscaling and deployments."""

from dataclasses import dataclass
from typing import Any

import wording
from measurement import Measurement, unknown
from plan import SECOND, Bound, Expectation
from windows import Stretch, Windows


@dataclass
class Change:
    at: int
    before: int
    after: int


class Scaling:
    """The steps of one service in one direction, and those that should have come. Times are real."""

    def __init__(self, asked: dict[str, Any], windows: Windows) -> None:
        self.asked, self.plan = asked, windows.plan
        self.desired = _samples(windows, asked["service"], "desired-tasks", whole=True)
        self.cpu = _samples(windows, asked["service"], "cpu-utilization", whole=True)
        self.measured = (windows.plan.measured_from, max(windows.plan.measured_from, windows.end))
        self.limits = next((s["tasks"] for s in windows.plan.services if s["name"] == asked["service"]), None)
        # How often the platform is looked at: on AWS every five seconds.
        look = SECOND if windows.recording.environment["platform"] == "lab" else 5 * SECOND
        self.resolution = windows.plan.scenario(look)
        pairs = zip(self.desired, self.desired[1:])
        self.changes = [Change(b[0], int(a[1]), int(b[1])) for a, b in pairs if a[1] != b[1]]
        self.beyond = self._beyond()

    def _beyond(self) -> list[tuple[int, int]]:
        """Stretches of minutes in which the CPU was beyond the bound, without a gap."""
        minute, bound = self.plan.real(60 * SECOND), Bound.of(self.asked["cpu"])
        found: list[tuple[int, int]] = []
        is_open = False
        for end, value in self.cpu:
            holds = bound.holds(value / 100)
            if holds and is_open and end - minute - found[-1][1] < self.plan.real(30 * SECOND):
                found[-1] = (found[-1][0], end)
            elif holds:
                found.append((end - minute, end))
            is_open = holds
        return found

    def is_step(self, change: Change) -> bool:
        return (change.after > change.before) == (self.asked["direction"] == "out")

    def is_inside(self, time: float) -> bool:
        return self.measured[0] <= time < self.measured[1]

    def steps(self) -> list[tuple[str, str]]:
        """Each in words, and what is wrong with it."""
        found = []
        for place, change in enumerate(self.changes):
            if not self.is_step(change) or not self.is_inside(change.at):
                continue
            what = f"{change.before} → {change.after}"
            at = f"{what} at {wording.seconds(self.plan.scenario(change.at))}"
            causes = [(begin, end) for begin, end in self.beyond
                      if begin < change.at and change.at - end < self.plan.real(60 * SECOND)]
            if not causes:
                found.append((f"{what} without cause", f"{at} came without the CPU being beyond the bound"))
                continue
            begin = max(causes[-1][0], self.changes[place - 1].at if place else causes[-1][0])
            elapsed = self.plan.scenario(change.at - begin)
            early = elapsed < self.asked["earliest"] - self.resolution
            late = elapsed > self.asked["latest"] + self.resolution
            problem = f"{at} came too {'late' if late else 'early'}" if late or early else ""
            found.append((f"{what} after {wording.seconds(elapsed)}", problem))
        return found

    def missing(self) -> list[str]:
        """Where the CPU stayed beyond the bound for longer than allowed, there was room, and no step came."""
        found = []
        for low, high in self.beyond:
            inside = [change for change in self.changes if low <= change.at < high]
            begins = [low] + [change.at for change in inside]
            ends = [change.at for change in inside] + [min(high, self.measured[1])]
            for begin, end in zip(begins, ends):
                due = begin + self.plan.real(self.asked["latest"] + self.resolution)
                if end <= due or not self.is_inside(due):
                    continue
                if any(change.at == end and self.is_step(change) for change in inside):
                    continue
                counts = [int(value) for at, value in self.desired if at <= due]
                if counts and self.has_room(counts[-1]):
                    stayed = wording.seconds(self.plan.scenario(end - begin))
                    since = wording.seconds(self.plan.scenario(begin))
                    found.append(f"no step from {counts[-1]} in {stayed} from {since} on")
        return found

    def has_room(self, count: int) -> bool:
        if self.limits is None:
            return True
        return count < self.limits[1] if self.asked["direction"] == "out" else count > self.limits[0]


def scaling(expectation: Expectation, windows: Windows) -> Measurement:
    asked = expectation.arguments["_0"]
    search = Scaling(asked, windows)
    if not search.cpu:
        return unknown(f"no CPU of {asked['service']} was observed")
    if not search.desired:
        return unknown(f"no desired count of {asked['service']} was observed")
    steps, missing = search.steps(), search.missing()
    words = [step for step, _ in steps] + missing
    if not words:
        return unknown(f"the CPU gave no occasion to scale {asked['direction']}", "no step")
    problems = [problem for _, problem in steps if problem] + missing
    measured = f"{', '.join(words)} (resolution {wording.seconds(search.resolution)})"
    return Measurement("broken" if problems else "kept", measured, problems[0] if problems else "")


def steps(expectation: Expectation, stretches: list[Stretch], windows: Windows) -> Measurement:
    wanted: list[int] = expectation.arguments["_1"]
    counts = _course(expectation.arguments["service"], stretches, windows)
    if isinstance(counts, Measurement):
        return counts
    measured = f"{expectation.arguments['service']} {', '.join(map(str, counts))}"
    if counts == wanted:
        return Measurement("kept", measured)
    is_short = wanted[:len(counts)] == counts
    return Measurement("broken", measured,
                       "the load ended before the next step came" if is_short else "other steps than these")


def reversals(expectation: Expectation, stretches: list[Stretch], windows: Windows) -> Measurement:
    counts = _course(expectation.arguments["service"], stretches, windows)
    if isinstance(counts, Measurement):
        return counts
    up = [before < after for before, after in zip(counts, counts[1:])]
    turned = sum(before != after for before, after in zip(up, up[1:]))
    course = f"{expectation.arguments['service']} {', '.join(map(str, counts))}"
    return Measurement("kept" if expectation.limit.holds(turned) else "broken",
                       f"{wording.plural(turned, 'reversal')}: {course}")


def _course(service: str, stretches: list[Stretch], windows: Windows) -> list[int] | Measurement:
    """The desired counts one after the other, each other than the last."""
    if not stretches:
        return unknown("this window has no time in it")
    begin, end = stretches[0]
    samples = _samples(windows, service, "desired-tasks")
    counts = [int(value) for at, value in samples if at <= begin][-1:]
    if not counts:
        return unknown(f"{service} was not observed from the beginning of the window on")
    for at, value in samples:
        if begin < at < end and int(value) != counts[-1]:
            counts.append(int(value))
    return counts


def rolled_back(expectation: Expectation, stretches: list[Stretch], windows: Windows) -> Measurement:
    service = expectation.arguments["service"]
    if not stretches:
        return unknown("this window has no time in it")
    begin, end = stretches[0]
    watched = windows.recording.rows(
        "SELECT 1 FROM platform_samples WHERE run = :run AND service = :service AND at_ns < :end LIMIT 1",
        service=service, end=end)
    if not watched:
        return unknown(f"nothing was observed of {service}")
    samples = _samples(windows, service, "rollbacks")
    before = [value for at, value in samples if at <= begin][-1:] or [0]
    for at, value in samples:
        if value > before[0] and begin < at < stretches[-1][1]:
            after = wording.seconds(windows.plan.scenario(at - begin))
            return Measurement("kept", f"{service} was rolled back after {after}")
    return Measurement("broken", f"{service} was not rolled back", "no circuit breaker ended the deployment")


def _samples(windows: Windows, service: str, metric: str, whole: bool = False) -> list[tuple[int, float]]:
    """`whole`: of all zones together."""
    found = windows.recording.rows("""
        SELECT at_ns, value FROM platform_samples
        WHERE run = :run AND service = :service AND metric = :metric AND (zone IS NULL OR NOT :whole)
        ORDER BY at_ns, id
        """, service=service, metric=metric, whole=whole)
    return [(row["at_ns"], row["value"]) for row in found]
