# Keys that sign, a key whose material comes from elsewhere, and who else may use one.

resource "aws_kms_key" "releases" {
  description              = "Signs releases, ${local.stage}"
  customer_master_key_spec = "ECC_NIST_P256"
  key_usage                = "SIGN_VERIFY"
  deletion_window_in_days  = 7
  tags                     = { stage = local.stage }
}

data "aws_kms_public_key" "releases" {
  key_id = aws_kms_key.releases.arn
}

resource "aws_kms_external_key" "brought" {
  description             = "Brought along, ${local.stage}"
  enabled                 = true
  key_material_base64     = "Wblj06fduthWggmsT0cLVoIMOkeLbc2kVfMud77i/JY="
  deletion_window_in_days = 7
  tags                    = { stage = local.stage }
}

resource "aws_kms_grant" "build" {
  name              = "build"
  key_id            = aws_kms_external_key.brought.id
  grantee_principal = aws_iam_role.build.arn
  operations        = ["Decrypt", "GenerateDataKey"]
  constraints {
    encryption_context_equals = { team = "build" }
  }
}

output "public_key" { value = data.aws_kms_public_key.releases.public_key_pem }
