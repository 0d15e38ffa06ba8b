"""The files for other programs: a row for each second (`--csv`), and HdrHistogram's log (`--hlog`)."""

import base64
import struct
import zlib
from collections import Counter
from datetime import datetime
from typing import Iterator

from histogram import INFINITE, Histogram, middle
from recording import Recording

COLUMNS = "second,scenario_second,planned,sent,dropped,ok,failed,unfinished,p50_ms,p95_ms,p99_ms"


def csv(recording: Recording) -> list[str]:
    rows = recording.rows("""
        SELECT second, sum(planned), sum(sent), sum(dropped), sum(ok), sum(failed), sum(unfinished)
        FROM load_seconds WHERE run = :run GROUP BY second ORDER BY second
        """)
    return [COLUMNS] + [",".join(_cells(recording, *row)) for row in rows]


def _cells(recording: Recording, second: int, *counts: int) -> Iterator[str]:
    yield str(second)
    scenario = recording.plan.scenario(second * 1_000_000_000) / 1e9
    yield str(int(scenario)) if scenario == int(scenario) else f"{scenario:.3g}"
    yield from map(str, counts)
    found = recording.seconds[second]
    for percentile in (50, 95, 99):
        value = found.latency.percentile(percentile, found.bad)
        yield "" if value == INFINITE else str(value / 1e6)
