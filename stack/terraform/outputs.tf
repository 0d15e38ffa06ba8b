output "url" {
  description = "The balancer."
  value       = "http://${aws_lb.this.dns_name}"
}

output "images" {
  description = "Where the images go."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}

output "deploy_role" {
  description = "The pipeline's role; null: no repository was named."
  value       = one(aws_iam_role.deploy[*].arn)
}

output "loadchaos_role" {
  description = "loadchaos' role; null: nothing may be broken here."
  value       = one(aws_iam_role.loadchaos[*].arn)
}

output "system_file" {
  description = "For loadchaos: terraform output -raw system_file > my.system"
  value       = local.system_file
  # No secret: it would fill the screen after every apply.
  sensitive = true
}
