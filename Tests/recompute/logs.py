"""What happened when: the sections Events and Logs."""

import sqlite3
from collections import defaultdict
from typing import Iterator

import wording
from line import Line, Quoted
from recording import Recording
from wording import clocks

# Kinds of complaint that are shown.
SHOWN = 12


def events(recording: Recording) -> Iterator[Line]:
    """The log without the tasks' own lines; and each time of a fault that no line of the log tells of."""
    yield ["scenario", "real", "", "event"]
    found = recording.rows("""
        SELECT at_ns AS at, kind, subject, text, 0 AS added, id AS place, 0 AS stage
          FROM log WHERE run = :run AND kind <> 'log'
        UNION ALL
        SELECT at, 'fault', name, text, 1, fault, stage FROM (
          SELECT name, fault, 1 AS stage, injected_ns AS at, 'injected' AS text FROM faults WHERE run = :run
          UNION ALL SELECT name, fault, 2, effect_ns, 'effect: ' || coalesce(effect_proof, 'observed')
            FROM faults WHERE run = :run
          UNION ALL SELECT name, fault, 3, reverted_ns, 'reverted' FROM faults WHERE run = :run
          UNION ALL SELECT name, fault, 4, healed_ns, 'healed: ' || coalesce(healed_proof, 'observed')
            FROM faults WHERE run = :run
        ) WHERE at IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM log WHERE run = :run AND kind = 'fault' AND at_ns = at AND subject = name)
        ORDER BY at, added, place, stage
        """)
    for event in found:
        about, text = event["subject"], event["text"]
        # ECS's own lines begin with whom they are about.
        told = text if about in text[:len(about) + len("(service ")] else f"{about}: {text}"
        yield [*clocks(recording.plan, event["at"]), event["kind"], Quoted(told)]


def logs(recording: Recording, answer: str) -> Iterator[Line]:
    """What the tasks complained of in a run that was not kept; lines that differ in figures only are one."""
    complaints = recording.rows(
        "SELECT at_ns, subject, text FROM log WHERE run = :run AND kind = 'log' ORDER BY at_ns, id")
    if not complaints or answer in ("kept", "known broken"):
        return
    alike: dict[tuple[str, str], list[sqlite3.Row]] = defaultdict(list)
    for complaint in complaints:
        words = [word for word in complaint["text"].split(" ") if word]
        shape = " ".join("#" if any(letter.isnumeric() for letter in word) else word for word in words)
        alike[complaint["subject"], shape].append(complaint)
    frequent = sorted(alike.values(), key=lambda same: (-len(same), *order(same[0])))[:SHOWN]
    yield ["scenario", "real", "service", "lines", "the first of them"]
    for same in sorted(frequent, key=lambda same: order(same[0])):
        first, count = same[0], wording.count(len(same))
        yield [*clocks(recording.plan, first["at_ns"]), first["subject"], count, Quoted(first["text"])]
    rest = len(complaints) - sum(map(len, frequent))
    if rest:
        yield f"and {wording.count(rest)} others, in the recording's log"


def order(complaint: sqlite3.Row) -> tuple[int, str, str]:
    return complaint["at_ns"], complaint["text"], complaint["subject"]
