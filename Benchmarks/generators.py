"""The load generators that are compared, one class each: how it is called, and how its answer is read.

`closed` gives a Closed; `open` a Result. Each runs on one CPU, by taskset, and its own CPU time is taken from the
kernel (wait4), whatever it says of itself.
"""
import contextlib
import csv
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Run:
    output: str
    cpu_seconds: float
    peak_kilobytes: int


@dataclass
class Closed:
    """Of a closed loop: answers a second of the wall's clock, and seconds of its CPU for each."""
    rate: float
    cpu_each: float


@dataclass
class Result:
    """Of a load at a fixed rate. Milliseconds; None: it does not say."""
    sent: int
    cpu_seconds: float
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    p999: float | None = None
    dropped: int | None = None
    lateness_p99: float | None = None
    lateness_max: float | None = None


def run(command, cpu, environment=None):
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            ["taskset", "-c", cpu, *command], stdout=output, stderr=errors, env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}: {errors.read()[-400:]}")
        return Run(output.read(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


class Generator:
    name = ""
    program = ""
    has_open = False
    # What loadchaos sends, for those that send less: nginx answers 3 % more requests with a line less, which is no merit of theirs.
    head = ("-H", "User-Agent: loadchaos/0.1.0", "-H", "Accept: */*")

    def __init__(self, cpu):
        self.cpu = cpu

    @property
    def is_there(self):
        return shutil.which(self.program) is not None

    def run(self, *command, environment=None):
        return run([str(word) for word in command], self.cpu, environment)

    def answered(self, done, rate, seconds):
        return Closed(rate, done.cpu_seconds / (rate * seconds))

    def number(self, pattern, text, default=None):
        found = re.search(pattern, text)
        if found is None and default is None:
            raise RuntimeError(f"{self.name} says nothing like {pattern}: {text[-400:]}")
        return float(found.group(1)) if found else default


class Loadchaos(Generator):
    name = "loadchaos"
    has_open = True

    def __init__(self, cpu, program):
        super().__init__(cpu)
        self.program = program

    def hit(self, url, *options):
        done = self.run(self.program, "hit", url, "--workers", 1, "--insecure", "--json", *options)
        return done, json.loads(done.output)

    def closed(self, url, connections, seconds):
        done, answer = self.hit(url, "--users", connections, "--for", f"{seconds}s")
        if answer["failed"] or answer["unfinished"]:
            raise RuntimeError(f"loadchaos had failures: {answer}")
        return self.answered(done, answer["throughput_per_second"], seconds)

    def open(self, url, rate, seconds, connections):
        done, answer = self.hit(url, "--rate", f"{rate}/s", "--for", f"{seconds}s")
        latency = answer["latency"]
        return Result(
            answer["sent"], done.cpu_seconds, latency["p50_ms"], latency["p95_ms"], latency["p99_ms"], latency["p999_ms"],
            answer["dropped"] + answer["failed"], answer["lateness_p99_ms"], answer["lateness_max_ms"])

    @contextlib.contextmanager
    def steady(self, url, rate, seconds, patience="", probes=""):
        """The command of a run with every second written into a recording. `patience`: `timeout` and `deadline` of a request."""
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/steady.scn", "w", encoding="utf-8") as file:
                file.write(f'scenario "Steady"\n\nload\n    hold {rate}/s for {seconds}s\n\nrequests\n    100%  GET  /  {patience}\n\n'
                           f"{probes}expect\n    error rate  < 1%\n")
            yield [self.program, "run", f"{folder}/steady.scn", "--on", url.rstrip("/"), "--results", folder, "--json"]

    def recorded(self, url, rate, seconds, probes_per_second=0):
        """As `open`, with a recording, and with shell probes from the second second on."""
        starts = [1 + number / probes_per_second for number in range((seconds - 1) * probes_per_second)]
        lines = [f'    "probe {at:.2f}"  at {at:.2f}s  shell "true"\n' for at in starts]
        with self.steady(url, rate, seconds, probes="".join(["probes\n", *lines, "\n"]) if lines else "") as command:
            done = self.run(*command)
            answer = json.loads(done.output)
            if any(probe["exit_code"] != 0 for probe in answer["probes"]):
                raise RuntimeError(f"a probe did not succeed: {answer['probes']}")
            return Result(answer["sent"], done.cpu_seconds, lateness_p99=answer["lateness_p99_ms"])

    def resident(self, url, rate, seconds, every):
        """Of a recorded run: how many requests were sent, and each `every` seconds kilobytes of memory and open descriptors.

        A request waits 20 ms at the most: a pause of the machine opens 200 connections, not as many as ten seconds have requests,
        of which each takes 16 KB and stays open."""
        with self.steady(url, rate, seconds, "timeout 20ms  deadline 20ms") as command, tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(["taskset", "-c", self.cpu, *command], stdout=output, stderr=subprocess.DEVNULL)
            start, seen = time.monotonic(), []
            while True:
                try:
                    process.wait(start + (len(seen) + 1) * every - time.monotonic())
                    break
                except subprocess.TimeoutExpired:
                    with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
                        memory = int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))
                    seen.append((memory, len(os.listdir(f"/proc/{process.pid}/fd"))))
            output.seek(0)
            return json.loads(output.read())["sent"], seen

    def held(self, url, connections, seconds):
        """Kilobytes at the most, with so many users who think for as long as it lasts."""
        done, answer = self.hit(url, "--users", connections, "--think", f"{seconds}s", "--for", f"{seconds}s",
                                "--timeout", "30s", "--deadline", "40s")
        if answer["ok"] < connections:
            raise RuntimeError(f"loadchaos held {answer['ok']} of {connections} connections: {answer['failures']}")
        return done.peak_kilobytes


class Wrk(Generator):
    name = program = "wrk"

    def closed(self, url, connections, seconds):
        done = self.run("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *self.head, url)
        return self.answered(done, self.number(r"Requests/sec:\s+([\d.]+)", done.output), seconds)


class Hey(Generator):
    name = program = "hey"
    has_open = True

    def hey(self, url, *options):
        done = self.run("hey", "-disable-compression", *options, url, environment={"GOMAXPROCS": "1"})
        return done, done.output

    def closed(self, url, connections, seconds):
        done, text = self.hey(url, "-c", connections, "-z", f"{seconds}s")
        return self.answered(done, self.number(r"Requests/sec:\s+([\d.]+)", text), seconds)

    def open(self, url, rate, seconds, connections):
        # Its limit is for each worker. Only a CSV has percentiles of all that was measured.
        connections = min(connections, 50)
        done, text = self.hey(url, "-c", connections, "-q", rate / connections, "-z", f"{seconds}s", "-o", "csv")
        times = sorted(float(row["response-time"]) * 1000 for row in csv.DictReader(text.splitlines()))
        at = lambda part: times[min(len(times) - 1, int(part * len(times)))]
        return Result(len(times), done.cpu_seconds, at(0.5), at(0.95), at(0.99), at(0.999), round(rate * seconds) - len(times))


class Ab(Generator):
    name = program = "ab"

    def closed(self, url, connections, seconds):
        done = self.run("ab", "-k", "-q", "-c", connections, "-t", seconds, "-n", 100_000_000, url)
        return self.answered(done, self.number(r"Requests per second:\s+([\d.]+)", done.output), seconds)


class H2load(Generator):
    name = program = "h2load"

    def closed(self, url, connections, seconds):
        done = self.run("h2load", "--h1", "-t1", "-c", connections, "-D", seconds, *self.head, url)
        return self.answered(done, self.number(r"finished in [\d.]+s, ([\d.]+) req/s", done.output), seconds)


class K6(Generator):
    name = program = "k6"
    has_open = True

    def k6(self, url, options):
        with tempfile.TemporaryDirectory() as folder:
            script, summary = f"{folder}/script.js", f"{folder}/summary.json"
            options = {**options, "insecureSkipTLSVerify": True, "discardResponseBodies": True,
                       "summaryTrendStats": ["med", "p(95)", "p(99)", "p(99.9)"]}
            with open(script, "w", encoding="utf-8") as file:
                file.write(f"import http from 'k6/http';\nexport const options = {json.dumps(options)};\n"
                           f"export default function () {{ http.get('{url}'); }}\n")
            done = self.run("k6", "run", "-q", "--summary-export", summary, script,
                            environment={"GOMAXPROCS": "1", "K6_NO_USAGE_REPORT": "true"})
            with open(summary, encoding="utf-8") as file:
                return done, json.load(file)["metrics"]

    def closed(self, url, connections, seconds):
        done, metrics = self.k6(url, {"vus": connections, "duration": f"{seconds}s"})
        return self.answered(done, metrics["http_reqs"]["rate"], seconds)

    def open(self, url, rate, seconds, connections):
        done, metrics = self.k6(url, {"scenarios": {"steady": {
            "executor": "constant-arrival-rate", "rate": rate, "timeUnit": "1s", "duration": f"{seconds}s",
            "preAllocatedVUs": connections, "maxVUs": connections}}})
        latency = metrics["http_req_duration"]
        return Result(
            metrics["http_reqs"]["count"], done.cpu_seconds, latency["med"], latency["p(95)"], latency["p(99)"],
            latency["p(99.9)"], metrics.get("dropped_iterations", {}).get("count", 0))


def all_of(cpu, loadchaos):
    return [Loadchaos(cpu, loadchaos), Wrk(cpu), Hey(cpu), Ab(cpu), H2load(cpu), K6(cpu)]
