# The same stack in more than one region.

resource "aws_iam_role" "administration" {
  name               = "AWSCloudFormationStackSetAdministrationRole"
  assume_role_policy = data.aws_iam_policy_document.trust["cloudformation"].json
}

resource "aws_iam_role_policy" "administration" {
  name = "assume"
  role = aws_iam_role.administration.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.execution.arn }]
  })
}

resource "aws_iam_role" "execution" {
  name = "AWSCloudFormationStackSetExecutionRole"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.administration.arn } }]
  })
}

resource "aws_iam_role_policy" "execution" {
  name = "parameters"
  role = aws_iam_role.execution.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["cloudformation:*", "ssm:*"], Resource = "*" }]
  })
}

resource "aws_cloudformation_stack_set" "stage" {
  name                    = "${local.name}-stage"
  description             = "The stage in each region"
  administration_role_arn = aws_iam_role.administration.arn
  execution_role_name     = aws_iam_role.execution.name
  parameters              = { Stage = local.stage }
  tags                    = { stage = local.stage }
  template_body = jsonencode({
    Parameters = { Stage = { Type = "String" } }
    Resources  = { Told = { Type = "AWS::SSM::Parameter", Properties = { Name = "/shop/stage-of-set", Type = "String", Value = { Ref = "Stage" } } } }
  })
  operation_preferences {
    failure_tolerance_count = 0
    max_concurrent_count    = 1
  }
  depends_on = [aws_iam_role_policy.administration, aws_iam_role_policy.execution]
}

resource "aws_cloudformation_stack_set_instance" "stage" {
  for_each                  = toset([data.aws_region.here.region, "eu-west-1"])
  stack_set_name            = aws_cloudformation_stack_set.stage.name
  stack_set_instance_region = each.key
}
