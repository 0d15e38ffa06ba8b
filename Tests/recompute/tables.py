"""What became of the requests: the sections Requests, Failures, Latency, Lost writes and Hops."""

from typing import Iterator

import wording
from histogram import Histogram
from line import Line, Quoted
from plan import SECOND
from recording import Recording

PERCENTILES = (50, 90, 95, 99, 99.9)


def requests(recording: Recording) -> Iterator[Line]:
    """Conservation, warm-up included."""
    yield ["route", "planned", "= sent", "+ dropped", "sent = ok", "+ failed", "+ unfinished"]
    columns = ("planned", "sent", "dropped", "ok", "failed", "unfinished")
    for name, route in routes(recording):
        sums = ", ".join(f"total({column})" for column in columns)
        which = "run = :run AND (:route IS NULL OR route = :route)"
        [row] = recording.rows(f"SELECT {sums} FROM load_seconds WHERE {which}", route=route)
        yield [name, *(wording.count(int(value)) for value in row)]
    [row] = recording.rows("""
        SELECT total(planned <> sent + dropped OR sent <> ok + failed + unfinished) AS off,
          count(DISTINCT second) AS seconds, total(dropped_by_us) AS ours
        FROM load_seconds WHERE run = :run
        """)
    if row["off"]:
        yield f"does NOT add up in {wording.plural(int(row['off']), 'row')}"
    else:
        yield f"adds up in each of {wording.plural(row['seconds'], 'second')}, warm-up included"
    if row["ours"]:
        yield f"{wording.count(int(row['ours']))} of the dropped for reasons of our own"


def routes(recording: Recording) -> list[tuple[str, int | None]]:
    """All together first, then each, unless there is but one."""
    names = recording.plan.routes
    each = list(enumerate(names)) if len(names) > 1 else []
    return [("all", None)] + [(Quoted(name), route) for route, name in each]


def failures(recording: Recording) -> Iterator[Line]:
    found = recording.rows("""
        SELECT sum(count) AS count, failure, status, reused_connection AS reused, node
        FROM failures WHERE run = :run GROUP BY failure, node, status, reused
        ORDER BY sum(count) DESC, failure, node, status, reused
        """)
    if found:
        yield ["count", "failure", "status", "connection", "balancer node"]
    for row in found:
        status, connection = str(row["status"] or "-"), "reused" if row["reused"] else "new"
        yield [wording.count(row["count"]), row["failure"], status, connection, row["node"] or "none"]


def latency(recording: Recording) -> Iterator[Line]:
    """Done − due with failures as never, and done − sent of the ok ones; without the warm-up."""
    yield ["route", "", "p50", "p90", "p95", "p99", "p99.9", "max ok"]
    measured = recording.plan.measured_from
    for name, route in routes(recording):
        [row] = recording.rows("""
            SELECT total(planned) AS planned, total(failed + dropped + unfinished - dropped_by_us) AS bad
            FROM load_seconds
            WHERE run = :run AND (:route IS NULL OR route = :route) AND second * 1000000000 >= :measured
            """, route=route, measured=measured)
        for kind, durations, bad in (("latency", recording.latency, int(row["bad"])),
                                     ("service time", recording.service, 0)):
            values = Histogram.sum(
                times for (second, of), times in durations.items()
                if second * SECOND >= measured and route in (None, of))
            known = values.total > 0 or (kind == "latency" and row["planned"] > 0)
            told = [wording.duration(values.percentile(p, bad)) if known else "-" for p in PERCENTILES]
            greatest = wording.duration(values.maximum) if values.total else "-"
            yield [name if kind == "latency" else "", kind, *told, greatest]


def lost_writes(recording: Recording) -> Iterator[Line]:
    """Acknowledged and gone, a hundred at most."""
    gone = recording.rows("""
        SELECT key, answered_at_ns AS at, read_back FROM ledger
        WHERE run = :run AND answer = 'acknowledged' AND read_back IN ('absent', 'corrupt')
        ORDER BY coalesce(answered_at_ns, 0), request
        """)
    if gone:
        yield ["key", "acknowledged", "real", "found"]
    for write in gone[:100]:
        at = write["at"]
        times = ("-", "-") if at is None else wording.clocks(recording.plan, at)
        yield [Quoted(write["key"]), *times, write["read_back"]]
    if len(gone) > 100:
        yield f"and {wording.count(len(gone) - 100)} more, in the recording's ledger"


def hops(recording: Recording) -> Iterator[Line]:
    """As the answers tell them, without the warm-up."""
    if recording.plan.hops:
        yield ["hop", "p50", "p95", "p99", "answers", "resolution"]
    for place, hop in enumerate(recording.plan.hops):
        values = Histogram.sum(
            times for second, times in recording.hops.get(place, {}).items()
            if second * SECOND >= recording.plan.measured_from)
        told = [wording.duration(values.percentile(p)) if values.total else "-" for p in (50, 95, 99)]
        resolution = wording.span(hop["resolution"]) if hop["resolution"] else ""
        yield [Quoted(hop["name"]), *told, wording.count(values.total), resolution]
