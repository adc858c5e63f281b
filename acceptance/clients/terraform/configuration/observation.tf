resource "aws_cloudwatch_log_stream" "deploys" {
  name           = "deploys"
  log_group_name = aws_cloudwatch_log_group.build.name
}

resource "aws_cloudwatch_log_metric_filter" "errors" {
  name           = "errors"
  log_group_name = aws_cloudwatch_log_group.build.name
  pattern        = var.revision == 1 ? "ERROR" : "?ERROR ?FATAL"
  metric_transformation {
    namespace     = local.name
    name          = "Errors"
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_log_resource_policy" "events" {
  policy_name = local.name
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Stage${var.revision}"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "${aws_cloudwatch_log_group.build.arn}:*"
    }]
  })
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.name}-errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = var.revision
  tags                = { stage = local.stage }
  metric_query {
    id          = "rate"
    expression  = "errors * 100"
    return_data = true
  }
  metric_query {
    id = "errors"
    metric {
      namespace   = local.name
      metric_name = "Errors"
      period      = 60
      stat        = "Sum"
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "trouble" {
  alarm_name        = "${local.name}-trouble"
  alarm_description = "Something is wrong, ${local.stage}"
  alarm_rule        = "ALARM(${aws_cloudwatch_metric_alarm.failures.alarm_name}) ${var.revision == 1 ? "AND" : "OR"} ALARM(${aws_cloudwatch_metric_alarm.errors.alarm_name})"
  alarm_actions     = [aws_sns_topic.news.arn]
  tags              = { stage = local.stage }
}

resource "aws_cloudwatch_dashboard" "shop" {
  dashboard_name = local.name
  dashboard_body = jsonencode({
    widgets = [{ type = "text", x = 0, y = 0, width = 6, height = 3, properties = { markdown = local.stage } }]
  })
}

resource "aws_cloudwatch_event_bus" "shop" {
  name        = local.name
  description = "The shop's events, ${local.stage}"
  tags        = { stage = local.stage }
}

resource "aws_cloudwatch_event_permission" "other" {
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  principal      = "111122223333"
  statement_id   = "other"
}

resource "aws_cloudwatch_event_bus" "orders" {
  name = "${local.name}-orders"
}

resource "aws_cloudwatch_event_bus_policy" "orders" {
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Stage${var.revision}"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${local.account}:root" }
      Action    = "events:PutEvents"
      Resource  = aws_cloudwatch_event_bus.orders.arn
    }]
  })
}

resource "aws_cloudwatch_event_rule" "orders" {
  name           = "${local.name}-orders"
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  state          = var.revision == 1 ? "ENABLED" : "DISABLED"
  event_pattern  = jsonencode({ source = ["shop"], detail-type = [local.stage] })
  tags           = { stage = local.stage }
}

resource "aws_cloudwatch_event_target" "orders" {
  rule           = aws_cloudwatch_event_rule.orders.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "queue"
  arn            = aws_sqs_queue.orders.arn
  input_transformer {
    input_paths    = { id = "$.detail.id" }
    input_template = jsonencode({ order = "<id>", stage = local.stage })
  }
  retry_policy {
    maximum_event_age_in_seconds = 60 * var.revision
    maximum_retry_attempts       = 3
  }
  dead_letter_config {
    arn = aws_sqs_queue.dead.arn
  }
}

resource "aws_sqs_queue" "dead" {
  name = "${local.name}-dead"
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.id
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.orders.arn]
  })
}

resource "aws_sqs_queue" "orders" {
  name = "${local.name}-orders"
}

resource "aws_sqs_queue_policy" "orders" {
  queue_url = aws_sqs_queue.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Stage${var.revision}"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.orders.arn
    }]
  })
}

resource "aws_sqs_queue_redrive_policy" "orders" {
  queue_url      = aws_sqs_queue.orders.id
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 1 + var.revision })
}

resource "aws_sns_topic" "orders" {
  name                        = "${local.name}-orders.fifo"
  fifo_topic                  = true
  content_based_deduplication = var.revision == 2
}

resource "aws_sns_topic_policy" "orders" {
  arn = aws_sns_topic.orders.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Stage${var.revision}"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.orders.arn
    }]
  })
}
