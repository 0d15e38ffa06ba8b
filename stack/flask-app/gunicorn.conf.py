"""One worker, eight threads, and a ninth that only answers /health."""

import socket
from concurrent.futures import ThreadPoolExecutor

from gunicorn.workers.gthread import ThreadWorker


class HealthAside(ThreadWorker):
    """A threaded worker whose health checks do not queue behind busy threads.

    Eight requests waiting for a slow database fill all eight threads; were /health the ninth in the queue, a task that
    works would be taken out of service, and its load would do the same to the next one.
    """

    def init_process(self):
        self.health_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")
        super().init_process()

    def enqueue_req(self, conn):
        if not self.asks_for_health(conn):
            return super().enqueue_req(conn)
        conn.init()
        self._wrap_future(self.health_thread.submit(self.handle, conn), conn)

    @staticmethod
    def asks_for_health(conn):
        try:
            return conn.sock.recv(12, socket.MSG_PEEK | socket.MSG_DONTWAIT) in (b"GET /health ", b"GET /health?")
        except OSError:
            return False  # the ordinary way finds out what is wrong with the connection


wsgi_app = "app:app"
worker_class = HealthAside
workers = 1
threads = 8
bind = "0.0.0.0:5000"
keepalive = 75
graceful_timeout = 10
worker_tmp_dir = "/dev/shm"


def post_worker_init(worker):
    import app

    app.open_pool()
