# One container a task. What it is now the pipeline decides: it registers revisions of this family.

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.platform.name}/${var.name}"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "this" {
  family                   = "${var.platform.name}-${var.name}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.size.cpu
  memory                   = var.size.memory
  execution_role_arn       = var.platform.execution_role
  task_role_arn            = var.platform.task_role

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  container_definitions = jsonencode([{
    name      = var.name
    image     = var.image
    essential = true
    # The rest is for Service Connect's proxy, which AWS puts into the task.
    memoryReservation = var.size.memory - 128

    portMappings = [merge(
      { name = var.name, containerPort = var.size.port, hostPort = var.size.port, protocol = "tcp" },
      var.serves == "http" ? { appProtocol = "http" } : {},
    )]

    environment = [for name, value in var.environment : { name = name, value = value }]
    secrets     = [for name, from in var.secrets : { name = name, valueFrom = from }]

    healthCheck = {
      command     = var.health_check
      interval    = 30
      timeout     = 5
      retries     = 3
      startPeriod = 30
    }

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = var.platform.region
        awslogs-stream-prefix = "ecs"
      }
    }
  }])
}
