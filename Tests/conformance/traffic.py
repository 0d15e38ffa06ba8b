"""What a client of the balancer sees while Chaos Toolkit is at work. Used by clients.py."""

import json
import re
import urllib.error
import urllib.request
import uuid


class Clients:
    """Of the balancer's first node that is in service."""

    def __init__(self, elb):
        balancer = elb.describe_load_balancers()["LoadBalancers"][0]
        address = next(a["IpAddress"] for z in balancer["AvailabilityZones"] for a in z["LoadBalancerAddresses"])
        listeners = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        port = next(entry["Port"] for entry in listeners if entry["Protocol"] == "HTTP")
        self.root = f"http://{address}:{port}"

    def _ask(self, path, body=None):
        """The status, and the parts that Server-Timing names; 0 when there was no answer."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.root + path, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:
                timing = answer.headers.get("Server-Timing", "")
                return answer.status, set(re.findall(r"(\w+);dur", timing))
        except urllib.error.HTTPError as error:
            return error.code, set()
        except OSError:
            return 0, set()

    def writes(self):
        return self._ask("/api/items", {"id": str(uuid.uuid4()), "name": "conformance"})[0] == 201

    def is_answered_by_the_cache(self):
        """An item that was just read comes without a question to the database."""
        self._ask("/api/items/1")
        status, parts = self._ask("/api/items/1")
        return status == 200 and "db" not in parts
