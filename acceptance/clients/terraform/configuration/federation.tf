# Who else may prove who they are: providers of identities, and the keys and certificates of users. The suite makes the certificate.

locals {
  certificate = file("${path.module}/certificate.pem")
}

resource "aws_iam_openid_connect_provider" "builds" {
  url             = "https://token.actions.example.com"
  client_id_list  = var.revision == 1 ? ["sts.amazonaws.com"] : ["sts.amazonaws.com", "shop"]
  thumbprint_list = ["1111111111111111111111111111111111111111"]
  tags            = { stage = local.stage }
}

resource "aws_iam_saml_provider" "office" {
  name                   = "${local.name}-office"
  saml_metadata_document = templatefile("${path.module}/metadata.xml", { certificate = replace(local.certificate, "/-----.*-----|\n/", "") })
  tags                   = { stage = local.stage }
}

resource "aws_iam_server_certificate" "shop" {
  name             = "${local.name}-front"
  path             = var.revision == 1 ? "/" : "/delivery/"
  certificate_body = local.certificate
  private_key      = file("${path.module}/key.pem")
  tags             = { stage = local.stage }
}

resource "aws_iam_signing_certificate" "operator" {
  user_name        = aws_iam_user.operator.name
  certificate_body = local.certificate
  status           = var.revision == 1 ? "Active" : "Inactive"
}

resource "aws_iam_user_ssh_key" "operator" {
  username   = aws_iam_user.operator.name
  encoding   = "SSH"
  public_key = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCoC9y9aUYMHsCyADUZqt38Cgrg2qGGalfcFdXYRngRaAIb2zVmOLVbaFtX0by/xeiY9GfuIGrWrs3RlC8aRBdcufO4gV18MFfLq16hZKoBij3ZBZLAN78mlODCQWAp6d2R57nQytekpJfh1Ktsv3cOkBpMCdwrwjf5f2YYmiNviH2uaHVX9FKEEwscPIEOzd6t0PSgR0cGpoe6bKqk0YtXENNV8msUS6vuIwhpVn0sq3FEv6TAYSeKV97yD0JTklrPNTFqezc6IuYdgSIOMSE7RAPI6GZy+K7NktaBqmAk8+oKJw4gZt1rYk9fb6JQxkQhCshQTW4+ubLs5YTOgzEV shop-operator"
  status     = var.revision == 1 ? "Active" : "Inactive"
}

resource "aws_iam_virtual_mfa_device" "operator" {
  virtual_mfa_device_name = "${local.name}-operator"
  path                    = "/delivery/"
  tags                    = { stage = local.stage }
}

resource "aws_iam_role" "federated" {
  name = "${local.name}-federated"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = aws_iam_openid_connect_provider.builds.arn }
        Condition = { StringEquals = { "token.actions.example.com:aud" = "sts.amazonaws.com" } }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithSAML"
        Principal = { Federated = aws_iam_saml_provider.office.arn }
        Condition = { StringEquals = { "SAML:aud" = "https://signin.aws.amazon.com/saml" } }
      },
    ]
  })
}
