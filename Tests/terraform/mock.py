"""moto's server on a free port of the loopback, taught what the platform of stack/terraform needs of AWS.

Usage: mock.py FILE   writes the port into FILE when it listens, and serves until SIGTERM

Each lesson is something that AWS does and moto leaves out, so that Terraform's files need no switch for a mock.
"""

import io
import json
import os
import signal
import sys

import flask
from botocore import xform_name
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.iam.access_control import IAMRequestBase
from moto.moto_api import state_manager
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.rds.models import DBInstance
from werkzeug.serving import WSGIRequestHandler, make_server


def tags_of_scalable_targets():
    """Without ListTagsForResource Terraform's provider repeats the call for minutes."""
    tags, register = {}, ApplicationAutoScalingResponse.register_scalable_target

    def answer(arn):
        return tags.setdefault(arn, {})

    def register_with_tags(self):
        answered = register(self)
        answer(json.loads(answered)["ScalableTargetARN"]).update(self._get_param("Tags") or {})
        return answered

    def list_tags(self):
        return json.dumps({"Tags": answer(self._get_param("ResourceARN"))})

    def tag(self):
        answer(self._get_param("ResourceARN")).update(self._get_param("Tags"))
        return "{}"

    def untag(self):
        for key in self._get_param("TagKeys"):
            answer(self._get_param("ResourceARN")).pop(key, None)
        return "{}"

    ApplicationAutoScalingResponse.register_scalable_target = register_with_tags
    ApplicationAutoScalingResponse.list_tags_for_resource = list_tags
    ApplicationAutoScalingResponse.tag_resource = tag
    ApplicationAutoScalingResponse.untag_resource = untag


def services_as_created():
    """CreateService drops half of what it is given, which then is a difference in the next plan."""
    create = EC2ContainerServiceResponse.create_service
    dropped = [
        "availabilityZoneRebalancing", "capacityProviderStrategy", "deploymentConfiguration", "enableExecuteCommand",
        "healthCheckGracePeriodSeconds",
    ]

    def create_whole(self):
        service = create(self).result["service"]
        for name in dropped:
            if (value := self._get_param(name)) is not None:
                setattr(service, xform_name(name), value)
        if self._get_param("capacityProviderStrategy"):
            service.launch_type = None
        return ActionResult({"service": service})

    EC2ContainerServiceResponse.create_service = create_whole


def standby_of_databases():
    """A Multi-AZ instance says in which zone its standby is: without it nothing can be failed over."""

    def zone_of_standby(self):
        zones = sorted({subnet["SubnetAvailabilityZone"]["Name"] for subnet in self.db_subnet_group.subnets})
        others = [zone for zone in zones if zone != self.availability_zone]
        return others[0] if self.multi_az and others else None

    DBInstance.secondary_availability_zone = property(zone_of_standby)


def tasks_that_stay():
    """Each look at a task moves it on, from RUNNING to STOPPED in four looks."""
    state_manager.set_transition("ecs::task", {"progression": "manual", "times": 1_000_000_000})


def rehearsals():
    """Some actions of EC2 do what they are only asked to rehearse."""

    def rehearsed(act):
        def answer(self):
            self.error_on_dryrun()
            return act(self)

        return answer

    for action in ("create_network_acl", "replace_network_acl_association", "create_route", "delete_route"):
        setattr(EC2Response, action, rehearsed(getattr(EC2Response, action)))


def signatures_of_what_was_sent():
    """moto signs a form as it would have written it, with a plus for each space; AWS signs the bytes that came."""
    create = IAMRequestBase._create_aws_request

    def create_of_bytes(self):
        request = create(self)
        request.data = flask.request.environ["sent"]
        return request

    IAMRequestBase._create_aws_request = create_of_bytes


def keeping_bytes(application):
    def answer(environ, start_response):
        environ["sent"] = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(environ["sent"])
        return application(environ, start_response)

    return answer


class Quiet(WSGIRequestHandler):
    def log_request(self, *_):
        pass


for lesson in (
    tags_of_scalable_targets, services_as_created, standby_of_databases, tasks_that_stay, rehearsals,
    signatures_of_what_was_sent,
):
    lesson()
server = make_server(
    "127.0.0.1", 0, keeping_bytes(DomainDispatcherApplication(create_backend_app)), threaded=True,
    request_handler=Quiet)
# Where moto asks itself.
os.environ["MOTO_PORT"] = str(server.server_port)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with open(f"{sys.argv[1]}.new", "w") as file:
    file.write(str(server.server_port))
os.rename(f"{sys.argv[1]}.new", sys.argv[1])
server.serve_forever()
