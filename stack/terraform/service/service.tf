# Rolling updates that never have fewer tasks than are wanted, and go back by themselves when new tasks do not get well.

locals {
  is_scaled = var.size.tasks.max > var.size.tasks.min

  # The first task nobody takes away; a service of one task has no other.
  capacity = merge(
    { FARGATE = { base = 1, weight = 1 } },
    local.is_scaled && var.platform.spot_weight > 0 ? {
      FARGATE_SPOT = { base = 0, weight = var.platform.spot_weight }
    } : {},
  )
}

resource "aws_ecs_service" "this" {
  name                               = var.name
  cluster                            = var.platform.cluster
  task_definition                    = aws_ecs_task_definition.this.arn
  desired_count                      = var.size.tasks.min
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  enable_execute_command             = true
  propagate_tags                     = "SERVICE"
  # A zone that comes back gets its share of tasks again.
  availability_zone_rebalancing = "ENABLED"
  # As long as the balancer takes to find a new task healthy: two checks, 30 s apart.
  health_check_grace_period_seconds = var.target_group == null ? null : 60

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  dynamic "capacity_provider_strategy" {
    for_each = local.capacity

    content {
      capacity_provider = capacity_provider_strategy.key
      base              = capacity_provider_strategy.value.base
      weight            = capacity_provider_strategy.value.weight
    }
  }

  network_configuration {
    subnets          = var.platform.subnets
    security_groups  = [var.security_group]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = var.target_group[*]

    content {
      target_group_arn = load_balancer.value
      container_name   = var.name
      container_port   = var.size.port
    }
  }

  service_connect_configuration {
    enabled   = true
    namespace = var.platform.namespace

    dynamic "service" {
      for_each = var.serves[*]

      content {
        port_name      = var.name
        discovery_name = var.name

        client_alias {
          dns_name = var.name
          port     = var.size.port
        }
      }
    }
  }

  lifecycle {
    # Autoscaling says how many tasks there are, and the pipeline which revision. A change of the task definition here
    # is the base of the pipeline's next revision.
    ignore_changes = [desired_count, task_definition]
  }
}
