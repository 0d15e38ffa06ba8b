variable "name" {
  description = "The service's, its container's and its Service Connect name."
  type        = string
}

variable "platform" {
  description = "What all services have in common."
  type = object({
    name           = string
    region         = string
    cluster        = string
    namespace      = string
    subnets        = list(string)
    execution_role = string
    task_role      = string
    spot_weight    = number
  })
}

variable "size" {
  description = "The port, CPU units and MiB of a task, and the fewest and most tasks."
  type = object({
    port   = number
    cpu    = number
    memory = number
    tasks  = object({ min = number, max = number })
  })
}

variable "security_group" {
  description = "Who may connect to its tasks."
  type        = string
}

variable "image" {
  description = "The image of the first task definition."
  type        = string
}

variable "health_check" {
  description = "The container's health check. What an image says itself ECS does not read."
  type        = list(string)
}

variable "environment" {
  description = "Variables of the container."
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Variables of the container that come from Secrets Manager."
  type        = map(string)
  default     = {}
}

variable "serves" {
  description = "What other services find at its port by Service Connect, http or tcp; null: it only calls."
  type        = string
  default     = null

  validation {
    condition     = var.serves == null || contains(["http", "tcp"], coalesce(var.serves, "none"))
    error_message = "http, tcp or null."
  }
}

variable "target_group" {
  description = "The balancer's target group that its tasks are in; null: none."
  type        = string
  default     = null
}
