# Auto Scaling: "Add task when > 70% for 60s", "Remove task when < 70% for 300s". One datapoint of a minute, and five in
# a row; the cooldowns are the same windows, so every step needs the condition anew.

locals {
  rules = {
    out = { does = "Add", alarm = "high", when = "GreaterThanThreshold", minutes = 1, step = 1 }
    in  = { does = "Remove", alarm = "low", when = "LessThanThreshold", minutes = 5, step = -1 }
  }
}

resource "aws_appautoscaling_target" "this" {
  count              = local.is_scaled ? 1 : 0
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.platform.cluster}/${aws_ecs_service.this.name}"
  min_capacity       = var.size.tasks.min
  max_capacity       = var.size.tasks.max
}

resource "aws_appautoscaling_policy" "this" {
  for_each           = local.is_scaled ? local.rules : {}
  name               = "${var.platform.name}-${var.name}-scale-${each.key}"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    metric_aggregation_type = "Average"
    cooldown                = each.value.minutes * 60

    # Bounds count from the alarm's threshold.
    step_adjustment {
      scaling_adjustment          = each.value.step
      metric_interval_lower_bound = each.key == "out" ? 0 : null
      metric_interval_upper_bound = each.key == "in" ? 0 : null
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "cpu" {
  for_each            = local.is_scaled ? local.rules : {}
  alarm_name          = "${var.platform.name}-${var.name}-cpu-${each.value.alarm}"
  alarm_description   = "${each.value.does} a task of ${var.name}"
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  dimensions          = { ClusterName = var.platform.cluster, ServiceName = aws_ecs_service.this.name }
  statistic           = "Average"
  comparison_operator = each.value.when
  threshold           = 70
  period              = 60
  evaluation_periods  = each.value.minutes
  alarm_actions       = [aws_appautoscaling_policy.this[each.key].arn]
}
