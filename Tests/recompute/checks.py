"""Checks of what the load was answered: docs/method.md, "Three answers and their intervals", "Hops"."""

import wording
from binomial import clopper_pearson, quantile_ranks
from bootstrap import Bootstrap
from histogram import INFINITE, Histogram
from measurement import Measurement, decided, unknown
from outcomes import lost_writes, probe, recovery, tasks
from plan import SECOND, Expectation
from recording import Second
from scaling import reversals, rolled_back, scaling, steps
from windows import Windows


def measure(expectation: Expectation, windows: Windows) -> Measurement:
    seconds = windows.asked(expectation)
    stretches = windows.stretches(expectation.window, expectation.fault)
    if seconds is None or stretches is None:
        return unknown("")
    match expectation.check:
        case "latency": return latency(expectation, seconds, windows)
        case "hop": return hop(expectation, seconds, windows)
        case "errorRate": return error_rate(expectation, seconds)
        case "throughput": return throughput(expectation, seconds, windows)
        case "recovery": return recovery(expectation, windows)
        case "lostWrites": return lost_writes(expectation, windows)
        case "probe": return probe(expectation, windows)
        case "tasks": return tasks(expectation, stretches, windows)
        case "scaling": return scaling(expectation, windows)
        case "steps": return steps(expectation, stretches, windows)
        case "reversals": return reversals(expectation, stretches, windows)
        case "rolledBack": return rolled_back(expectation, stretches, windows)
    raise SystemExit(f"nobody recomputes the check {expectation.check} of \"{expectation.text}\" yet")


def latency(expectation: Expectation, seconds: list[Second], windows: Windows) -> Measurement:
    if not any(second.counted for second in seconds):
        return unknown("no request in this window")
    return percentile(expectation, seconds, 0, windows)


def hop(expectation: Expectation, seconds: list[Second], windows: Windows) -> Measurement:
    place = hop_place(expectation, windows)
    if place is None:
        return unknown("the system names no such hop")
    told = hop_seconds(place, seconds, windows)
    if not any(second.ok for second in told):
        return unknown("no answer in this window told the time of this hop")
    return percentile(expectation, told, windows.plan.hops[place]["resolution"], windows)


def hop_place(expectation: Expectation, windows: Windows) -> int | None:
    names = [hop["name"] for hop in windows.plan.hops]
    name = expectation.arguments["_0"]
    return names.index(name) if name in names else None


def hop_seconds(place: int, seconds: list[Second], windows: Windows) -> list[Second]:
    """What the answers of each of these seconds told."""
    told = windows.recording.hops.get(place, {})
    values = [(second.second, told.get(second.second, Histogram())) for second in seconds]
    return [Second(second, times.total, times.total, latency=times) for second, times in values]


def percentile(
    expectation: Expectation, seconds: list[Second], resolution: int, windows: Windows
) -> Measurement:
    """The interval is the wider of the bootstrap's and the one of the ranks."""
    wanted, bound = expectation.arguments["percentile"], expectation.limit
    values = Histogram.sum(second.latency for second in seconds)
    bad = sum(second.bad for second in seconds)
    count = values.total + bad
    value = values.percentile(wanted, bad)
    name = f"p{wording.plain(wanted)}"
    among = f"n {wording.count(count)}" + (f", resolution {wording.span(resolution)}" if resolution else "")
    blocks = Bootstrap(seconds, windows.recording.seed, expectation.text)
    if not blocks.is_enough:
        return unknown(f"{wording.plural(len(seconds), 'second')} of data are too few for an interval",
                       f"{name} {wording.duration(value)} ({among})")
    drawn = blocks.percentile(wanted)
    ranks = quantile_ranks(wanted / 100, count)
    low = min(drawn[0], 0 if ranks[0] is None else values.rank(ranks[0]), value)
    high = max(drawn[1], INFINITE if ranks[1] is None else values.rank(ranks[1]), value)
    # What the system's clocks are too coarse for lies to either side.
    wide = max(0, low - resolution), high + resolution
    interval = f"95% interval {wording.duration(wide[0])} to {wording.duration(wide[1])}"
    found = decided(f"{name} {wording.duration(value)} ({interval}, {among})", bound, value, *wide)
    if found.answer == "unknown" and ranks[1] is None:
        found.reason = f"{wording.count(count)} requests are too few for an upper end of {name}"
    elif bound.upper is not None and bound.upper <= resolution:
        found.answer = "unknown"
        found.reason = f"the bound is within the resolution, {wording.span(resolution)}"
    elif found.answer == "unknown" and bound.answer(low, high) != "unknown":
        found.reason = f"the bound is nearer than the resolution, {wording.span(resolution)}, can tell"
    return found


def error_rate(expectation: Expectation, seconds: list[Second]) -> Measurement:
    counted = sum(second.counted for second in seconds)
    if not counted:
        return unknown("no request in this window")
    bad = sum(second.bad for second in seconds)
    low, high = clopper_pearson(bad, counted)
    interval = f"95% interval {wording.percent(low)} to {wording.percent(high)}"
    among = f"{wording.count(bad)} of {wording.count(counted)}"
    return decided(f"{wording.percent(bad / counted)} ({interval}, {among})",
                   expectation.limit, bad / counted, low, high)


def throughput(expectation: Expectation, seconds: list[Second], windows: Windows) -> Measurement:
    whole = [second for second in seconds if (second.second + 1) * SECOND <= windows.end]
    if not any(second.counted for second in whole):
        return unknown("no request in this window")
    value = sum(second.ok for second in whole) / len(whole)
    length = wording.plural(len(whole), "second")
    blocks = Bootstrap(whole, windows.recording.seed, expectation.text)
    if not blocks.is_enough:
        return unknown(f"{length} of data are too few for an interval", f"{wording.rate(value)} ({length})")
    low, high = blocks.throughput()
    interval = f"95% interval {wording.rate(low)} to {wording.rate(high)}"
    return decided(f"{wording.rate(value)} ({interval}, {length})", expectation.limit, value, low, high)
