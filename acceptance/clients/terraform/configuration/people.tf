data "aws_iam_policy" "read" { name = "ReadOnlyAccess" }

data "aws_iam_policy_document" "boundary" {
  source_policy_documents = [data.aws_iam_policy.read.policy]
  statement {
    sid       = "Queues"
    actions   = ["sqs:*"]
    resources = ["arn:${data.aws_partition.here.partition}:sqs:${data.aws_region.here.region}:${local.account}:*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name   = "${local.name}-boundary"
  policy = data.aws_iam_policy_document.boundary.json
  tags   = { stage = local.stage }
}

resource "aws_iam_user" "operator" {
  name                 = "${local.name}-operator"
  path                 = "/delivery/"
  force_destroy        = true
  permissions_boundary = aws_iam_policy.boundary.arn
  tags                 = { stage = local.stage }
}

resource "aws_iam_access_key" "operator" {
  user   = aws_iam_user.operator.name
  status = var.revision == 1 ? "Active" : "Inactive"
}

resource "aws_iam_service_specific_credential" "operator" {
  user_name    = aws_iam_user.operator.name
  service_name = "codecommit.amazonaws.com"
  status       = var.revision == 1 ? "Active" : "Inactive"
}

resource "aws_iam_user_policy" "operator" {
  name = "receive"
  user = aws_iam_user.operator.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Stage${var.revision}", Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "*" }]
  })
}

resource "aws_iam_user_policy_attachment" "operator" {
  user       = aws_iam_user.operator.name
  policy_arn = aws_iam_policy.boundary.arn
}

resource "aws_iam_group" "operators" {
  name = "${local.name}-operators"
  path = var.revision == 1 ? "/" : "/delivery/"
}

resource "aws_iam_group_membership" "operators" {
  name  = "operators"
  group = aws_iam_group.operators.name
  users = [aws_iam_user.operator.name]
}

resource "aws_iam_group" "readers" {
  name = "${local.name}-readers"
}

resource "aws_iam_user_group_membership" "operator" {
  user       = aws_iam_user.operator.name
  groups     = [aws_iam_group.readers.name]
  depends_on = [aws_iam_group_membership.operators]
}

resource "aws_iam_group_policy" "operators" {
  name  = "receive"
  group = aws_iam_group.operators.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Stage${var.revision}", Effect = "Allow", Action = "sqs:*", Resource = "*" }]
  })
}

resource "aws_iam_group_policy_attachment" "readers" {
  group      = aws_iam_group.readers.name
  policy_arn = data.aws_iam_policy.read.arn
}

resource "aws_iam_role_policies_exclusive" "build" {
  role_name    = aws_iam_role.build.name
  policy_names = [aws_iam_role_policy.build.name]
}

resource "aws_iam_role_policy_attachments_exclusive" "instance" {
  role_name   = aws_iam_role.instance.name
  policy_arns = [aws_iam_role_policy_attachment.instance.policy_arn]
}

resource "aws_iam_service_linked_role" "scaling" {
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = local.name
  description      = "Scales the shop, ${local.stage}"
}

resource "aws_iam_account_alias" "shop" {
  account_alias = "${local.name}-${local.account}"
}

resource "aws_iam_account_password_policy" "shop" {
  minimum_password_length        = 12
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  allow_users_to_change_password = true
  max_password_age               = 90 + var.revision
}

resource "aws_iam_user_login_profile" "operator" {
  user                    = aws_iam_user.operator.name
  password_reset_required = true
}
