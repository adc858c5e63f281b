"""The chain from push to release, made and driven with boto3 and git alone."""

import json
import os
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from server import HOME

NAME = "hello"
PORT = 8080
IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


def trust(service):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]})


def allow(actions, resource="*"):
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


class Chain:
    """Repository, project, pipeline, two instances behind a balancer. Calls are tried again while the server is away."""

    def __init__(self, folder):
        self.tree = Path(folder) / "hello"
        self.account = self.client("sts").get_caller_identity()["Account"]
        self.region = os.environ["AWS_REGION"]
        self.bucket = f"hello-artifacts-{self.account}"
        self.target_group = None
        self.balancer = None
        self.git_credential = None

    def client(self, service):
        return boto3.client(service, config=Config(retries={"max_attempts": 1}, connect_timeout=5, read_timeout=60))

    def patiently(self, call, seconds=120):
        """A call, tried again while the server cannot be reached or is starting."""
        end = time.time() + seconds
        while True:
            try:
                return call()
            except (BotoCoreError, ClientError) as e:
                transient = isinstance(e, BotoCoreError) or e.response["ResponseMetadata"]["HTTPStatusCode"] >= 500
                if not transient or time.time() > end:
                    raise
                time.sleep(0.2)

    def role(self, suffix, service, statements):
        iam = self.client("iam")
        iam.create_role(RoleName=f"{NAME}-{suffix}", AssumeRolePolicyDocument=trust(service))
        if statements:
            iam.put_role_policy(RoleName=f"{NAME}-{suffix}", PolicyName="chain", PolicyDocument=json.dumps(
                {"Version": "2012-10-17", "Statement": statements}))

    def role_arn(self, suffix):
        return f"arn:aws:iam::{self.account}:role/{NAME}-{suffix}"

    def create(self):
        artifacts = f"arn:aws:s3:::{self.bucket}/*"
        self.role("build", "codebuild.amazonaws.com", [
            allow(["logs:*", "codebuild:*"]), allow(["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], artifacts)])
        self.role("deploy", "codedeploy.amazonaws.com", [])
        self.client("iam").attach_role_policy(
            RoleName=f"{NAME}-deploy", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSCodeDeployRole")
        self.role("pipeline", "codepipeline.amazonaws.com", [
            allow(["s3:*", "codecommit:*", "codebuild:*", "codedeploy:*"])])
        self.role("instance", "ec2.amazonaws.com", [allow(["s3:GetObject", "s3:GetObjectVersion"], artifacts)])
        iam = self.client("iam")
        iam.create_instance_profile(InstanceProfileName=f"{NAME}-instance")
        iam.add_role_to_instance_profile(InstanceProfileName=f"{NAME}-instance", RoleName=f"{NAME}-instance")
        credential = iam.create_service_specific_credential(
            UserName="administrator", ServiceName="codecommit.amazonaws.com")["ServiceSpecificCredential"]
        self.git_credential = (credential["ServiceUserName"], credential["ServicePassword"])

        s3 = self.client("s3")
        s3.create_bucket(Bucket=self.bucket)
        s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        self.client("codecommit").create_repository(repositoryName=NAME)
        self.client("codebuild").create_project(
            name=NAME, serviceRole=self.role_arn("build"), source={"type": "CODEPIPELINE"},
            artifacts={"type": "CODEPIPELINE"}, timeoutInMinutes=10,
            cache={"type": "LOCAL", "modes": ["LOCAL_CUSTOM_CACHE"]},
            environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                         "computeType": "BUILD_GENERAL1_SMALL"})
        self.serving()
        self.pipeline()

    def serving(self):
        ec2 = self.client("ec2")
        subnets = [s["SubnetId"] for s in ec2.describe_subnets()["Subnets"]][:2]
        elb = self.client("elbv2")
        self.target_group = elb.create_target_group(
            Name=NAME, Protocol="HTTP", Port=8080, VpcId=ec2.describe_vpcs()["Vpcs"][0]["VpcId"],
            HealthCheckPath="/health", HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=2,
            HealthyThresholdCount=2, UnhealthyThresholdCount=2)["TargetGroups"][0]["TargetGroupArn"]
        elb.modify_target_group_attributes(TargetGroupArn=self.target_group, Attributes=[
            {"Key": "deregistration_delay.timeout_seconds", "Value": "5"}])
        front = ec2.create_security_group(GroupName=f"{NAME}-balancer", Description="Who may call the balancer")["GroupId"]
        back = ec2.create_security_group(GroupName=f"{NAME}-instance", Description="Who may call instances")["GroupId"]
        ec2.authorize_security_group_ingress(
            GroupId=front, IpProtocol="tcp", FromPort=PORT, ToPort=PORT, CidrIp="0.0.0.0/0")
        ec2.authorize_security_group_ingress(GroupId=back, IpPermissions=[{
            "IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "UserIdGroupPairs": [{"GroupId": front}]}])
        balancer = elb.create_load_balancer(
            Name=NAME, Subnets=subnets, SecurityGroups=[front])["LoadBalancers"][0]
        self.balancer = balancer["DNSName"]
        self.alarm(balancer["LoadBalancerArn"])
        elb.create_listener(LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=PORT, DefaultActions=[
            {"Type": "forward", "TargetGroupArn": self.target_group}])
        ec2.create_launch_template(LaunchTemplateName=NAME, LaunchTemplateData={
            "ImageId": IMAGE, "InstanceType": "t3.small", "SecurityGroupIds": [back],
            "IamInstanceProfile": {"Name": f"{NAME}-instance"}})
        self.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=NAME, MinSize=2, MaxSize=2, DesiredCapacity=2,
            LaunchTemplate={"LaunchTemplateName": NAME, "Version": "$Latest"},
            TargetGroupARNs=[self.target_group], VPCZoneIdentifier=",".join(subnets))
        deploy = self.client("codedeploy")
        deploy.create_application(applicationName=NAME)
        deploy.create_deployment_group(
            applicationName=NAME, deploymentGroupName=NAME, serviceRoleArn=self.role_arn("deploy"),
            deploymentConfigName="CodeDeployDefault.OneAtATime", autoScalingGroups=[NAME],
            deploymentStyle={"deploymentType": "IN_PLACE", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
            loadBalancerInfo={"targetGroupInfoList": [{"name": NAME}]},
            alarmConfiguration={"enabled": True, "alarms": [{"name": f"{NAME}-errors"}]},
            autoRollbackConfiguration={"enabled": True, "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]})

    def alarm(self, balancer):
        """More than 20 errors of the application in 10 seconds."""
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=f"{NAME}-errors", Namespace="AWS/ApplicationELB", MetricName="HTTPCode_Target_5XX_Count",
            Dimensions=[{"Name": "LoadBalancer", "Value": balancer.split(":loadbalancer/")[1]}], Statistic="Sum", Period=10,
            EvaluationPeriods=1, Threshold=20, ComparisonOperator="GreaterThanThreshold", TreatMissingData="notBreaching")

    def pipeline(self):
        def stage(name, category, provider, configuration, inputs, outputs):
            return {"name": name, "actions": [{
                "name": name, "configuration": configuration,
                "actionTypeId": {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
                "inputArtifacts": [{"name": i} for i in inputs], "outputArtifacts": [{"name": o} for o in outputs]}]}

        self.client("codepipeline").create_pipeline(pipeline={
            "name": NAME, "roleArn": self.role_arn("pipeline"), "pipelineType": "V2", "version": 1,
            "artifactStore": {"type": "S3", "location": self.bucket}, "stages": [
                stage("Source", "Source", "CodeCommit", {"RepositoryName": NAME, "BranchName": "main"}, [], ["source"]),
                stage("Build", "Build", "CodeBuild", {"ProjectName": NAME}, ["source"], ["build"]),
                stage("Deploy", "Deploy", "CodeDeploy",
                      {"ApplicationName": NAME, "DeploymentGroupName": NAME}, ["build"], [])]})

    def git(self, *arguments, check=True):
        helper = "!f() { echo \"username=$CHAIN_USER\"; echo \"password=$CHAIN_PASSWORD\"; }; f"
        return subprocess.run(
            ["git", "-c", "credential.helper=", "-c", f"credential.helper={helper}", "-c", "user.name=Chain",
             "-c", "user.email=chain@example.com", "-c", "init.defaultBranch=main", *arguments],
            cwd=self.tree, check=check, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "CHAIN_USER": self.git_credential[0], "CHAIN_PASSWORD": self.git_credential[1],
                 "GIT_TERMINAL_PROMPT": "0"})

    def clone_url(self):
        return f"{os.environ['AWS_ENDPOINT_URL']}/v1/repos/{NAME}"

    def prepare_tree(self):
        shutil.copytree(HOME / "examples" / "hello-java", self.tree, ignore=shutil.ignore_patterns("target"))
        self.git("init", "-q")
        self.git("remote", "add", "origin", self.clone_url())

    def write(self, version, status, greeting):
        release = self.tree / "src/main/java/hello/Release.java"
        source = (HOME / "examples/hello-java/src/main/java/hello/Release.java").read_text()
        release.write_text(source.replace('VERSION = "1"', f'VERSION = "{version}"')
                           .replace("return 200", f"return {status}").replace("Hello from", greeting))

    def commit(self, version, status="200", greeting="Hello from"):
        self.write(version, status, greeting)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", f"Version {version}")
        return self.git("rev-parse", "HEAD").stdout.strip()

    def push(self):
        return self.git("push", "-q", "origin", "main", check=False)

    def execution_of(self, commit):
        pages = self.patiently(lambda: self.client("codepipeline").list_pipeline_executions(pipelineName=NAME))
        for execution in pages["pipelineExecutionSummaries"]:
            if any(r.get("revisionId") == commit for r in execution.get("sourceRevisions", [])):
                return execution
        return None

    def served(self):
        with urllib.request.urlopen(f"http://{self.balancer}:{PORT}/", timeout=10) as response:
            return response.read().decode().strip()
