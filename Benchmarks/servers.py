"""What is loaded: nginx with one worker on one CPU, plain and TLS, and the truth server, whose latency is known."""
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
        listen 127.0.0.1:{plain} backlog=16384; listen 127.0.0.1:{tls} ssl backlog=16384;
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


@contextlib.contextmanager
def nginx(cpu):
    """The URLs of the plain and the TLS server."""
    directory = tempfile.mkdtemp(prefix="loadchaos-bench-")
    server = None
    try:
        make_certificate(directory)
        plain, tls = free_port(), free_port()
        with open(f"{directory}/nginx.conf", "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(dir=directory, plain=plain, tls=tls))
        server = subprocess.Popen(["taskset", "-c", cpu, shutil.which("nginx", path=PATH), "-c", f"{directory}/nginx.conf"])
        for _ in range(100):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", plain), 1).close()
                break
            if server.poll() is not None:
                sys.exit("nginx ended at once; is it installed?")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{plain}/", f"https://127.0.0.1:{tls}/"
    finally:
        if server is not None:
            server.terminate()
            server.wait()
        shutil.rmtree(directory, ignore_errors=True)


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
