# A network with a balancer in front of an Auto Scaling group without instances: what Terraform makes of EC2, and quickly.

data "aws_region" "here" {}
data "aws_partition" "here" {}
data "aws_availability_zones" "here" { state = "available" }

data "aws_ami" "linux" {
  owners      = ["amazon"]
  most_recent = true
  filter {
    name   = "name"
    values = ["al2023-ami-*"]
  }
}

data "aws_vpc" "default" { default = true }

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

resource "aws_vpc" "shop" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_hostnames = var.revision == 2
  tags                 = { Name = local.name, stage = local.stage }
}

resource "aws_subnet" "shop" {
  count                   = 2
  vpc_id                  = aws_vpc.shop.id
  cidr_block              = cidrsubnet(aws_vpc.shop.cidr_block, 8, count.index)
  availability_zone       = data.aws_availability_zones.here.names[count.index]
  map_public_ip_on_launch = var.revision == 2
  tags                    = { Name = "${local.name}-${count.index}", stage = local.stage }
}

resource "aws_internet_gateway" "shop" {
  vpc_id = aws_vpc.shop.id
  tags   = { Name = local.name, stage = local.stage }
}

resource "aws_route_table" "shop" {
  vpc_id = aws_vpc.shop.id
  tags   = { Name = local.name, stage = local.stage }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.shop.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.shop.id
}

resource "aws_route_table_association" "shop" {
  count          = 2
  subnet_id      = aws_subnet.shop[count.index].id
  route_table_id = aws_route_table.shop.id
}

resource "aws_route_table" "main" {
  vpc_id = aws_vpc.shop.id
  route {
    cidr_block = "192.0.2.0/24"
    gateway_id = aws_internet_gateway.shop.id
  }
}

resource "aws_main_route_table_association" "shop" {
  vpc_id         = aws_vpc.shop.id
  route_table_id = aws_route_table.main.id
}

resource "aws_security_group" "balancer" {
  name        = "${local.name}-balancer"
  description = "The way in"
  vpc_id      = aws_vpc.shop.id
  tags        = { stage = local.stage }

  ingress {
    description = "HTTP, ${local.stage}"
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = var.revision == 1 ? ["10.0.0.0/8"] : ["10.0.0.0/8", "192.168.0.0/16"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "instances" {
  name        = "${local.name}-instances"
  description = "What stands behind the balancer"
  vpc_id      = aws_vpc.shop.id
}

resource "aws_vpc_security_group_ingress_rule" "balancer" {
  security_group_id            = aws_security_group.instances.id
  referenced_security_group_id = aws_security_group.balancer.id
  description                  = "From the balancer, ${local.stage}"
  from_port                    = 8080
  to_port                      = 8079 + var.revision
  ip_protocol                  = "tcp"
  tags                         = { stage = local.stage }
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.instances.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group_rule" "ssh" {
  security_group_id = aws_security_group.instances.id
  type              = "ingress"
  description       = "SSH, ${local.stage}"
  cidr_blocks       = [aws_vpc.shop.cidr_block]
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
}

resource "aws_key_pair" "operator" {
  key_name   = "${local.name}-operator"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMz2duiF+rBq7jJYTFcB3y6j7lpMHAkAwT5KLcG9mNTx operator"
  tags       = { stage = local.stage }
}

resource "aws_launch_template" "shop" {
  name                   = local.name
  description            = "The shop's instances, ${local.stage}"
  image_id               = data.aws_ami.linux.id
  instance_type          = var.revision == 1 ? "t3.micro" : "t3.small"
  key_name               = aws_key_pair.operator.key_name
  vpc_security_group_ids = [aws_security_group.instances.id]
  update_default_version = true
  user_data              = base64encode("#!/bin/sh\necho ${local.stage}\n")
  tags                   = { stage = local.stage }

  iam_instance_profile {
    name = aws_iam_instance_profile.instance.name
  }
  metadata_options {
    http_tokens = "required"
  }
  tag_specifications {
    resource_type = "instance"
    tags          = { Name = local.name }
  }
}

resource "aws_ec2_tag" "vpc" {
  resource_id = data.aws_vpc.default.id
  key         = "team"
  value       = local.stage
}

resource "aws_lb" "shop" {
  name               = local.name
  internal           = true
  load_balancer_type = "application"
  security_groups    = [aws_security_group.balancer.id]
  subnets            = aws_subnet.shop[*].id
  idle_timeout       = 30 * var.revision
  tags               = { stage = local.stage }
}

resource "aws_lb_target_group" "shop" {
  name                 = local.name
  port                 = 8080
  protocol             = "HTTP"
  vpc_id               = aws_vpc.shop.id
  deregistration_delay = 10 * var.revision
  tags                 = { stage = local.stage }

  health_check {
    path     = "/health/${local.stage}"
    interval = 10
    timeout  = 5
  }
}

resource "aws_lb_target_group" "fixed" {
  name        = "${local.name}-fixed"
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.shop.id
}

resource "aws_lb_target_group_attachment" "fixed" {
  target_group_arn = aws_lb_target_group.fixed.arn
  target_id        = cidrhost(aws_subnet.shop[0].cidr_block, 10)
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 80
  protocol          = "HTTP"
  tags              = { stage = local.stage }

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }
}

resource "aws_lb_listener_rule" "stage" {
  listener_arn = aws_lb_listener.http.arn
  priority     = 10 * var.revision
  tags         = { stage = local.stage }

  action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = local.stage
      status_code  = "200"
    }
  }
  condition {
    path_pattern {
      values = ["/stage", "/${local.stage}"]
    }
  }
}

resource "aws_autoscaling_group" "shop" {
  name                      = local.name
  min_size                  = 0
  desired_capacity          = 0
  max_size                  = 1 + var.revision
  vpc_zone_identifier       = aws_subnet.shop[*].id
  target_group_arns         = [aws_lb_target_group.shop.arn]
  health_check_type         = "ELB"
  health_check_grace_period = 30 * var.revision

  launch_template {
    id      = aws_launch_template.shop.id
    version = aws_launch_template.shop.latest_version
  }
  tag {
    key                 = "stage"
    value               = local.stage
    propagate_at_launch = true
  }
}

resource "aws_autoscaling_policy" "requests" {
  name                   = "${local.name}-requests"
  autoscaling_group_name = aws_autoscaling_group.shop.name
  policy_type            = "TargetTrackingScaling"
  target_tracking_configuration {
    target_value = 100 * var.revision
    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${aws_lb.shop.arn_suffix}/${aws_lb_target_group.shop.arn_suffix}"
    }
  }
  depends_on = [aws_lb_listener.http]
}

resource "aws_autoscaling_policy" "steps" {
  name                   = "${local.name}-steps"
  autoscaling_group_name = aws_autoscaling_group.shop.name
  policy_type            = "StepScaling"
  adjustment_type        = "ChangeInCapacity"
  step_adjustment {
    metric_interval_lower_bound = 0
    scaling_adjustment          = var.revision
  }
}

resource "aws_autoscaling_schedule" "night" {
  scheduled_action_name  = "night"
  autoscaling_group_name = aws_autoscaling_group.shop.name
  recurrence             = "0 ${20 + var.revision} * * *"
  time_zone              = "Europe/Berlin"
  min_size               = 0
  max_size               = var.revision
  desired_capacity       = 0
}

resource "aws_autoscaling_lifecycle_hook" "ready" {
  name                   = "ready"
  autoscaling_group_name = aws_autoscaling_group.shop.name
  lifecycle_transition   = "autoscaling:EC2_INSTANCE_LAUNCHING"
  heartbeat_timeout      = 60 * var.revision
  default_result         = "ABANDON"
}

# A group whose tags and target groups are resources of their own.
resource "aws_autoscaling_group" "spare" {
  name                = "${local.name}-spare"
  min_size            = 0
  max_size            = 0
  vpc_zone_identifier = [aws_subnet.shop[0].id]

  launch_template {
    name = aws_launch_template.shop.name
  }
  lifecycle {
    ignore_changes = [tag, target_group_arns, traffic_source]
  }
}

resource "aws_autoscaling_group_tag" "team" {
  autoscaling_group_name = aws_autoscaling_group.spare.name
  tag {
    key                 = "team"
    value               = local.stage
    propagate_at_launch = false
  }
}

resource "aws_autoscaling_attachment" "spare" {
  autoscaling_group_name = aws_autoscaling_group.spare.name
  lb_target_group_arn    = aws_lb_target_group.shop.arn
}
