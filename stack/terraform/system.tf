# The .system file of this platform: where it lives, from here; what the document promises, and what it should cost,
# from the scenarios' own.

locals {
  promises = chomp(split("\nhops\n", file("${path.module}/../../scenarios/ecs-microservices.system"))[1])

  # In loadchaos' words, in columns as `loadchaos fmt` has them.
  rows = [for name in ["nginx", "flask-app", "redis"] : compact([
    name,
    "tasks ${join(" to ", distinct([local.services[name].tasks.min, local.services[name].tasks.max]))}",
    "cpu ${local.services[name].cpu / 1024}vCPU",
    "memory ${local.services[name].memory}MiB",
    "port ${local.services[name].port}",
    local.services[name].health == null ? "" : "health ${local.services[name].health}",
    "image ${local.services[name].image}",
  ])]
  widths = [for column in range(7) : max([for row in local.rows : try(length(row[column]), 0)]...)]

  system_file = templatefile("${path.module}/system.tftpl", {
    name     = var.name
    region   = var.region
    zones    = var.zones
    cluster  = aws_ecs_cluster.this.name
    balancer = aws_lb.this.name
    database = aws_db_instance.this.identifier
    account  = local.account
    services = [for row in local.rows : trimspace(join("  ", [
      for column, cell in row : format("%-${local.widths[column]}s", cell)
    ]))]
    promises = local.promises
  })
}
