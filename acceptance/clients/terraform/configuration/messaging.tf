resource "aws_sns_topic" "news" {
  name         = "${local.name}-news"
  display_name = "Shop, ${local.stage}"
  tags         = { stage = local.stage }
}

# The provider itself waits half a minute for what it sets on a queue, and two for its end.
# Nothing names it by its URL: one that is imported has AWS's.
resource "aws_sqs_queue" "spare" {
  name = "${local.name}-spare"
}

resource "aws_sqs_queue" "news" {
  name                       = "${local.name}-news"
  visibility_timeout_seconds = 30 * var.revision
  receive_wait_time_seconds  = 10
  sqs_managed_sse_enabled    = true
  tags                       = { stage = local.stage }
}

resource "aws_sqs_queue_policy" "news" {
  queue_url = aws_sqs_queue.news.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.news.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.news.arn } }
    }]
  })
}

resource "aws_sns_topic_subscription" "news" {
  topic_arn            = aws_sns_topic.news.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.news.arn
  raw_message_delivery = true
}

resource "aws_ssm_parameter" "greeting" {
  name        = "/${local.name}/greeting"
  description = "What a build says"
  type        = "String"
  value       = "Hello from ${local.stage}"
  tags        = { stage = local.stage }
}

resource "aws_ssm_parameter" "password" {
  name   = "/${local.name}/password"
  type   = "SecureString"
  key_id = aws_kms_key.artifacts.key_id
  value  = "not ${local.stage}"
}

resource "aws_secretsmanager_secret" "token" {
  name                    = "${local.name}/token"
  description             = "A token, ${local.stage}"
  kms_key_id              = aws_kms_key.artifacts.arn
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "token" {
  secret_id     = aws_secretsmanager_secret.token.id
  secret_string = jsonencode({ token = "not in the plan" })
}

resource "aws_cloudwatch_metric_alarm" "failures" {
  alarm_name          = "${local.name}-failures"
  alarm_description   = "Builds fail, ${local.stage}"
  namespace           = "AWS/CodeBuild"
  metric_name         = "FailedBuilds"
  dimensions          = { ProjectName = aws_codebuild_project.build.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = var.revision
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.news.arn]
}
