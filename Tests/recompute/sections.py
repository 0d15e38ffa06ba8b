"""The report of a run: what `loadchaos report --markdown` must show. Each part is the lines of a section."""

from typing import Iterator

import wording
from judge import Judge
from line import Line, Quoted
from logs import events, logs
from measurement import ORDER
from plan import SECOND
from tables import failures, hops, latency, lost_writes, requests
from windows import Aftermath
from wording import clocks


def report(judge: Judge, database: str, folder: str) -> list[tuple[str, list[Line]]]:
    """A section without a line is left out."""
    recording = judge.recording
    parts = {
        "Verdict": verdict(judge), "Faults": faults(judge), "Run": run(judge), "Events": events(recording),
        "Probes": probes(judge), "Requests": requests(recording), "Failures": failures(recording),
        "Latency": latency(recording), "Lost writes": lost_writes(recording), "Hops": hops(recording),
        "Logs": logs(recording, judge.answer), "Generator": generator(judge),
        "Again": again(judge, database, folder),
    }
    named = [(title, list(lines)) for title, lines in parts.items()]
    return [(f"{judge.plan.name}: {judge.answer}", [])] + [(title, lines) for title, lines in named if lines]


def verdict(judge: Judge) -> Iterator[Line]:
    if judge.findings:
        yield ["", "expected", "measured"]
    for finding in judge.findings:
        yield [finding.answer, Quoted(finding.expectation.text), finding.measured]
        promise = finding.expectation.promise
        if finding.reason or promise:
            yield ["", Quoted(f"\"{promise}\"") if promise else "", finding.reason]
    yield from judge.notes
    if not judge.findings:
        yield f"{judge.answer.upper()}: nothing was expected"
        return
    answers = [finding.answer for finding in judge.findings]
    counts = [f"{answers.count(answer)} {answer}" for answer in ORDER if answer in answers]
    yield f"{judge.answer.upper()}: of {wording.plural(len(answers), 'expectation')}, {', '.join(counts)}"


def faults(judge: Judge) -> Iterator[Line]:
    aftermaths = {aftermath.fault["fault"]: aftermath for aftermath in judge.windows.aftermaths}
    for fault in judge.recording.faults:
        yield f"{fault['name']}: {fault['state'].replace('-', ' ')}"
        yield ["", "", "", ""]
        stages = {"injected": judge.recording.targets(fault), "effect": fault["effect_proof"],
                  "reverted": None, "healed": fault["healed_proof"]}
        if fault["state"] == "skipped" and fault["injected_ns"] is None:
            stages = {}
        for name, proof in stages.items():
            time = fault[f"{name}_ns"]
            if time is None:
                yield [f"  {name}", "-", "-", "not observed"]
            else:
                yield [f"  {name}", *clocks(judge.plan, time), Quoted(proof or "")]
        if fault["problem"] is not None:
            yield ["  problem", "", "", Quoted(fault["problem"])]
        if aftermath := aftermaths.get(fault["fault"]):
            for text in felt(judge, aftermath):
                yield ["  felt", "", "", text]


def felt(judge: Judge, aftermath: Aftermath) -> Iterator[str]:
    def moment(second: int) -> str:
        return wording.scenario_clock(judge.plan, second * SECOND)

    bad = wording.plural(len(aftermath.bad), "bad second")
    first = moment(aftermath.bad[0]) if aftermath.bad else ""
    time, resolution = wording.seconds(aftermath.time or 0), wording.seconds(judge.plan.scenario(SECOND))
    match aftermath.outcome:
        case "unharmed": yield "no bad second"
        case "cut short": yield "no bad second, but little was seen"
        case "not recovered": yield f"{bad}, the first at {first}; not recovered"
        case "recovered":
            recovered = f"recovered at {moment(aftermath.recovered)} after {time}, resolution {resolution}"
            yield f"{bad}, the first at {first}; {recovered}"
    for begin, end, is_fail_back in aftermath.dips:
        yield f"{'fail-back' if is_fail_back else 'second dip'}: {moment(begin)} to {moment(end)}"


def run(judge: Judge) -> Iterator[Line]:
    recording, environment = judge.recording, judge.recording.environment
    yield ["", ""]
    yield ["run", Quoted(recording.id)]
    yield ["scenario", Quoted(recording.plan.name)]
    yield ["started", Quoted(recording.run["started_at"])]
    mode = f", mode {environment['labMode']}" if "labMode" in environment else ""
    processors = wording.plural(environment["processors"], "processor")
    yield ["on", Quoted(f"{environment['platform']}{mode}, {processors}, {environment['kernel']}")]
    for limit in environment["labLimits"]:
        yield ["limit", Quoted(limit)]
    yield ["targets", Quoted(" ".join(environment["targets"]))]
    ended = recording.run["load_ended_ns"]
    played = "no end recorded" if ended is None else "{} scenario, {} real".format(*clocks(judge.plan, ended))
    yield ["load", f"{played}, speed {wording.plain(judge.plan.speed)}"]
    calm = len(judge.windows.of("calm") or [])
    bad = sum(judge.windows.is_bad(second) for second in judge.measured)
    yield ["seconds", f"{wording.count(len(judge.measured))} measured, {wording.count(calm)} calm, "
                      f"{wording.count(bad)} bad (real seconds)"]
    problem = recording.run["problem"]
    yield ["ending", Quoted(recording.ending + (f": {problem}" if problem is not None else ""))]


def probes(judge: Judge) -> Iterator[Line]:
    if judge.recording.probes:
        yield ["", "scenario", "real", "took", "answer"]
    for probe in judge.recording.probes:
        begin, end = probe["started_ns"], probe["ended_ns"]
        took = "-" if end is None else wording.duration(end - begin)
        if probe["problem"] is not None:
            answer = f"none: {probe['problem']}"
        elif probe["exit_code"] is None:
            answer = "none yet"
        else:
            answer = f"exit code {probe['exit_code']}"
            if probe["number"] is not None:
                answer = f"{wording.number(probe['number'])}, {answer}: {probe['number_line'] or ''}"
        yield [Quoted(probe["name"]), *clocks(judge.plan, begin), took, answer]
        if probe["place"]:
            yield ["", "", "", "", Quoted(f"on {probe['place']}")]
        for text in [text for text in probe["output"].split("\n") if text][-3:]:
            if text != probe["number_line"]:
                yield ["", "", "", "", Quoted(text)]


def generator(judge: Judge) -> Iterator[Line]:
    health = judge.generator
    yield ["", ""]
    yield ["lateness", "not recorded" if health.lateness is None
           else f"p99 {wording.duration(health.lateness)} (sent after due)"]
    yield ["CPU", "not recorded" if health.cpu is None
           else f"{wording.percent(health.cpu)} of a core, busiest worker, 95th percentile of the seconds"]
    yield ["waited", "not recorded" if health.wait is None
           else f"{wording.percent(health.wait)} of the time ready to run and without a core, likewise"]
    yield ["offered", f"{wording.percent(health.share)} of {wording.count(health.planned)} planned requests"]


def again(judge: Judge, database: str, folder: str) -> Iterator[Line]:
    run = judge.recording.run
    yield Quoted(f"seed       {run['seed']}")
    yield Quoted(f"command    {run['command']}")
    yield Quoted(f"recording  {database}")
    yield Quoted(f"folder     {folder}")
    yield Quoted(f"verdict    loadchaos verdict {run['id']}")
