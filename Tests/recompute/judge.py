"""The answer to each expectation, and to the run: docs/method.md, "What takes certainty away"."""

from dataclasses import dataclass

import wording
from checks import hop_place, hop_seconds, measure
from generator import Generator, generator, tightest_bound
from histogram import Histogram
from measurement import Measurement, worst
from plan import Expectation
from recording import Recording, Second
from windows import Windows


@dataclass
class Finding:
    expectation: Expectation
    answer: str
    measured: str
    reason: str


class Judge:
    def __init__(self, recording: Recording) -> None:
        self.recording, self.plan = recording, recording.plan
        self.windows = Windows(recording)
        self.measured = self.windows.of("measured") or []
        self.generator = generator(self.windows, self.measured)
        self.tightest = tightest_bound(self.windows)
        unsteady = [e for e in self.plan.expectations if self._stopped_before_fault and self._is_unsteady(e)]
        self.findings = [self._find(e, e in unsteady) for e in self.plan.expectations]
        notes = self._notes()
        self.answer = worst([finding.answer for finding in self.findings] + [answer for answer, _ in notes])
        self.notes = self._surprises() + [note for _, note in notes]
        if not self.findings:
            self.notes.append("nothing is expected, so nothing can be broken")

    def _find(self, expectation: Expectation, unsteady: bool) -> Finding:
        found = measure(expectation, self.windows)
        answer, reason = found.answer, found.reason
        if unsteady:
            answer = "broken"
            reason = "steady state was not met before the first fault, which was therefore not injected"
        elif doubt := self._doubtful_fault(expectation, found) or self._doubt(expectation, found):
            answer, reason = "unknown", f"{doubt}; {reason}" if reason else doubt
        promise = self.plan.promises.get(expectation.promise or "", {})
        if "knownBroken" in promise and answer == "broken":
            answer, reason = "known broken", f"known broken: {promise['knownBroken']}"
        elif promise.get("byConstruction") and answer == "kept" and self._is_lab:
            reason = "by construction: the lab's own settings decide it, only AWS can tell"
        return Finding(expectation, answer, found.measured, reason)

    @property
    def _is_lab(self) -> bool:
        return self.recording.environment["platform"] == "lab"

    def _doubtful_fault(self, expectation: Expectation, found: Measurement) -> str | None:
        """A check about a fault says nothing unless the fault is known to have struck."""
        names = [expectation.fault] if expectation.fault else []
        if not names and expectation.check in ("lostWrites", "recovery"):
            names = [fault["name"] for fault in self.plan.faults]
        # A loss that was found is evidence, whatever caused it.
        if expectation.check == "lostWrites" and found.answer == "broken":
            return None
        for name in names:
            fault = self.windows.fault(name)
            if fault is None:
                return f"\"{name}\" was not injected"
            if fault["state"] in ("planned", "skipped"):
                problem = f": {fault['problem']}" if fault["problem"] is not None else ""
                return f"\"{name}\" was not injected{problem}"
            if fault["effect_ns"] is None:
                return f"the effect of \"{name}\" was not proved"
        return None

    def _doubt(self, expectation: Expectation, found: Measurement) -> str | None:
        seconds = self.windows.asked(expectation) or []
        health = generator(self.windows, seconds)
        if expectation.check == "probe":
            return None
        if found.answer == "kept":
            complete = self.recording.ending == "completed"
            return health.shortfall or (None if complete else "the run did not end as planned")
        if found.answer != "broken":
            return None
        match expectation.check:
            case "latency" if expectation.limit.upper is not None:
                untouched = health.untouched(expectation.arguments["percentile"], seconds)
                explains = health.explains(found.low, untouched, expectation.limit, self.tightest)
                return health.suspicion(self.tightest) if explains else None
            case "hop":
                return self._starvation(expectation, seconds, health)
            case "recovery" if any(aftermath.slow for aftermath in self.windows.aftermaths):
                return health.suspicion(self.tightest)
            case "errorRate" if health.explains_errors(seconds, expectation.limit):
                return health.suspicion(None)
            case "throughput":
                return health.shortfall or health.suspicion(None)
        return None

    def _starvation(self, expectation: Expectation, seconds: list[Second], health: Generator) -> str | None:
        """In the lab the system's threads were woken as late as the generator's."""
        told = self._told(expectation, seconds)
        if not self._is_lab or health.lateness is None or not told.total:
            return None
        value = told.percentile(expectation.arguments["percentile"])
        if expectation.limit.holds(value) or not expectation.limit.holds(value - health.lateness):
            return None
        return ("the lab's machine was busy: it woke the generator's own threads late, p99 "
                f"{wording.duration(health.lateness)}, which can explain the miss")

    def _told(self, expectation: Expectation, seconds: list[Second]) -> Histogram:
        place = hop_place(expectation, self.windows)
        told = [] if place is None else hop_seconds(place, seconds, self.windows)
        return Histogram.sum(second.latency for second in told)

    @property
    def _stopped_before_fault(self) -> bool:
        skipped = any(fault["state"] == "skipped" for fault in self.recording.faults)
        return self.recording.ending == "stopped" and not self.windows.aftermaths and skipped

    def _is_unsteady(self, expectation: Expectation) -> bool:
        """Broken by its point value in the calm."""
        seconds = self.windows.of("calm") or []
        counted, bad = sum(s.counted for s in seconds), sum(s.bad for s in seconds)
        if expectation.window != "calm" or not counted or self.plan.known_broken(expectation) is not None:
            return False
        match expectation.check:
            case "latency":
                values = Histogram.sum(second.latency for second in seconds)
                value = values.percentile(expectation.arguments["percentile"], bad)
                health = generator(self.windows, seconds)
                untouched = health.untouched(expectation.arguments["percentile"], seconds)
                ours = health.explains(value, untouched, expectation.limit, self.tightest)
                return not ours and not expectation.limit.holds(value)
            case "errorRate":
                ours = generator(self.windows, seconds).explains_errors(seconds, expectation.limit)
                return not ours and not expectation.limit.holds(bad / counted)
            case "tasks":
                return measure(expectation, self.windows).answer == "broken"
            case "hop":
                told = self._told(expectation, seconds)
                health = generator(self.windows, seconds)
                if not told.total or self._starvation(expectation, seconds, health):
                    return False
                value = told.percentile(expectation.arguments["percentile"])
                resolution = self.plan.hops[hop_place(expectation, self.windows) or 0]["resolution"]
                return expectation.limit.answer(max(0, value - resolution), value + resolution) == "broken"
        return False

    def _surprises(self) -> list[str]:
        """Promises that are said to be known broken, and were kept in all that was asked of them."""
        notes = []
        for name, promise in self.plan.promises.items():
            asked = [f.answer for f in self.findings if f.expectation.promise == name]
            if "knownBroken" in promise and asked and set(asked) == {"kept"}:
                notes.append(f"a surprise: \"{name}\" was kept, and the system file calls it known broken: "
                             + promise["knownBroken"])
        return notes

    def _notes(self) -> list[tuple[str, str]]:
        """What decides over the run as a whole, whatever its checks say."""
        notes = []
        ending = self.recording.ending
        off = self.recording.rows("""
            SELECT second FROM load_seconds
            WHERE run = :run AND (planned <> sent + dropped OR sent <> ok + failed + unfinished)
            ORDER BY second LIMIT 1
            """)
        for row in off:
            bug = f"second {row['second']} does not add up: a bug in loadchaos, please report it"
            notes.append(("unknown", bug))
        for fault in self.recording.faults:
            name, problem = fault["name"], fault["problem"]
            match fault["state"]:
                case "not-healed":
                    why = "no reason was given" if problem is None else problem
                    notes.append(("not healed", f"{name} could not be healed: {why}"))
                case "journaled" | "injected" | "reverted":
                    left = f"{name} was never seen healed; `loadchaos recover` undoes what is left"
                    notes.append(("unknown" if ending == "open" else "not healed", left))
                case "planned" if ending == "completed":
                    notes.append(("unknown", f"{name} was never injected"))
                case "skipped":
                    why = "skipped" if problem is None else problem
                    notes.append(("unknown", f"{name} was not injected: {why}"))
        problem = self.recording.run["problem"]
        ends = {
            "open": ("unknown", "the run has no recorded end: it goes on, or was killed", False),
            "interrupted": ("unknown", "the run was interrupted", True),
            "stopped": ("broken", "the run was stopped early", True),
            "unreachable": ("unknown", "the target could not be reached", True),
            "failed": ("unknown", "loadchaos itself failed", True),
        }
        if ending in ends:
            answer, words, has_reason = ends[ending]
            notes.append((answer, words + (f": {problem}" if has_reason and problem is not None else "")))
        return notes
