import GRDB

/// The schema of `loadchaos.sqlite`, as a list of migrations: a recording outlives the version that wrote it.
///
/// A migration is never edited once released; a change is a new one. `.schema` in sqlite3 shows the comments.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (name, sql) in migrations {
            migrator.registerMigration(name) { try $0.execute(sql: sql) }
        }
        return migrator
    }

    static let migrations: [(name: String, sql: String)] = [
        ("1 first recording", tables + views),
        ("v4 a worker's wait for a core", wait),
        ("v2 hops", hops),
        ("v3 probes", probes),
        ("v5 tags", tags),
    ]

    private static let wait = """
        ALTER TABLE generator_seconds
        ADD COLUMN wait_fraction REAL NOT NULL DEFAULT 0; -- of the second a worker was ready and had no core, 0 to 1
        """

    private static let tables = """
        CREATE TABLE runs (  -- one row for each run
          id TEXT PRIMARY KEY NOT NULL,
          started_at TEXT NOT NULL,         -- wall clock, UTC, ISO 8601
          scenario TEXT NOT NULL,           -- its title, or the URL
          platform TEXT NOT NULL,           -- lab, aws or the URL
          ending TEXT NOT NULL,             -- open (goes on, or was killed), completed, interrupted, stopped, ...
          problem TEXT,                     -- why it did not complete
          load_ended_ns INTEGER,            -- real length of the load as it was played, without the drain
          speed REAL NOT NULL,              -- scenario seconds in one real second
          seed TEXT NOT NULL,               -- decimal; may exceed what an INTEGER holds
          command TEXT NOT NULL,            -- runs it again
          version TEXT NOT NULL,            -- of loadchaos
          environment TEXT NOT NULL,        -- JSON
          plan TEXT NOT NULL,               -- JSON: phases, requests, faults, expectations; times in ns
          scenario_text TEXT                -- the .scn as it was read
        );
        CREATE TABLE phases (  -- of the run's plan; of several loads, of the longest
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          position INTEGER NOT NULL,
          phase TEXT NOT NULL,              -- warm up, ramp, hold
          starts_ns INTEGER NOT NULL,       -- real time since the start of the load
          PRIMARY KEY (run, position)
        ) WITHOUT ROWID;
        CREATE TABLE load_seconds (  -- requests of one route, counted in the real second in which they were due
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          second INTEGER NOT NULL,          -- since the start of the load
          route INTEGER NOT NULL,           -- index into the plan's requests
          planned INTEGER NOT NULL CHECK (planned >= 0),
          sent INTEGER NOT NULL CHECK (sent >= 0),
          dropped INTEGER NOT NULL CHECK (dropped >= 0),
          dropped_by_us INTEGER NOT NULL CHECK (dropped_by_us BETWEEN 0 AND dropped),  -- part of dropped
          ok INTEGER NOT NULL CHECK (ok >= 0),
          failed INTEGER NOT NULL CHECK (failed >= 0),
          unfinished INTEGER NOT NULL CHECK (unfinished >= 0),
          new_connections INTEGER NOT NULL,
          bytes_received INTEGER NOT NULL,
          PRIMARY KEY (run, second, route),
          CONSTRAINT every_planned_request_is_sent_or_dropped CHECK (planned = sent + dropped),
          CONSTRAINT every_sent_request_has_an_outcome CHECK (sent = ok + failed + unfinished)
        ) WITHOUT ROWID;
        CREATE TABLE histograms (  -- durations of one second's requests; absent if there are none
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          second INTEGER NOT NULL,
          route INTEGER NOT NULL,
          outcome TEXT NOT NULL,            -- ok, failed
          measure TEXT NOT NULL,            -- latency (done - due), service (done - sent)
          counts BLOB NOT NULL,             -- docs/method.md has the format
          PRIMARY KEY (run, second, route, outcome, measure)
        ) WITHOUT ROWID;
        CREATE TABLE failures (  -- the failed requests of load_seconds, by cause
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          second INTEGER NOT NULL,
          route INTEGER NOT NULL,
          position INTEGER NOT NULL,
          failure TEXT NOT NULL,            -- connect, reset, timeout, balancer-5xx, ...
          node TEXT NOT NULL,               -- the balancer node's address; empty: no connection was made
          reused_connection INTEGER NOT NULL,
          status INTEGER NOT NULL,          -- HTTP status; 0: none was read
          count INTEGER NOT NULL CHECK (count >= 0),
          PRIMARY KEY (run, second, route, position)
        ) WITHOUT ROWID;
        CREATE TABLE second_percentiles (  -- all routes together; a request without a good answer is infinitely slow
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          second INTEGER NOT NULL,
          p50_ms REAL, p95_ms REAL, p99_ms REAL,  -- NULL: infinite, or no request
          PRIMARY KEY (run, second)
        ) WITHOUT ROWID;
        CREATE TABLE generator_seconds (  -- how loadchaos itself did
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          second INTEGER NOT NULL,
          cpu_fraction REAL NOT NULL,       -- of the busiest worker's core, 0 to 1
          in_flight INTEGER NOT NULL,
          connections INTEGER NOT NULL,
          lateness_p99_ms REAL,             -- sent - due
          lateness_counts BLOB NOT NULL,
          PRIMARY KEY (run, second)
        ) WITHOUT ROWID;
        CREATE TABLE log (  -- what happened when; the view events shows it for people
          id INTEGER PRIMARY KEY,
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          at_ns INTEGER NOT NULL,           -- real time since the start of the load; negative before it
          kind TEXT NOT NULL,
          subject TEXT NOT NULL,
          text TEXT NOT NULL
        );
        CREATE INDEX log_by_time ON log (run, at_ns);
        CREATE TABLE faults (
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          fault INTEGER NOT NULL,           -- index into the plan's faults
          name TEXT NOT NULL,
          state TEXT NOT NULL,
          targets TEXT NOT NULL,            -- JSON list
          injected_ns INTEGER, effect_ns INTEGER, reverted_ns INTEGER, healed_ns INTEGER,
          effect_proof TEXT,
          healed_proof TEXT,
          problem TEXT,
          PRIMARY KEY (run, fault)
        ) WITHOUT ROWID;
        CREATE TABLE platform_samples (  -- written when a value changed
          id INTEGER PRIMARY KEY,
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          at_ns INTEGER NOT NULL,
          metric TEXT NOT NULL,
          service TEXT NOT NULL,
          zone TEXT,                        -- NULL: all zones
          value REAL NOT NULL
        );
        CREATE INDEX platform_samples_by_time ON platform_samples (run, at_ns);
        CREATE TABLE ledger (  -- tracked writes; the row is there before the request is sent
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          request INTEGER NOT NULL,         -- index in the schedule
          route INTEGER NOT NULL,
          key TEXT NOT NULL,
          read_path TEXT NOT NULL,
          body TEXT NOT NULL,
          answer TEXT NOT NULL,             -- intended, acknowledged, failed, indeterminate, dropped
          answered_at_ns INTEGER,
          read_back TEXT NOT NULL,          -- not-read, present, absent, corrupt, duplicate
          PRIMARY KEY (run, request)
        ) WITHOUT ROWID;
        CREATE TABLE judgements (  -- the verdict as it was when the run ended; `loadchaos verdict` derives it anew
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          position INTEGER NOT NULL,
          state TEXT NOT NULL,              -- kept, broken, unknown, not-healed
          expectation TEXT NOT NULL,
          measured TEXT NOT NULL,
          why TEXT NOT NULL,
          promise TEXT,
          PRIMARY KEY (run, position)
        ) WITHOUT ROWID;

        """

    private static let probes = """
        CREATE TABLE probes (  -- commands with an answer, run while the load went on; the view probe_answers is shorter
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          probe INTEGER NOT NULL,           -- index into the plan's probes
          name TEXT NOT NULL,
          place TEXT NOT NULL,              -- this machine, or the id of its task
          started_ns INTEGER NOT NULL,      -- real time since the start of the load
          ended_ns INTEGER,
          exit_code INTEGER,                -- NULL: has not ended, or could not be run
          number REAL,                      -- the first one of its output
          number_line TEXT,                 -- the line it stands in
          output TEXT NOT NULL,             -- the last lines
          problem TEXT,                     -- why there is no answer
          PRIMARY KEY (run, probe)
        ) WITHOUT ROWID;
        CREATE VIEW probe_answers AS  -- one row for each probe, on both clocks
        SELECT p.run, p.name, round(p.started_ns / 1e9, 3) AS started_s,
          round(p.started_ns / 1e9 * r.speed, 1) AS scenario_s,
          round((p.ended_ns - p.started_ns) / 1e9, 3) AS took_s, p.exit_code, p.number, p.problem
        FROM probes p JOIN runs r ON r.id = p.run
        ORDER BY p.run, p.started_ns, p.probe;

        """

    private static let views = """
        CREATE VIEW timeline AS  -- one row for each run and second, all routes together
        SELECT l.run, l.second, CAST(l.second * r.speed AS INTEGER) AS scenario_second,
          (SELECT p.phase FROM phases p WHERE p.run = l.run AND p.starts_ns <= l.second * 1000000000
            ORDER BY p.position DESC LIMIT 1) AS phase,
          sum(l.planned) AS planned, sum(l.sent) AS sent, sum(l.dropped) AS dropped, sum(l.ok) AS ok,
          sum(l.failed) AS failed, sum(l.unfinished) AS unfinished, q.p50_ms, q.p95_ms, q.p99_ms
        FROM load_seconds l JOIN runs r ON r.id = l.run
          LEFT JOIN second_percentiles q ON q.run = l.run AND q.second = l.second
        GROUP BY l.run, l.second;
        CREATE VIEW events AS  -- the log on both clocks; a fault's times that the log lacks are added
        SELECT e.run, round(e.at_ns / 1e9, 3) AS at_s, round(e.at_ns / 1e9 * r.speed, 1) AS scenario_s,
          e.kind, e.subject, e.text
        FROM (
          SELECT run, at_ns, kind, subject, text FROM log
          UNION ALL
          SELECT f.run, f.at_ns, 'fault', f.name, f.text FROM (
            SELECT run, name, injected_ns AS at_ns, 'injected' AS text FROM faults
            UNION ALL SELECT run, name, effect_ns, 'effect: ' || coalesce(effect_proof, '') FROM faults
            UNION ALL SELECT run, name, reverted_ns, 'reverted' FROM faults
            UNION ALL SELECT run, name, healed_ns, 'healed: ' || coalesce(healed_proof, '') FROM faults
          ) f WHERE f.at_ns IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM log WHERE log.run = f.run AND log.kind = 'fault' AND log.subject = f.name
              AND log.at_ns = f.at_ns)
        ) e JOIN runs r ON r.id = e.run
        ORDER BY e.run, e.at_ns;
        CREATE VIEW verdicts AS
        SELECT run, state, expectation, measured, why, promise FROM judgements ORDER BY run, position;
        """

    private static let tags = """
        CREATE TABLE tags (  -- names that a person gave to runs, such as the release they measured
          tag TEXT NOT NULL,
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          PRIMARY KEY (tag, run)
        ) WITHOUT ROWID;
        CREATE INDEX tags_of_run ON tags (run);
        """

    private static let hops = """
        CREATE TABLE hop_histograms (  -- steps inside the system, as the answers of one second tell them
          run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
          second INTEGER NOT NULL,          -- in which the requests were due
          route INTEGER NOT NULL,
          hop INTEGER NOT NULL,             -- index into the hops of the plan's system
          count INTEGER NOT NULL,           -- answers that told it
          p50_ms REAL NOT NULL, p95_ms REAL NOT NULL, p99_ms REAL NOT NULL,
          counts BLOB NOT NULL,             -- docs/method.md has the format
          PRIMARY KEY (run, second, route, hop)
        ) WITHOUT ROWID;
        CREATE VIEW hops AS  -- hop_histograms with names instead of indices
        SELECT h.run, h.second, CAST(h.second * r.speed AS INTEGER) AS scenario_second,
          json_extract(r.plan, '$.requests[' || h.route || '].route') AS route,
          json_extract(r.plan, '$.system.hops[' || h.hop || '].name') AS hop, h.count, h.p50_ms, h.p95_ms, h.p99_ms
        FROM hop_histograms h JOIN runs r ON r.id = h.run
        ORDER BY h.run, h.second, h.route, h.hop;
        """
}
