resource "aws_codecommit_repository" "shop" {
  repository_name = local.name
  description     = "The shop, ${local.stage}"
  kms_key_id      = aws_kms_key.artifacts.arn
  tags            = { stage = local.stage }
}

resource "aws_cloudwatch_log_group" "build" {
  name              = "/delivery/${local.name}"
  retention_in_days = var.revision == 1 ? 14 : 30
  tags              = { stage = local.stage }
}

resource "aws_codebuild_project" "build" {
  name           = "${local.name}-build"
  description    = "Builds and tests, ${local.stage}"
  service_role   = aws_iam_role.build.arn
  build_timeout  = 10 * var.revision
  encryption_key = aws_kms_key.artifacts.arn
  tags           = { stage = local.stage }

  artifacts {
    type = "CODEPIPELINE"
  }

  source {
    type      = "CODEPIPELINE"
    buildspec = <<-SPEC
      version: 0.2
      phases:
        build:
          commands:
            - echo "$GREETING"
      artifacts:
        files: ['**/*']
    SPEC
  }

  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    type         = "LINUX_CONTAINER"

    environment_variable {
      name  = "STAGE"
      value = local.stage
    }
    environment_variable {
      name  = "GREETING"
      type  = "PARAMETER_STORE"
      value = aws_ssm_parameter.greeting.name
    }
  }

  logs_config {
    cloudwatch_logs {
      group_name  = aws_cloudwatch_log_group.build.name
      stream_name = "build"
    }
  }
}

resource "aws_codepipeline" "shop" {
  name           = local.name
  role_arn       = aws_iam_role.pipeline.arn
  pipeline_type  = "V2"
  execution_mode = "QUEUED"
  tags           = { stage = local.stage }

  artifact_store {
    location = aws_s3_bucket.artifacts.id
    type     = "S3"

    encryption_key {
      id   = aws_kms_key.artifacts.arn
      type = "KMS"
    }
  }

  variable {
    name          = "target"
    default_value = "test"
    description   = "Where to"
  }

  stage {
    name = "Source"

    action {
      name             = "Checkout"
      category         = "Source"
      owner            = "AWS"
      provider         = "CodeCommit"
      version          = "1"
      namespace        = "Source"
      output_artifacts = ["source"]
      configuration = {
        RepositoryName       = aws_codecommit_repository.shop.repository_name
        BranchName           = "main"
        PollForSourceChanges = "false"
      }
    }
  }

  dynamic "stage" {
    for_each = var.revision == 1 ? [] : ["Approve"]

    content {
      name = stage.value

      action {
        name     = "Ask"
        category = "Approval"
        owner    = "AWS"
        provider = "Manual"
        version  = "1"
        configuration = {
          CustomData = "Build #{Source.CommitId}?"
        }
      }
    }
  }

  stage {
    name = "Build"

    action {
      name             = "Build"
      category         = "Build"
      owner            = "AWS"
      provider         = "CodeBuild"
      version          = "1"
      input_artifacts  = ["source"]
      output_artifacts = ["build"]
      configuration = {
        ProjectName          = aws_codebuild_project.build.name
        EnvironmentVariables = jsonencode([{ name = "TARGET", value = "#{variables.target}", type = "PLAINTEXT" }])
      }
    }
  }
}

resource "aws_cloudwatch_event_rule" "pushed" {
  name        = "${local.name}-pushed"
  description = "A push to main, ${local.stage}"
  event_pattern = jsonencode({
    source      = ["aws.codecommit"]
    detail-type = ["CodeCommit Repository State Change"]
    resources   = [aws_codecommit_repository.shop.arn]
    detail      = { referenceType = ["branch"], referenceName = ["main"] }
  })
}

resource "aws_cloudwatch_event_target" "pushed" {
  rule     = aws_cloudwatch_event_rule.pushed.name
  arn      = aws_codepipeline.shop.arn
  role_arn = aws_iam_role.events.arn
}
