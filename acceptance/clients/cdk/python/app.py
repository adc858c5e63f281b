"""A bucket with a role that may read it."""

from aws_cdk import App, CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

app = App()
stack = Stack(app, "Archive")
bucket = s3.Bucket(stack, "Bucket", versioned=True, removal_policy=RemovalPolicy.DESTROY)
role = iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
bucket.grant_read(role)
CfnOutput(stack, "BucketName", value=bucket.bucket_name)
app.synth()
