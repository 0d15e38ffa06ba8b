"""How fast a core is now: the CPU seconds of one unit of work, a line every two seconds. For the lab: Lab/Machine/CoreSpeed.swift.

The work is what a Flask task spends its time on: interpreted code, half of it in the kernel. 0.3 % of a core.
"""

import json
import select
import socket
import time

near, far = socket.socketpair()
poll = select.epoll()
poll.register(far, select.EPOLLIN)


def work():
    for i in range(75):
        text = json.dumps({"id": str(i), "name": "item %d" % i, "tags": [i, i + 1]})
        dict(sorted(json.loads(text).items()))["name"].encode().hex()
        near.send(b"x" * 200)
        poll.poll(0)
        far.recv(4096)


def took():
    began = time.process_time()
    work()
    return time.process_time() - began


while True:
    took()  # finds the caches cold
    print("%.6f" % sorted(took() for _ in range(3))[1], flush=True)
    time.sleep(2)
