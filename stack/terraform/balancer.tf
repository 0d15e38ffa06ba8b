# Load Balancing: internet-facing, IP targets; three failed checks, 30 s apart, take a target out, two good ones let it
# in.

locals {
  listeners = merge({ http = 80 }, var.certificate_arn == "" ? {} : { https = 443 })
}

resource "aws_lb" "this" {
  name                       = "${var.name}-alb"
  load_balancer_type         = "application"
  internal                   = false
  security_groups            = [aws_security_group.this["alb"].id]
  subnets                    = [for zone in var.zones : aws_subnet.public[zone].id]
  idle_timeout               = 60
  drop_invalid_header_fields = true
  enable_deletion_protection = !var.disposable
}

resource "aws_lb_target_group" "nginx" {
  name        = "${var.name}-nginx"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.this.id
  # As long as a task has between SIGTERM and SIGKILL; AWS's own 300 s would make every rollout five minutes longer.
  deregistration_delay = 30

  health_check {
    path                = "/nginx-health"
    matcher             = "200"
    interval            = 30
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

# HTTP serves beside HTTPS and redirects nobody: a redirect would answer every request of a scenario that is not
# `over https`.
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = local.listeners.http
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.nginx.arn
  }
}

resource "aws_lb_listener" "https" {
  count             = var.certificate_arn == "" ? 0 : 1
  load_balancer_arn = aws_lb.this.arn
  port              = local.listeners.https
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.nginx.arn
  }
}
