# What a team makes for a delivery chain, by HashiCorp's AWS provider. Endpoint, keys and region come from `terrane env`.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "6.47.1"
    }
  }
}

variable "endpoint" {
  description = "This server, as the way to ACCOUNT.HOST: S3 Control's clients put the account before the host name."
  type        = string
}

variable "revision" {
  description = "Raised to change in place what can be changed in place."
  type        = number
  default     = 1
}

provider "aws" {
  http_proxy  = var.endpoint
  https_proxy = ""

  default_tags {
    tags = {
      managed-by = "terraform"
    }
  }
}

data "aws_caller_identity" "me" {}

locals {
  account = data.aws_caller_identity.me.account_id
  name    = "shop"
  stage   = "revision-${var.revision}"
}

resource "aws_kms_key" "artifacts" {
  description             = "Artifacts of ${local.name}, ${local.stage}"
  deletion_window_in_days = 7
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.key.json
  tags                    = { stage = local.stage }
}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${local.account}:root"]
    }
  }
  statement {
    sid       = "Chain"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.pipeline.arn, aws_iam_role.build.arn]
    }
  }
}

resource "aws_kms_alias" "artifacts" {
  name          = "alias/${local.name}-artifacts"
  target_key_id = aws_kms_key.artifacts.key_id
}

resource "aws_s3_bucket" "artifacts" {
  bucket        = "${local.name}-artifacts-${local.account}"
  force_destroy = true
  tags          = { stage = local.stage, team = "build / deploy" }
}

resource "aws_s3_bucket_versioning" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.artifacts.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "artifacts" {
  bucket                  = aws_s3_bucket.artifacts.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_notification" "artifacts" {
  bucket      = aws_s3_bucket.artifacts.id
  eventbridge = true

  queue {
    id            = "releases"
    queue_arn     = aws_sqs_queue.releases.arn
    events        = var.revision == 1 ? ["s3:ObjectCreated:*"] : ["s3:ObjectCreated:Put", "s3:ObjectRemoved:*"]
    filter_prefix = "releases/"
  }
  depends_on = [aws_sqs_queue_policy.releases]
}

resource "aws_sqs_queue" "releases" {
  name = "${local.name}-releases"
}

resource "aws_sqs_queue_policy" "releases" {
  queue_url = aws_sqs_queue.releases.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.releases.arn
      Condition = { ArnLike = { "aws:SourceArn" = aws_s3_bucket.artifacts.arn } }
    }]
  })
}

resource "aws_s3_bucket_policy" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id
  policy = data.aws_iam_policy_document.artifacts.json
}

data "aws_iam_policy_document" "artifacts" {
  statement {
    sid       = "OnlyEncrypted"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.artifacts.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringNotEqualsIfExists"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["aws:kms"]
    }
  }
}

resource "aws_s3_object" "motd" {
  bucket                 = aws_s3_bucket.artifacts.id
  key                    = "config/motd.txt"
  content                = "Welcome to ${local.stage}\n"
  content_type           = "text/plain"
  server_side_encryption = "aws:kms"
  kms_key_id             = aws_kms_key.artifacts.arn
  tags                   = { stage = local.stage }
  depends_on             = [aws_s3_bucket_versioning.artifacts, aws_s3_bucket_policy.artifacts]
}

output "bucket" { value = aws_s3_bucket.artifacts.id }
output "key" { value = aws_kms_key.artifacts.key_id }
output "account" { value = local.account }

resource "aws_s3_bucket_cors_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id
  cors_rule {
    allowed_methods = var.revision == 1 ? ["GET"] : ["GET", "HEAD"]
    allowed_origins = ["https://*.shop.example"]
    expose_headers  = ["ETag"]
    max_age_seconds = 600
  }
}

resource "aws_s3_bucket" "pages" {
  bucket        = "${local.name}-pages-${local.account}"
  force_destroy = true
}

resource "aws_s3_bucket_website_configuration" "pages" {
  bucket = aws_s3_bucket.pages.id
  index_document {
    suffix = "index.html"
  }
  error_document {
    key = var.revision == 1 ? "error.html" : "sorry.html"
  }
  routing_rule {
    condition {
      key_prefix_equals = "docs/"
    }
    redirect {
      replace_key_prefix_with = "documents/"
    }
  }
}
