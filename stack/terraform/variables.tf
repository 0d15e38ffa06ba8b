variable "name" {
  description = "What every name begins with. The shipped scenarios know the default."
  type        = string
  default     = "ecs-microservices"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,24}[a-z0-9]$", var.name))
    error_message = "Lower-case letters, digits and dashes, 3 to 26 of them: a target group's name has 32 at most."
  }
}

variable "environment" {
  description = "Which of several platforms this is; the tag Environment of everything."
  type        = string
  default     = "production"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.environment))
    error_message = "Lower-case letters, digits and dashes."
  }
}

variable "region" {
  description = "The AWS region."
  type        = string
  default     = "ap-south-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like ap-south-1."
  }
}

variable "zones" {
  description = "The availability zones: each gets a public, a private and a database subnet and a NAT gateway."
  type        = list(string)
  default     = ["ap-south-1a", "ap-south-1b"]

  validation {
    condition     = length(distinct(var.zones)) == length(var.zones) && length(var.zones) >= 2 && length(var.zones) <= 9
    error_message = "Two to nine different zones: the balancer and a Multi-AZ database need two."
  }

  validation {
    condition     = alltrue([for zone in var.zones : startswith(zone, var.region)])
    error_message = "Each zone must be one of the region's."
  }
}

variable "network" {
  description = "The VPC's addresses."
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = can(cidrhost(var.network, 0)) && endswith(var.network, "/16")
    error_message = "A /16, such as 10.0.0.0/16: each subnet is a /24 of it."
  }
}

variable "certificate_arn" {
  description = "An ACM certificate for an HTTPS listener beside the HTTP one; empty: HTTP alone."
  type        = string
  default     = ""

  validation {
    condition     = var.certificate_arn == "" || startswith(var.certificate_arn, "arn:")
    error_message = "An ARN, or nothing."
  }
}

variable "image_tag" {
  description = "The version of the images in the first task definitions. After that the pipeline says what runs."
  type        = string
  default     = "v1"

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag))
    error_message = "A tag of a container image."
  }
}

variable "postgres_version" {
  description = "PostgreSQL's version. With the major alone RDS takes its newest minor."
  type        = string
  # The document says 15.4; RDS offers no minor version for ever.
  default = "15"

  validation {
    condition     = can(regex("^15(\\.[0-9]+)?$", var.postgres_version))
    error_message = "15, or 15 with a minor version: the document's major version."
  }
}

variable "spot_weight" {
  description = "How many tasks go to Fargate Spot for each one on Fargate, beyond a service's first; 0: none."
  type        = number
  # "Use Fargate Spot" (Cost Optimization), as the lab does it.
  default = 3

  validation {
    condition     = var.spot_weight >= 0 && var.spot_weight <= 1000 && floor(var.spot_weight) == var.spot_weight
    error_message = "A whole number from 0 to 1000."
  }
}

variable "external_url" {
  description = "A JSON document on the internet for GET /api/rates, which nat-loss.scn needs; empty: it answers 503."
  type        = string
  default     = ""

  validation {
    condition     = var.external_url == "" || can(regex("^https?://", var.external_url))
    error_message = "An http or https URL, or nothing."
  }
}

variable "chaos" {
  description = "Whether loadchaos may break things here: tags everything loadchaos = allowed, and makes its role."
  type        = bool
  default     = true
}

variable "github_repository" {
  description = "OWNER/NAME of the repository whose main branch may deploy here by OIDC; empty: none."
  type        = string
  default     = ""

  validation {
    condition     = var.github_repository == "" || can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "OWNER/NAME, or nothing."
  }
}

variable "github_provider_arn" {
  description = "The account's OIDC provider for GitHub, of which it can have one only; empty: it is made here."
  type        = string
  default     = ""

  validation {
    condition     = var.github_provider_arn == "" || strcontains(var.github_provider_arn, ":oidc-provider/")
    error_message = "The ARN of an OIDC provider, or nothing."
  }
}

variable "disposable" {
  description = "Whether destroy takes all with it: images, secret and database, without a last snapshot."
  type        = bool
  default     = false
}
