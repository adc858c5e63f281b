# A trail of all calls, in a bucket whose objects nobody removes, and in a log group.

resource "aws_s3_bucket" "trail" {
  bucket              = "${local.name}-trail-${local.account}"
  object_lock_enabled = true
  force_destroy       = true
}

# What is written before it has no retention of its own, which the provider would take for a difference.
resource "aws_s3_bucket_object_lock_configuration" "trail" {
  bucket     = aws_s3_bucket.trail.id
  depends_on = [aws_s3_object.notice]
  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = var.revision
    }
  }
}

resource "aws_s3_object" "notice" {
  bucket                        = aws_s3_bucket.trail.id
  key                           = "notice.txt"
  content                       = "Nobody removes what lies here.\n"
  object_lock_legal_hold_status = var.revision == 1 ? "ON" : "OFF"
  force_destroy                 = true
}

resource "aws_s3_bucket_policy" "trail" {
  bucket = aws_s3_bucket.trail.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "s3:GetBucketAcl"
        Resource  = aws_s3_bucket.trail.arn
        Principal = { Service = "cloudtrail.amazonaws.com" }
      },
      {
        Effect    = "Allow"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.trail.arn}/calls/AWSLogs/${local.account}/*"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Condition = { StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control" } }
      },
    ]
  })
}

resource "aws_cloudwatch_log_group" "trail" {
  name = "/delivery/trail"
}

resource "aws_iam_role" "trail" {
  name               = "${local.name}-trail"
  assume_role_policy = data.aws_iam_policy_document.trust["cloudtrail"].json
}

resource "aws_iam_role_policy" "trail" {
  name = "log"
  role = aws_iam_role.trail.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.trail.arn}:log-stream:*"
    }]
  })
}

resource "aws_cloudtrail" "calls" {
  name                          = "${local.name}-calls"
  s3_bucket_name                = aws_s3_bucket.trail.id
  s3_key_prefix                 = "calls"
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.trail.arn}:*"
  cloud_watch_logs_role_arn     = aws_iam_role.trail.arn
  enable_log_file_validation    = true
  include_global_service_events = true
  is_multi_region_trail         = true
  enable_logging                = var.revision == 1
  tags                          = { stage = local.stage }

  event_selector {
    read_write_type           = var.revision == 1 ? "All" : "WriteOnly"
    include_management_events = true
    data_resource {
      type   = "AWS::S3::Object"
      values = ["${aws_s3_bucket.artifacts.arn}/"]
    }
  }

  depends_on = [aws_s3_bucket_policy.trail, aws_iam_role_policy.trail, aws_s3_bucket_object_lock_configuration.trail]
}
output "trail" { value = aws_s3_bucket.trail.id }

# What the trail says of denied calls is kept apart, as a stream of logs that a bucket takes.
resource "aws_iam_role" "denials" {
  name               = "${local.name}-denials"
  assume_role_policy = data.aws_iam_policy_document.trust["firehose"].json
}

resource "aws_iam_role_policy" "denials" {
  name = "keep"
  role = aws_iam_role.denials.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:ListBucket", "s3:PutObject"]
      Resource = [aws_s3_bucket.trail.arn, "${aws_s3_bucket.trail.arn}/denials/*"]
    }]
  })
}

resource "aws_kinesis_firehose_delivery_stream" "denials" {
  name        = "${local.name}-denials"
  destination = "extended_s3"
  tags        = { stage = local.stage }

  extended_s3_configuration {
    role_arn            = aws_iam_role.denials.arn
    bucket_arn          = aws_s3_bucket.trail.arn
    prefix              = "denials/"
    error_output_prefix = "failures/"
    buffering_size      = 5
    buffering_interval  = 60 * var.revision
    compression_format  = "GZIP"
  }
  depends_on = [aws_iam_role_policy.denials]
}

resource "aws_iam_role" "logs" {
  name               = "${local.name}-logs"
  assume_role_policy = data.aws_iam_policy_document.trust["logs"].json
}

resource "aws_iam_role_policy" "logs" {
  name = "hand-on"
  role = aws_iam_role.logs.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["firehose:PutRecord", "firehose:PutRecordBatch"]
      Resource = aws_kinesis_firehose_delivery_stream.denials.arn
    }]
  })
}

resource "aws_cloudwatch_log_subscription_filter" "denials" {
  name            = "denials"
  log_group_name  = aws_cloudwatch_log_group.trail.name
  filter_pattern  = var.revision == 1 ? "{ $.errorCode = \"AccessDenied\" }" : "{ $.errorCode = \"AccessDenied*\" }"
  destination_arn = aws_kinesis_firehose_delivery_stream.denials.arn
  role_arn        = aws_iam_role.logs.arn
  depends_on      = [aws_iam_role_policy.logs]
}
