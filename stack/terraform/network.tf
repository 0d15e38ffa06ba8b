# Networking Layer: one VPC; in each zone a public subnet (balancer, NAT), a private one (tasks), one for the database.

locals {
  # 10.0.1.0/24, 10.0.2.0/24 … for the public ones, from 11 for the private, from 21 for the database's.
  number = { for index, zone in var.zones : zone => index + 1 }
}

resource "aws_vpc" "this" {
  cidr_block           = var.network
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = "${var.name}-vpc" }
}

resource "aws_subnet" "public" {
  for_each          = local.number
  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.network, 8, each.value)
  tags              = { Name = "${var.name}-public-${each.value}", Tier = "public" }
}

resource "aws_subnet" "private" {
  for_each          = local.number
  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.network, 8, 10 + each.value)
  tags              = { Name = "${var.name}-private-${each.value}", Tier = "private" }
}

resource "aws_subnet" "database" {
  for_each          = local.number
  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.network, 8, 20 + each.value)
  tags              = { Name = "${var.name}-database-${each.value}", Tier = "database" }
}
