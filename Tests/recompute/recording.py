"""One run of `loadchaos.sqlite`, read with plain SQL; Sources/Recorder/Schema.swift explains the tables."""

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from histogram import Histogram
from plan import Plan


@dataclass
class Second:
    """The requests due in one real second, all routes; without those that the generator dropped itself."""

    second: int
    counted: int = 0
    ok: int = 0
    # Failed, dropped or unfinished: infinitely slow.
    bad: int = 0
    # Of the bad ones, those that a clock has decided.
    overdue: int = 0
    planned: int = 0
    latency: Histogram = field(default_factory=Histogram)


class Recording:
    def __init__(self, database: str, run: str) -> None:
        if not Path(database).is_file():
            raise SystemExit(f"{database}: no such file")
        self.database = sqlite3.connect(f"{Path(database).absolute().as_uri()}?mode=ro", uri=True)
        self.database.row_factory = sqlite3.Row
        self.id = run
        found = self.rows("SELECT * FROM runs WHERE id = :run")
        if not found:
            raise SystemExit(f"{database} has no run {run}")
        self.run = found[0]
        self.seed = int(self.run["seed"])
        self.environment: dict[str, Any] = json.loads(self.run["environment"])
        self.plan = Plan(json.loads(self.run["plan"]))
        self.ending: str = self.run["ending"]
        self.faults = self.rows("SELECT * FROM faults WHERE run = :run ORDER BY fault")
        self.probes = self.rows("SELECT * FROM probes WHERE run = :run ORDER BY probe")
        self.latency = self._durations("latency")
        self.service = self._durations("service")
        self.hops = self._hops()
        self.seconds = self._seconds()

    def rows(self, sql: str, **values: Any) -> list[sqlite3.Row]:
        """`:run` is this run."""
        return self.database.execute(sql, {"run": self.id, **values}).fetchall()

    @property
    def end(self) -> int:
        """Of the load, in real nanoseconds; while no end is recorded, of the last second with a request."""
        ended: int | None = self.run["load_ended_ns"]
        return ended if ended is not None else (max(self.seconds, default=-1) + 1) * 1_000_000_000

    def targets(self, fault: sqlite3.Row) -> str:
        return " ".join(json.loads(fault["targets"]))

    def _durations(self, measure: str) -> dict[tuple[int, int], Histogram]:
        """Of the ok requests, by second and route."""
        found = self.rows(
            "SELECT second, route, counts FROM histograms"
            " WHERE run = :run AND outcome = 'ok' AND measure = :measure", measure=measure)
        return {(row["second"], row["route"]): Histogram.read(row["counts"]) for row in found}

    def _hops(self) -> dict[int, dict[int, Histogram]]:
        """By hop and second, routes together: what each answer told, whatever its status."""
        hops: dict[int, dict[int, Histogram]] = defaultdict(lambda: defaultdict(Histogram))
        for row in self.rows("SELECT second, hop, counts FROM hop_histograms WHERE run = :run"):
            hops[row["hop"]][row["second"]].add(Histogram.read(row["counts"]))
        return hops

    def _seconds(self) -> dict[int, Second]:
        """Those in which a request was due."""
        sql = """
            SELECT second, sum(planned - dropped_by_us) AS counted, sum(ok) AS ok, sum(planned) AS planned,
              sum(failed + dropped + unfinished - dropped_by_us) AS bad,
              sum(dropped + unfinished - dropped_by_us) + (
                SELECT coalesce(sum(count), 0) FROM failures WHERE run = :run AND failures.second = load_seconds.second
                  AND failure IN ('connect', 'tls', 'timeout', 'deadline')) AS overdue
            FROM load_seconds WHERE run = :run GROUP BY second ORDER BY second
            """
        seconds = {row["second"]: Second(**dict(row)) for row in self.rows(sql)}
        for (second, _), durations in self.latency.items():
            seconds[second].latency.add(durations)
        return seconds
