terraform {
  # The database's password lives in ephemeral values and write-only arguments, so it is in no state and no plan.
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

# Keys, profile and endpoint come from the environment, as for every other client of AWS.
provider "aws" {
  region = var.region

  default_tags {
    tags = merge(
      { Project = var.name, Environment = var.environment, ManagedBy = "terraform" },
      # What the guard of the .system file asks for: without it loadchaos breaks nothing here.
      var.chaos ? { loadchaos = "allowed" } : {},
    )
  }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
}
