data "aws_iam_policy_document" "pull" {
  statement {
    sid     = "Pull${var.revision}"
    actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.build.arn]
    }
  }
}

resource "aws_ecr_repository" "shop" {
  name                 = "delivery/${local.name}"
  image_tag_mutability = var.revision == 1 ? "MUTABLE" : "IMMUTABLE"
  force_delete         = true
  tags                 = { stage = local.stage }

  image_scanning_configuration {
    scan_on_push = false
  }
}

resource "aws_ecr_repository_policy" "shop" {
  repository = aws_ecr_repository.shop.name
  policy     = data.aws_iam_policy_document.pull.json
}

resource "aws_ecr_lifecycle_policy" "shop" {
  repository = aws_ecr_repository.shop.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Few"
      selection    = { tagStatus = "untagged", countType = "imageCountMoreThan", countNumber = 3 }
      action       = { type = "expire" }
    }]
  })
}

resource "aws_codebuild_report_group" "tests" {
  name           = "${local.name}-tests"
  type           = "TEST"
  delete_reports = true
  tags           = { stage = local.stage }
  export_config {
    type = "NO_EXPORT"
  }
}

resource "aws_iam_role" "deploy" {
  name               = "${local.name}-deploy"
  assume_role_policy = data.aws_iam_policy_document.trust["codedeploy"].json
}

resource "aws_iam_role_policy_attachment" "deploy" {
  role       = aws_iam_role.deploy.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRole"
}

resource "aws_codedeploy_app" "shop" {
  name             = local.name
  compute_platform = "Server"
  tags             = { stage = local.stage }
}

resource "aws_codedeploy_deployment_config" "half" {
  deployment_config_name = "${local.name}-half"
  compute_platform       = "Server"
  minimum_healthy_hosts {
    type  = "FLEET_PERCENT"
    value = 50
  }
}

resource "aws_codedeploy_deployment_group" "shop" {
  app_name               = aws_codedeploy_app.shop.name
  deployment_group_name  = local.name
  service_role_arn       = aws_iam_role.deploy.arn
  deployment_config_name = var.revision == 1 ? "CodeDeployDefault.OneAtATime" : aws_codedeploy_deployment_config.half.id
  autoscaling_groups     = [aws_autoscaling_group.shop.name]
  tags                   = { stage = local.stage }
  depends_on             = [aws_iam_role_policy_attachment.deploy]

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE"]
  }
  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "IN_PLACE"
  }
  load_balancer_info {
    target_group_info {
      name = aws_lb_target_group.shop.name
    }
  }
  trigger_configuration {
    trigger_name       = "told"
    trigger_events     = var.revision == 1 ? ["DeploymentFailure"] : ["DeploymentFailure", "DeploymentSuccess"]
    trigger_target_arn = aws_sns_topic.news.arn
  }
}

resource "aws_codepipeline_custom_action_type" "review" {
  category      = "Test"
  provider_name = "Review"
  version       = "1"
  tags          = { stage = local.stage }
  input_artifact_details {
    minimum_count = 0
    maximum_count = 1
  }
  output_artifact_details {
    minimum_count = 0
    maximum_count = 0
  }
  configuration_property {
    name        = "Reviewer"
    description = "Who looks"
    key         = true
    queryable   = false
    required    = true
    secret      = false
    type        = "String"
  }
}

resource "aws_codepipeline_webhook" "pushed" {
  name            = "${local.name}-pushed"
  authentication  = "IP"
  target_action   = "Checkout"
  target_pipeline = aws_codepipeline.shop.name
  tags            = { stage = local.stage }
  authentication_configuration {
    allowed_ip_range = "127.0.0.0/8"
  }
  filter {
    json_path    = "$.ref"
    match_equals = "refs/heads/{Branch}"
  }
}

resource "aws_cloudformation_stack" "shop" {
  name       = local.name
  parameters = { Stage = local.stage }
  tags       = { stage = local.stage }
  template_body = jsonencode({
    Parameters = { Stage = { Type = "String" } }
    Resources = {
      Topic = { Type = "AWS::SNS::Topic", Properties = { DisplayName = { Ref = "Stage" } } }
    }
    Outputs = { Topic = { Value = { Ref = "Topic" }, Export = { Name = "${local.name}-topic" } } }
  })
}

data "aws_cloudformation_export" "topic" {
  name       = "${local.name}-topic"
  depends_on = [aws_cloudformation_stack.shop]
}

resource "aws_cloudcontrolapi_resource" "stage" {
  type_name = "AWS::SSM::Parameter"
  desired_state = jsonencode({
    Name  = "/${local.name}/stage"
    Type  = "String"
    Value = local.stage
  })
}
