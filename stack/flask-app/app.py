"""The document's Flask API: items through a Redis cache, kept in PostgreSQL; sessions in Redis."""

import hashlib
import json
import os
import re
import threading
import time
import urllib.request
import uuid
from contextlib import contextmanager

import psycopg
import redis
from flask import Flask, g, jsonify, make_response, request
from psycopg_pool import ConnectionPool, PoolTimeout
from redis.backoff import NoBackoff
from redis.retry import Retry
from werkzeug.exceptions import HTTPException

PAGE = 20
CACHE_SECONDS = 60
SESSION_SECONDS = 1800
ITEM_ID = re.compile(r"[A-Za-z0-9-]{1,64}")

# A release that is slower than the last one, on purpose: each answer but /health comes so much later.
RESPONSE_DELAY = float(os.environ.get("RESPONSE_DELAY_MS", "0")) / 1000

app = Flask(__name__)


# Where a request's time went: one `Server-Timing` entry per part, in milliseconds.


@app.before_request
def start_clock():
    g.started = time.perf_counter()
    g.spent = {}
    if RESPONSE_DELAY and request.path != "/health":
        time.sleep(RESPONSE_DELAY)


@contextmanager
def timed(part):
    started = time.perf_counter()
    try:
        yield
    finally:
        g.spent[part] = g.spent.get(part, 0.0) + time.perf_counter() - started


@app.after_request
def server_timing(response):
    parts = {"app": time.perf_counter() - g.started, **g.spent}
    response.headers["Server-Timing"] = ", ".join(f"{name};dur={took * 1e3:.3f}" for name, took in parts.items())
    return response


# The database. A dead connection must not hold a thread for minutes: TCP gives up after two seconds.

# One more than gunicorn has threads, so that /health finds one while all of them are busy.
POOL = int(os.environ.get("DATABASE_POOL", "9"))

# A database that keeps its clients waiting, on purpose: for so long, at each use of a connection.
DATABASE_WAIT = float(os.environ.get("DATABASE_WAIT_MS", "0")) / 1000

pool = ConnectionPool(
    os.environ.get("DATABASE_URL", "postgresql://lab@127.0.0.1:5432/items"),
    min_size=min(2, POOL),
    max_size=POOL,
    timeout=3,
    # The pool doubles its pauses until it gives an attempt up, and then begins anew as soon as somebody asks. Given 30 s
    # it would sleep for up to 16 s after a fail-over is complete.
    reconnect_timeout=3,
    open=False,
    kwargs={
        "autocommit": True,
        "connect_timeout": 2,
        "tcp_user_timeout": 2000,
        "keepalives": 1,
        "keepalives_idle": 2,
        "keepalives_interval": 1,
        "keepalives_count": 2,
        "options": "-c statement_timeout=4000",
    },
)


@contextmanager
def database():
    with timed("db"), pool.connection() as connection:
        if DATABASE_WAIT:
            connection.execute("SELECT pg_sleep(%s)", (DATABASE_WAIT,))
        yield connection


# The cache. Losing Redis costs speed, not answers: no retries, short timeouts, and a second's rest after each failure.

store = redis.Redis.from_url(
    os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
    retry=Retry(NoBackoff(), 0),
    socket_connect_timeout=0.2,
    socket_timeout=0.3,
    decode_responses=True,
)


class Breaker:
    """Open for `rest` seconds after a failure: meanwhile nobody waits for a Redis that is not there."""

    def __init__(self, rest=1.0):
        self.rest = rest
        self.open_until = 0.0

    def call(self, work):
        if time.monotonic() < self.open_until:
            raise redis.ConnectionError("redis is being left alone for a moment")
        try:
            with timed("redis"):
                return work()
        except (redis.ConnectionError, redis.TimeoutError) as error:
            self.open_until = time.monotonic() + self.rest
            app.logger.warning("redis does not answer: %s", error)
            raise


breaker = Breaker()


# Set, an error of the cache is an error of the request: for those who would rather not answer than hit the database.
REDIS_REQUIRED = os.environ.get("REDIS_REQUIRED") == "1"


def cached(key):
    if request.headers.get("Cache-Control") == "no-cache":
        return None
    try:
        text = breaker.call(lambda: store.get(key))
    except redis.RedisError:
        if REDIS_REQUIRED:
            raise
        return None
    return json.loads(text) if text else None


def remember(key, value):
    try:
        breaker.call(lambda: store.setex(key, CACHE_SECONDS, json.dumps(value)))
    except redis.RedisError:
        pass  # the database has it


def forget(key):
    try:
        breaker.call(lambda: store.delete(key))
    except redis.RedisError:
        pass  # it expires by itself


# Items.


class Complaint:
    """One line a second at most: a thousand requests that fail alike are one piece of news."""

    def __init__(self):
        self.quiet_until = 0.0

    def __call__(self, *words):
        if time.monotonic() >= self.quiet_until:
            self.quiet_until = time.monotonic() + 1
            app.logger.error(*words)


complain = Complaint()


def problem(status, text):
    return jsonify(error=text), status


@app.get("/api/items/<item_id>")
def read_item(item_id):
    key = f"item:{item_id}"
    item = cached(key)
    if item is None:
        with database() as connection:
            row = connection.execute("SELECT id, name FROM items WHERE id = %s", (item_id,)).fetchone()
        if row is None:
            return problem(404, "no such item")
        item = {"id": row[0], "name": row[1]}
        remember(key, item)
    return jsonify(item)


@app.get("/api/items")
def list_items():
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 1_000_000:
        return problem(400, "page is a whole number from 1 to 1000000")
    with database() as connection:
        rows = connection.execute(
            "SELECT id, name FROM items ORDER BY position LIMIT %s OFFSET %s", (PAGE, (page - 1) * PAGE)
        ).fetchall()
    return jsonify(page=page, items=[{"id": row[0], "name": row[1]} for row in rows])


def item_from_body(default_id):
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        return None, "the body is a JSON object"
    item_id, name = body.get("id", default_id), body.get("name")
    if not isinstance(item_id, str) or not ITEM_ID.fullmatch(item_id):
        return None, "id is 1 to 64 letters, digits or dashes"
    if not isinstance(name, str) or not 1 <= len(name) <= 200 or "\0" in name:
        return None, "name is 1 to 200 characters"
    return {"id": item_id, "name": name}, None


@app.post("/api/items")
def create_item():
    """Idempotent by id: a client that saw no answer may send the same item again."""
    item, wrong = item_from_body(str(uuid.uuid4()))
    if wrong:
        return problem(400, wrong)
    with database() as connection:
        created = connection.execute(
            "INSERT INTO items (id, name) VALUES (%(id)s, %(name)s) ON CONFLICT (id) DO NOTHING RETURNING id", item
        ).fetchone()
        if created is None:
            row = connection.execute("SELECT name FROM items WHERE id = %(id)s", item).fetchone()
            if row is None or row[0] != item["name"]:
                return problem(409, "another item has this id")
    return jsonify(item), 201 if created else 200


@app.put("/api/items/<item_id>")
def replace_item(item_id):
    item, wrong = item_from_body(item_id)
    if wrong or item["id"] != item_id:
        return problem(400, wrong or "the id of the path and of the body differ")
    with database() as connection:
        changed = connection.execute("UPDATE items SET name = %(name)s WHERE id = %(id)s", item).rowcount
    forget(f"item:{item_id}")
    return jsonify(item) if changed else problem(404, "no such item")


@app.delete("/api/items/<item_id>")
def delete_item(item_id):
    with database() as connection:
        changed = connection.execute("DELETE FROM items WHERE id = %s", (item_id,)).rowcount
    forget(f"item:{item_id}")
    return ("", 204) if changed else problem(404, "no such item")


# Sessions live in Redis alone: without it there are none, and that is said with 503.


@app.post("/api/session")
def open_session():
    body = request.get_json(silent=True)
    user = body.get("user") if isinstance(body, dict) else None
    if not isinstance(user, str) or not 1 <= len(user) <= 200:
        return problem(400, "user is 1 to 200 characters")
    session = str(uuid.uuid4())
    breaker.call(lambda: store.setex(f"session:{session}", SESSION_SECONDS, user))
    response = make_response(jsonify(session=session, user=user), 201)
    response.set_cookie("session", session, httponly=True, samesite="Lax")
    return response


@app.get("/api/session")
def read_session():
    session = request.cookies.get("session", "")
    user = breaker.call(lambda: store.get(f"session:{session}"))
    return jsonify(session=session, user=user) if user else problem(404, "no such session")


# The world outside, which a task reaches by its zone's NAT gateway. Without it this one answer is missing, no other: a
# short timeout, so that few threads wait.

EXTERNAL_URL = os.environ.get("EXTERNAL_URL", "")


@app.get("/api/rates")
def rates():
    try:
        with timed("external"), urllib.request.urlopen(EXTERNAL_URL, timeout=0.5) as answer:
            return jsonify(json.load(answer))
    except (OSError, ValueError):
        return problem(503, "the exchange rates cannot be reached")


# What costs CPU, and health.


@app.get("/api/cpu")
def burn():
    rounds = min(max(request.args.get("rounds", 20_000, type=int), 1), 1_000_000)
    digest = hashlib.pbkdf2_hmac("sha256", b"loadchaos", b"salt", rounds)
    return jsonify(rounds=rounds, digest=digest.hex())


@app.get("/health")
def health():
    """Healthy is: this task's own pool reaches the database. Redis may be away. See gunicorn.conf.py for its thread."""
    with timed("db"), pool.connection(timeout=2) as connection:
        connection.execute("SELECT 1")
    return jsonify(status="healthy")


@app.errorhandler(HTTPException)
def refused(error):
    return problem(error.code, error.description)


@app.errorhandler(PoolTimeout)
@app.errorhandler(psycopg.OperationalError)
@app.errorhandler(redis.RedisError)
def unavailable(error):
    complain("%s %s answered 503: %s", request.method, request.path, error)
    return problem(503, type(error).__name__)


@app.errorhandler(Exception)
def broken(error):
    app.logger.exception("unexpected error")
    return problem(500, type(error).__name__)


def open_pool():
    """Called in each worker after the fork: threads do not survive one."""
    threading.Thread(target=pool.open, name="pool-opener", daemon=True).start()
