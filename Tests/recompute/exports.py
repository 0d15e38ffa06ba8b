"""The files for other programs: a row for each second (`--csv`), and HdrHistogram's log (`--hlog`)."""

import base64
import struct
import zlib
from collections import Counter
from datetime import datetime
from typing import Callable, Iterator

from histogram import INFINITE, Histogram
from line import one_line
from plan import nearest
from recording import Recording

COLUMNS = ["second", "scenario_second", "planned", "sent", "dropped", "ok", "failed", "unfinished",
           "p50_ms", "p95_ms", "p99_ms"]


def csv(recording: Recording) -> list[list[str]]:
    rows = recording.rows("""
        SELECT second, sum(planned), sum(sent), sum(dropped), sum(ok), sum(failed), sum(unfinished)
        FROM load_seconds WHERE run = :run GROUP BY second ORDER BY second
        """)
    return [COLUMNS] + [list(_cells(recording, *row)) for row in rows]


def _cells(recording: Recording, second: int, *counts: int) -> Iterator[str]:
    yield str(second)
    scenario = recording.plan.scenario(second * 1_000_000_000) / 1e9
    yield str(int(scenario)) if scenario == int(scenario) else f"{scenario:.3g}"
    yield from map(str, counts)
    found = recording.seconds[second]
    for percentile in (50, 95, 99):
        value = found.latency.percentile(percentile, found.bad)
        yield "" if value == INFINITE else str(value / 1e6)


def read_csv(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.split("\r\n")[:-1]]


def hlog(recording: Recording) -> list[list[str]]:
    """As `read_hlog` reads it: an interval's tag, start, length and maximum, and its counts by value."""
    started = recording.run["started_at"]
    begin = datetime.fromisoformat(started.replace("Z", "+00:00")).timestamp()
    bad = sum(second.bad for second in recording.seconds.values())
    lines = [
        [f"#[run {recording.id}, {one_line(recording.plan.name)}]"],
        [f"#[{bad} requests without a good answer are not in it]"],
        ["#[Histogram log format version 1.3]"],
        [f"#[StartTime: {begin:.3f} (seconds since epoch), {started}]"],
        ['"StartTimestamp"', '"Interval_Length"', '"Interval_Max"', '"Interval_Compressed_Histogram"'],
    ]
    for second in recording.seconds:
        for tag, durations in (("latency", recording.latency), ("service-time", recording.service)):
            values = Histogram.sum(times for (of, _), times in durations.items() if of == second)
            if values.total:
                counts: Counter[int] = Counter()
                for value, count in values.values():
                    counts[_lowest(int(value))] += count
                microseconds = nearest(values.maximum / 1e6 * 1000)
                greatest = f"{microseconds // 1000}.{microseconds % 1000:03}"
                lines.append([f"Tag={tag}", f"{second}.000", "1.000", greatest, *_told(counts)])
    return lines


def _told(counts: dict[int, int]) -> list[str]:
    return [f"{counts[value]}×{value}ns" for value in sorted(counts)]


def _lowest(value: int) -> int:
    """Of the values that HdrHistogram takes for the same: three digits are 2,048 steps to an octave's end."""
    shift = max(0, value.bit_length() - 11)
    return value >> shift << shift


def read_hlog(text: str) -> list[list[str]]:
    lines = []
    for line in text.splitlines():
        cells = [line] if line.startswith("#") else line.split(",")
        lines.append(cells[:-1] + _told(_decoded(cells[-1])) if line.startswith("Tag=") else cells)
    return lines


def _decoded(encoded: str) -> dict[int, int]:
    """HdrHistogram's encoding, version 2, compressed: counts by the lowest value of their step."""
    data = base64.b64decode(encoded)
    cookie, length = struct.unpack_from(">ii", data)
    body = zlib.decompress(data[8:8 + length])
    inner, size, offset, digits, least, _, ratio = struct.unpack_from(">iiiiqqd", body)
    if (cookie, inner, offset, digits, least, ratio) != (0x1C84_9314, 0x1C84_9313, 0, 3, 1, 1.0):
        raise SystemExit(f"not a histogram of three digits: {body[:40].hex()}")
    counts: dict[int, int] = {}
    index = 0
    for number in _zigzag(body[40:40 + size]):
        if number > 0:
            octave, step = divmod(index, 1024)
            counts[step if octave == 0 else step + 1024 << octave - 1] = number
        # A negative number is a run of empty steps.
        index += 1 if number >= 0 else -number
    return counts


def _zigzag(data: bytes) -> Iterator[int]:
    """LEB128 of at most nine bytes, the ninth with all its eight bits."""
    value = shift = 0
    for byte in data:
        last = shift == 56 or byte < 128
        value |= (byte if shift == 56 else byte & 127) << shift
        shift += 7
        if last:
            yield value >> 1 ^ -(value & 1)
            value = shift = 0


# Each by its option: how it is read, and made from a recording, as lists of cells.
FORMATS: list[tuple[str, Callable[[str], list[list[str]]], Callable[[Recording], list[list[str]]]]] = [
    ("csv", read_csv, csv), ("hlog", read_hlog, hlog),
]
