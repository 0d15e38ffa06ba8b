# The three services, each after the one it calls: a task resolves by Service Connect only what was there before it.

locals {
  # What the services have in common.
  platform = {
    name           = var.name
    region         = var.region
    cluster        = aws_ecs_cluster.this.name
    namespace      = aws_service_discovery_http_namespace.this.arn
    subnets        = [for zone in var.zones : aws_subnet.private[zone].id]
    execution_role = aws_iam_role.execution.arn
    task_role      = aws_iam_role.task.arn
    spot_weight    = var.spot_weight
  }

  # Services Architecture: the size of each, in CPU units and MiB, and the limits of its autoscaling.
  services = {
    nginx = {
      image  = "${var.name}/nginx"
      port   = 80
      health = "/nginx-health"
      cpu    = 256
      memory = 512
      tasks  = { min = 2, max = 4 }
    }
    flask-app = {
      image  = "${var.name}/flask-app"
      port   = 5000
      health = "/health"
      cpu    = 512
      memory = 1024
      tasks  = { min = 2, max = 4 }
    }
    redis = {
      image  = "redis:7-alpine"
      port   = 6379
      health = null
      cpu    = 256
      memory = 512
      tasks  = { min = 1, max = 1 }
    }
  }
}

module "redis" {
  source         = "./service"
  name           = "redis"
  platform       = local.platform
  size           = local.services.redis
  security_group = aws_security_group.this["redis"].id
  # Docker's own image from Amazon's public registry, which does not count anonymous pulls as strictly as Docker's.
  image        = "public.ecr.aws/docker/library/${local.services.redis.image}"
  health_check = ["CMD-SHELL", "redis-cli ping | grep -q PONG"]
  serves       = "tcp"

  # A task starts at once, and needs what it runs on, the right to pull, and a way to the registry.
  depends_on = [
    aws_ecs_cluster_capacity_providers.this,
    aws_iam_role_policy.execution,
    aws_route.private,
    aws_route_table_association.private,
    aws_vpc_security_group_egress_rule.all,
  ]
}

module "flask_app" {
  source         = "./service"
  name           = "flask-app"
  platform       = local.platform
  size           = local.services.flask-app
  security_group = aws_security_group.this["flask-app"].id
  image          = "${aws_ecr_repository.this["flask-app"].repository_url}:${var.image_tag}"
  health_check = [ # the image has no curl
    "CMD", "python", "-c",
    "import urllib.request as u; u.urlopen('http://127.0.0.1:5000${local.services.flask-app.health}', timeout=4)",
  ]
  serves = "http"

  environment = {
    DATABASE_URL = local.database_url
    REDIS_URL    = "redis://redis:6379/0"
    EXTERNAL_URL = var.external_url
  }
  secrets = { PGPASSWORD = "${aws_secretsmanager_secret.database.arn}:password::" }

  depends_on = [module.redis, aws_secretsmanager_secret_version.database]
}

module "nginx" {
  source         = "./service"
  name           = "nginx"
  platform       = local.platform
  size           = local.services.nginx
  security_group = aws_security_group.this["nginx"].id
  image          = "${aws_ecr_repository.this["nginx"].repository_url}:${var.image_tag}"
  health_check   = ["CMD-SHELL", "curl -fsS http://127.0.0.1${local.services.nginx.health} || exit 1"]
  target_group   = aws_lb_target_group.nginx.arn

  # ECS refuses a target group that no listener leads to.
  depends_on = [module.flask_app, aws_lb_listener.http]
}
