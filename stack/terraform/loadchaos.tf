# The role loadchaos runs as. Its policy is the one docs/aws.md publishes; Tests/terraform/policy.py compares them.

data "aws_iam_policy_document" "loadchaos" {
  # Whom the account lets assume it; a person's own policy has the last word.
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account}:root"]
    }
  }

  # And the pipeline, to judge what it has deployed.
  source_policy_documents = data.aws_iam_policy_document.github[*].json
}

resource "aws_iam_role" "loadchaos" {
  count              = var.chaos ? 1 : 0
  name               = "${var.name}-loadchaos"
  description        = "loadchaos: watches, breaks and mends"
  assume_role_policy = data.aws_iam_policy_document.loadchaos.json
  # A fault can be reverted only with keys that still work: longer than the longest gate.
  max_session_duration = 4 * 3600
}

resource "aws_iam_role_policy" "loadchaos" {
  count = var.chaos ? 1 : 0
  name  = "loadchaos"
  role  = aws_iam_role.loadchaos[0].id

  policy = templatefile("${path.module}/loadchaos-policy.json.tftpl", {
    partition = local.partition
    region    = var.region
    account   = local.account
    cluster   = aws_ecs_cluster.this.name
    vpc       = aws_vpc.this.id
  })
}
