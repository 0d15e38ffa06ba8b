# Who may connect to whom. The document has one group for all tasks, open to itself; here each service has its own, and
# only the doors below are open.

locals {
  groups = {
    alb       = "The balancer: everybody"
    nginx     = "nginx: the balancer"
    flask-app = "Flask: nginx"
    redis     = "Redis: Flask"
    rds       = "The database: Flask"
  }

  doors = {
    nginx-from-alb       = { to = "nginx", from = "alb", port = 80 }
    flask-app-from-nginx = { to = "flask-app", from = "nginx", port = 5000 }
    redis-from-flask-app = { to = "redis", from = "flask-app", port = 6379 }
    rds-from-flask-app   = { to = "rds", from = "flask-app", port = 5432 }
    # redis-throughput.scn asks Redis from a task of Redis's own.
    redis-from-redis = { to = "redis", from = "redis", port = 6379 }
  }
}

# The VPC's default group stays as AWS makes it, in from itself and out to all: security-boundaries.scn puts a stranger
# into it, who must come as far as every door.
resource "aws_security_group" "this" {
  for_each    = local.groups
  name        = "${var.name}-${each.key}-sg"
  description = each.value
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-${each.key}-sg" }
}

resource "aws_vpc_security_group_ingress_rule" "internet" {
  for_each          = local.listeners
  security_group_id = aws_security_group.this["alb"].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
  tags              = { Name = "${each.key}-from-everywhere" }
}

# Service Connect's proxies listen on the container's port, so a door is the service's own port.
resource "aws_vpc_security_group_ingress_rule" "door" {
  for_each                     = local.doors
  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  tags                         = { Name = each.key }
}

# Out to all, as the document says: tasks need ECR, logs and secrets by the NAT gateway. The database begins nothing.
resource "aws_vpc_security_group_egress_rule" "all" {
  for_each          = setsubtract(keys(local.groups), ["rds"])
  security_group_id = aws_security_group.this[each.key].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
  tags              = { Name = "everywhere-from-${each.key}" }
}
