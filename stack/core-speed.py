"""How fast a core is now: the CPU seconds of one request, a line every second. For the lab: Lab/Machine/CoreSpeed.swift.

The request is what a Flask task of the document is made of, with the same libraries: gunicorn reads it from a socket and
hands it to a thread, Flask answers it with JSON. One a tenth of a second, and the mean of ten: in a burst they would find
everything in the caches and cost as little as a third, which is no measure of a task that shares its core.
"""

import json
import select
import socket
import time
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, jsonify, request
from gunicorn.config import Config
from gunicorn.http import RequestParser, wsgi

REQUESTS = 10
APART = 0.1
ADDRESS = ("127.0.0.1", 5000)
ASK = b"GET /items?page=3 HTTP/1.1\r\nHost: lab\r\nUser-Agent: core-speed\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n"

app = Flask("core-speed")
page_of_items = json.dumps([{"id": str(n), "name": "item %d" % n, "description": "x" * 40} for n in range(20)])


@app.get("/items")
def items():
    return jsonify(page=int(request.args["page"]), items=json.loads(page_of_items))


client, server = socket.socketpair()
poll = select.epoll()
poll.register(server, select.EPOLLIN)
threads = ThreadPoolExecutor(max_workers=1)
settings = Config()
parser = RequestParser(settings, server, ADDRESS)


def answer():
    response, environ = wsgi.create(next(parser), server, ADDRESS, ADDRESS, settings)
    body = app.wsgi_app(environ, response.start_response)
    for part in body:
        response.write(part)
    response.close()
    body.close()


def took():
    time.sleep(APART)
    began = time.process_time()
    client.send(ASK)
    poll.poll()
    threads.submit(answer).result()
    client.recv(65536)
    return time.process_time() - began


took()  # the first request prepares the application
while True:
    print("%.6f" % (sum(took() for _ in range(REQUESTS)) / REQUESTS), flush=True)
