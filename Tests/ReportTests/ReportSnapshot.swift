/// What RunReport writes for the runs of ReportTests, in full.
enum ReportSnapshot {
    static let blockedZone = """
        Run
          run       20261124-093000-a-test-x7k2
          scenario  A test
          started   2026-11-24T09:30:00.000Z
          on        lab, mode root, 2 processors, Linux 6
          limit     no CPU quotas: cgroups are not writable
          targets   http://127.0.1.10:80
          load      10m00s scenario, 100.0s real, speed 6
          seconds   95 measured, 49 calm, 10 bad (real seconds)
          ending    completed

        Events
          scenario   real            event
                0s   0.0s  phase     load begins
             2m01s  20.2s  fault     block zone a: injected
             2m03s  20.5s  fault     block zone a: effect: a connection to 10.0.11.4 timed out
             3m00s  30.0s  platform  flask: a target became unhealthy
             5m57s  59.5s  fault     block zone a: reverted
             6m00s  60.0s  fault     block zone a: healed: the network ACL of before is back

        Faults
          block zone a: healed
            injected  2m01s  20.2s  subnet-1
            effect    2m03s  20.5s  a connection to 10.0.11.4 timed out
            reverted  5m57s  59.5s
            healed    6m00s  60.0s  the network ACL of before is back
            felt                    10 bad seconds, the first at 2m12s; recovered at 3m12s after 60s,
                                    resolution 6s

        Requests
          route  planned  = sent  + dropped  sent = ok  + failed  + unfinished
          all      5,000   5,000          0      4,950        50             0
          adds up in each of 100 seconds, warm-up included

        Failures
          count  failure  status  connection  balancer node
             50  connect  -       new         127.0.1.10

        Latency
          route                 p50     p90     p95     p99   p99.9  max ok
          all    latency       20ms  21.7ms  21.8ms   never   never    22ms
                 service time  20ms  21.6ms  21.7ms  21.9ms  21.9ms  21.9ms

        Generator
          lateness  p99 50us (sent after due)
          CPU       20% of a core, busiest worker, 95th percentile of the seconds
          waited    0% of the time ready to run and without a core, likewise
          offered   100% of 4,750 planned requests

        Verdict
                  expected                           measured
          kept    p95 latency < 100ms when calm      p95 21.8ms (95% interval 21.8ms to 21.8ms, n 2,450)
          kept    error rate < 0.5% when calm        0% (95% interval 0% to 0.15%, 0 of 2,450)
                  "few errors"
          broken  recovery < 30s after block zone a  60s (resolution 6s)
                                                     it misses the bound

          BROKEN: of 3 expectations, 2 kept, 1 broken

        Again
          seed       7
          command    loadchaos run a-test.scn --seed 7
          recording  results/loadchaos.sqlite
          folder     results/x
          verdict    loadchaos verdict 20261124-093000-a-test-x7k2

        """
}
