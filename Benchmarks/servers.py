"""What is loaded: servers that people really run, plain and TLS, and the truth server, whose latency is known."""
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

CONFIGURATION = """
daemon off; worker_processes 1; worker_rlimit_nofile 65536; pid {dir}/pid; error_log {dir}/error.log;
events {{ worker_connections 32768; }}
http {{
    access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
    client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
    uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
    server {{
        listen 127.0.0.1:{plain} backlog=16384; listen 127.0.0.1:{tls} ssl{http2} backlog=16384;
        ssl_certificate {dir}/certificate.pem; ssl_certificate_key {dir}/key.pem;
        location / {{ return 200 "ok\\n"; }}
    }}
}}
"""
PATH = os.environ["PATH"] + ":/usr/sbin"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", "/CN=127.0.0.1", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"],
        check=True, capture_output=True)
    with open(f"{folder}/both.pem", "w", encoding="utf-8") as both:
        for part in ("certificate.pem", "key.pem"):
            with open(f"{folder}/{part}", encoding="utf-8") as file:
                both.write(file.read())


def nginx(folder, plain, tls, http2=""):
    write(folder, "nginx.conf", CONFIGURATION.format(dir=folder, plain=plain, tls=tls, http2=http2))
    return [["nginx", "-c", f"{folder}/nginx.conf"]]


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def program(name):
    return shutil.which(name, path=PATH)


@contextlib.contextmanager
def running(server, cpu=None):
    """The URLs of a server, plain and TLS. `server`, given a folder with a certificate and two ports, writes what it needs
    there and returns its commands; with `cpu` they are held to it."""
    folder = tempfile.mkdtemp(prefix="loadchaos-bench-")
    started = []
    try:
        make_certificate(folder)
        ports = free_port(), free_port()
        for command in server(folder, *ports):
            command = [program(command[0]), *command[1:]]
            started.append(subprocess.Popen((["taskset", "-c", cpu] if cpu else []) + command, stdout=subprocess.DEVNULL))
        for port in ports:
            wait_for(port, started)
        yield f"http://127.0.0.1:{ports[0]}/", f"https://127.0.0.1:{ports[1]}/"
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(port, started):
    for _ in range(200):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        if any(process.poll() is not None for process in started):
            sys.exit(f"{started[0].args[0]} ended at once")
        time.sleep(0.05)
    sys.exit(f"{started[0].args[0]} does not listen")


class Truth:
    """The truth server, started for one load: its URL, and afterwards what it really did."""

    def __init__(self, program, cpu, **options):
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self.process = subprocess.Popen(
            ["taskset", "-c", cpu, program, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}/"

    def end(self):
        answer, _ = self.process.communicate()
        return json.loads(answer)
