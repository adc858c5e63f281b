data "aws_canonical_user_id" "me" {}

resource "aws_s3_bucket" "logs" {
  bucket        = "${local.name}-logs-${local.account}"
  force_destroy = true
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_acl" "logs" {
  bucket     = aws_s3_bucket.logs.id
  acl        = "private"
  depends_on = [aws_s3_bucket_ownership_controls.logs]
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    id     = "old"
    status = "Enabled"
    filter {
      prefix = "logs/"
    }
    expiration {
      days = 30 * var.revision
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_object" "log" {
  bucket  = aws_s3_bucket.logs.id
  key     = "logs/first"
  content = local.stage
}

resource "aws_s3_object_copy" "log" {
  bucket     = aws_s3_bucket.logs.id
  key        = "logs/copy"
  source     = "${aws_s3_bucket.logs.id}/${aws_s3_object.log.key}"
  tags       = { stage = local.stage }
  depends_on = [aws_s3_bucket_acl.logs]

  tagging_directive = "REPLACE"
}

resource "aws_kms_key" "second" {
  description             = "The policy stands for itself"
  deletion_window_in_days = 7
  is_enabled              = var.revision == 1
}

resource "aws_kms_key_policy" "second" {
  key_id = aws_kms_key.second.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Stage${var.revision}"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${local.account}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_ciphertext" "word" {
  key_id    = aws_kms_key.artifacts.key_id
  plaintext = "a word"
}

data "aws_kms_alias" "artifacts" {
  name       = aws_kms_alias.artifacts.name
  depends_on = [aws_kms_alias.artifacts]
}

resource "aws_secretsmanager_secret_policy" "token" {
  secret_arn = aws_secretsmanager_secret.token.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Stage${var.revision}"
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.build.arn }
      Action    = "secretsmanager:GetSecretValue"
      Resource  = "*"
    }]
  })
}

data "aws_secretsmanager_secret_version" "token" {
  secret_id  = aws_secretsmanager_secret.token.id
  depends_on = [aws_secretsmanager_secret_version.token]
}

data "aws_ssm_parameter" "greeting" {
  name       = aws_ssm_parameter.greeting.name
  depends_on = [aws_ssm_parameter.greeting]
}
