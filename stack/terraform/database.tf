# Database Layer: PostgreSQL 15 with a synchronous standby in another zone.

locals {
  # `costs` of scenarios/ecs-microservices.system prices these.
  database = { name = "items", user = "app", class = "db.t3.micro", storage = 20 }

  # Without the password, which libpq takes from PGPASSWORD.
  database_server = "${local.database.user}@${aws_db_instance.this.endpoint}"
  database_url    = "postgresql://${local.database_server}/${local.database.name}?sslmode=require"
}

# The password is drawn once, kept in Secrets Manager, and read from there by RDS and by tasks: it is in no state.
ephemeral "aws_secretsmanager_random_password" "database" {
  password_length     = 32
  exclude_punctuation = true
}

# Not RDS's own secret, which is rotated every week: a running task would keep the old password until it is replaced.
resource "aws_secretsmanager_secret" "database" {
  name                    = "${var.name}/database"
  description             = "The user of the ${local.database.name} database"
  recovery_window_in_days = var.disposable ? 0 : 7
}

resource "aws_secretsmanager_secret_version" "database" {
  secret_id                = aws_secretsmanager_secret.database.id
  secret_string_wo_version = 1
  secret_string_wo = jsonencode({
    username = local.database.user
    password = ephemeral.aws_secretsmanager_random_password.database.random_password
  })
}

# What was stored, not what was drawn: each plan draws anew, and only the first is stored.
ephemeral "aws_secretsmanager_secret_version" "database" {
  secret_id = aws_secretsmanager_secret_version.database.secret_id
}

resource "aws_db_subnet_group" "this" {
  name       = "${var.name}-database"
  subnet_ids = [for zone in var.zones : aws_subnet.database[zone].id]
}

resource "aws_db_instance" "this" {
  identifier     = "${var.name}-db"
  engine         = "postgres"
  engine_version = var.postgres_version
  instance_class = local.database.class

  allocated_storage = local.database.storage
  storage_type      = "gp3"
  storage_encrypted = true

  db_name             = local.database.name
  username            = local.database.user
  password_wo         = jsondecode(ephemeral.aws_secretsmanager_secret_version.database.secret_string).password
  password_wo_version = aws_secretsmanager_secret_version.database.secret_string_wo_version

  multi_az               = true
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this["rds"].id]
  publicly_accessible    = false

  backup_retention_period   = 7
  copy_tags_to_snapshot     = true
  deletion_protection       = !var.disposable
  skip_final_snapshot       = var.disposable
  final_snapshot_identifier = var.disposable ? null : "${var.name}-last"
}
