"""The checks of recovery, lost writes, probes and tasks."""

from collections import Counter

import wording
from measurement import Measurement, all_of, unknown
from plan import SECOND, Bound, Expectation
from windows import Aftermath, Stretch, Windows


def recovery(expectation: Expectation, windows: Windows) -> Measurement:
    wanted = [
        aftermath for aftermath in windows.aftermaths
        if expectation.fault in (None, aftermath.fault["name"])
    ]
    if not wanted:
        return unknown("no fault was injected, so there is nothing to recover from")
    named = len(wanted) > 1
    return all_of([_recovered(aftermath, expectation.limit, named, windows) for aftermath in wanted], "; ")


def _recovered(aftermath: Aftermath, bound: Bound, named: bool, windows: Windows) -> Measurement:
    """A point value, known to one real second."""
    prefix = f"{aftermath.fault['name']}: " if named else ""
    end = f"\"{aftermath.next}\" came" if aftermath.next else "the load ended"
    needed = wording.seconds(windows.plan.scenario((windows.window + windows.hold) * SECOND))
    resolution = windows.plan.scenario(SECOND)
    told = wording.seconds(resolution)
    if aftermath.outcome == "cut short":
        reason = f"{end} less than {needed} after the injection: too early to say"
        return unknown(reason, f"{prefix}no bad second")
    if aftermath.time is None:
        at_least = aftermath.at_least or 0
        missed = bound.upper is not None and at_least - resolution >= bound.upper
        return Measurement("broken" if missed else "unknown", f"{prefix}over {wording.seconds(at_least)}",
                           f"no {needed} without a bad second followed before {end}")
    measured = f"{prefix}{wording.seconds(aftermath.time)} (resolution {told})"
    if not aftermath.bad:
        measured = f"{prefix}0s: no bad second (resolution {told})"
    if aftermath.dips:
        measured += f", then {wording.plural(len(aftermath.dips), 'more dip')}"
    if bound.upper is not None and bound.upper <= resolution:
        reason = f"the bound is not longer than the resolution: one real second is {told} here"
        return unknown(reason, measured)
    if bound.holds(aftermath.time):
        return Measurement("kept", measured)
    if bound.upper is not None and aftermath.time - resolution < bound.upper <= aftermath.time:
        return unknown("it misses the bound by less than the resolution", measured)
    return Measurement("broken", measured, "it misses the bound")


def lost_writes(expectation: Expectation, windows: Windows) -> Measurement:
    """Jepsen's set checker over HTTP: docs/method.md, "Lost writes"."""
    ledger = windows.recording.rows("SELECT answer, answered_at_ns, read_back FROM ledger WHERE run = :run")
    pairs = Counter((write["answer"], write["read_back"]) for write in ledger)
    acknowledged = [write for write in ledger if write["answer"] == "acknowledged"]
    if not acknowledged:
        return unknown("no tracked write was acknowledged" if ledger else "no write was tracked")
    answered = [write for write in acknowledged if write["answered_at_ns"] is not None]
    survived = max((w["answered_at_ns"] for w in answered if w["read_back"] == "present"), default=0)
    holes = sum(w["read_back"] == "absent" and w["answered_at_ns"] < survived for w in answered)
    at_risk = sum(
        any(cut - 2 * SECOND <= write["answered_at_ns"] < cut for cut in windows.cuts) for write in answered)
    lost, corrupt = pairs["acknowledged", "absent"], pairs["acknowledged", "corrupt"]
    unread = pairs["acknowledged", "not-read"]
    phantom = sum(pairs[answer, found] for answer in ("failed", "dropped")
                  for found in ("present", "corrupt", "duplicate"))
    duplicate = sum(number for (_, found), number in pairs.items() if found == "duplicate")
    reasons = [
        f"{wording.count(lost)} lost" if lost else "",
        f"{wording.count(corrupt)} corrupt" if corrupt else "",
        f"{wording.plural(holes, 'hole')}: lost although a later write survived" if holes else "",
        f"{wording.count(phantom)} there although refused or never sent" if phantom else "",
        f"{wording.count(duplicate)} there more than once" if duplicate else "",
        f"{wording.count(unread)} could not be read back" if unread else "",
    ]
    gone = lost + corrupt
    answer = "broken" if phantom or duplicate else expectation.limit.answer(gone, gone + unread)
    if answer == "kept" and windows.plan.faults and not at_risk:
        answer = "unknown"
        reasons.append("no write was at risk: none was acknowledged within 2s before the harm began")
    measured = (f"{wording.count(gone)} of {wording.count(len(acknowledged))} acknowledged writes lost, "
                f"{wording.count(at_risk)} at risk")
    return Measurement(answer, measured, "" if answer == "kept" else ", ".join(filter(None, reasons)))


def probe(expectation: Expectation, windows: Windows) -> Measurement:
    name, expected = expectation.arguments["_0"], expectation.arguments["_1"]
    found = next((probe for probe in windows.recording.probes if probe["name"] == name), None)
    if found is None:
        return unknown("the probe was not run")
    if found["problem"] is not None:
        return unknown(f"it has no answer: {found['problem']}")
    code = found["exit_code"]
    if code is None:
        return unknown("no end of it was recorded")
    lines = [line for line in found["output"].split("\n") if line]
    measured = f"exit code {code}" + (f": {lines[-1]}" if lines else "")
    # By these a shell says that the command never gave an answer.
    if code in (126, 127):
        problem = "was not found" if code == 127 else "cannot be executed"
        return unknown(f"its command {problem} (exit code {code})", measured)
    if 129 <= code <= 159:
        return unknown(f"its command was ended by signal {code - 128}", measured)
    kept = Measurement("kept", measured)
    if "succeeds" in expected:
        return Measurement("broken", measured, "its command failed") if code else kept
    if "fails" in expected:
        return kept if code else Measurement("broken", measured, "its command succeeded, and must not")
    if code:
        return unknown("its command failed, so its number is not trusted", measured)
    if found["number"] is None:
        return unknown("its output has no number", measured)
    measured = f"{wording.number(found['number'])} ({found['number_line'] or ''})"
    if Bound.of(expected["number"]["_0"]).holds(found["number"]):
        return Measurement("kept", measured)
    return Measurement("broken", measured, "the number misses the bound")


def tasks(expectation: Expectation, stretches: list[Stretch], windows: Windows) -> Measurement:
    """At every moment of the window. Samples are written when a value changed."""
    kind = expectation.arguments["_0"]
    # `tasks` alone are those that the service asks for.
    metric = "desired-tasks" if kind == "tasks" else kind.replace(" ", "-")
    observed = [row["service"] for row in windows.recording.rows("""
        SELECT DISTINCT service FROM platform_samples WHERE run = :run AND metric = :metric ORDER BY service
        """, metric=metric)]
    service = expectation.arguments.get("service")
    named = [service] if service else [service["name"] for service in windows.plan.services] or observed
    if not stretches:
        return unknown("this window has no time in it")
    if not observed:
        return unknown(f"nothing was observed of {kind}")
    return all_of([_tasks(name, metric, expectation.limit, stretches, windows) for name in named], ", ")


def _tasks(
    service: str, metric: str, bound: Bound, stretches: list[Stretch], windows: Windows
) -> Measurement:
    course = _course(service, metric, windows)
    seen: list[tuple[float, int]] = []
    blind = False
    for begin, end in stretches:
        before = [value for at, value in course if at <= begin]
        seen += [(begin, value) for value in before[-1:]]
        blind = blind or not before
        seen += [(at, value) for at, value in course if begin < at < end]
    if not seen:
        return unknown(f"nothing was observed of {service} in this window", f"{service} not seen")
    least, most = (pick(value for _, value in seen) for pick in (min, max))
    measured = f"{service} {least}" + (f" to {most}" if most != least else "")
    for at, value in seen:
        if not bound.holds(value):
            when = wording.seconds(windows.plan.scenario(at))
            return Measurement("broken", measured, f"{service} had {value} at {when}")
    if blind:
        return unknown(f"{service} was first observed after the window had begun", measured)
    return Measurement("kept", measured)


def _course(service: str, metric: str, windows: Windows) -> list[tuple[int, int]]:
    """The count over time; if only zones were sampled, their sum."""
    samples = windows.recording.rows(
        "SELECT at_ns, zone, value FROM platform_samples WHERE run = :run AND metric = :metric"
        " AND service = :service ORDER BY at_ns, id", metric=metric, service=service)
    whole = [(row["at_ns"], int(row["value"])) for row in samples if row["zone"] is None]
    if whole:
        return whole
    zones: dict[str, float] = {}
    course = []
    for row in samples:
        zones[row["zone"]] = row["value"]
        course.append((row["at_ns"], int(sum(zones.values()))))
    return course
