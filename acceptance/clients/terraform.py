"""Terraform's AWS provider, driven by Terraform or OpenTofu, against a server of its own: apply, an empty plan, a change in place, imports, destroy. What Terraform says is
held against what the APIs say."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

from server import HOME, Server

CLIENTS = HOME / "acceptance" / "clients" / "terraform"
# What is imported, by the form of its import's id. Left out is what the provider itself does not read back in full: a stack's parameters,
# a listener's forwarding, a key's deletion window, and what only tells the provider what to do.
IMPORTED = {
    "aws_autoscaling_lifecycle_hook.ready": "{autoscaling_group_name}/{name}",
    "aws_autoscaling_policy.steps": "{autoscaling_group_name}/{name}",
    "aws_cloudwatch_composite_alarm.trouble": "{id}",
    "aws_cloudwatch_event_rule.orders": "{id}",
    "aws_cloudwatch_log_metric_filter.errors": "{log_group_name}:{name}",
    "aws_cloudwatch_log_subscription_filter.denials": "{log_group_name}|{name}",
    "aws_cloudtrail.calls": "{arn}",
    "aws_codebuild_project.build": "{id}",
    "aws_codecommit_repository.shop": "{id}",
    "aws_codedeploy_deployment_group.shop": "{app_name}:{deployment_group_name}",
    "aws_codepipeline.shop": "{id}",
    "aws_ecr_repository_policy.shop": "{repository}",
    "aws_iam_group_policy.operators": "{id}",
    "aws_iam_openid_connect_provider.builds": "{arn}",
    "aws_iam_role.build": "{id}",
    "aws_iam_saml_provider.office": "{arn}",
    "aws_iam_virtual_mfa_device.operator": "{arn}",
    "aws_kinesis_firehose_delivery_stream.denials": "{arn}",
    "aws_kms_alias.artifacts": "{id}",
    "aws_lb_target_group.shop": "{arn}",
    "aws_route_table_association.shop[0]": "{subnet_id}/{route_table_id}",
    "aws_s3_bucket_policy.artifacts": "{id}",
    "aws_secretsmanager_secret.token": "{arn}",
    "aws_security_group.instances": "{id}",
    "aws_sns_topic.news": "{id}",
    "aws_sqs_queue.spare": "https://sqs.{region}.amazonaws.com/{account}/{name}",
    "aws_ssm_parameter.greeting": "{id}",
    "aws_vpc.shop": "{id}",
    "aws_vpc_security_group_ingress_rule.balancer": "{id}",
}


class Failure(Exception):
    """A check that did not hold."""


class Suite:
    def __init__(self, server, program):
        self.program = program
        self.passed = 0
        self.failed = 0
        client = Path(subprocess.run([str(CLIENTS / "install"), program], check=True, stdout=subprocess.PIPE, text=True).stdout.strip())
        self.terraform = client / "bin" / program
        self.folder = server.folder / "configuration"
        shutil.copytree(CLIENTS / "configuration", self.folder)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=shop.example.com",
                        "-keyout", "key.pem", "-out", "certificate.pem"], cwd=self.folder, check=True, stderr=subprocess.DEVNULL)
        self.environment = {
            **os.environ,
            "TF_CLI_CONFIG_FILE": str(client / "terraform.rc"),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "TF_VAR_endpoint": os.environ["AWS_ENDPOINT_URL"],
            "TF_VAR_revision": "1",
        }

    def run(self, *arguments, statuses=(0,)):
        """Terraform's output; a failure where its status is not expected."""
        result = subprocess.run([str(self.terraform), *arguments], cwd=self.folder, env=self.environment,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        (self.folder.parent / "terraform.log").open("a").write(f"$ {self.program} {' '.join(arguments)}\n{result.stdout}\n")
        if result.returncode not in statuses:
            raise Failure(f"{self.program} {' '.join(arguments)}: status {result.returncode}\n{result.stdout}")
        return result.stdout

    def check(self, name, action):
        started = time.time()
        try:
            said = action()
        except (Failure, ClientError, AssertionError) as e:
            self.failed += 1
            print(f"FAILED  {name}: {e}", flush=True)
            return None
        self.passed += 1
        print(f"ok      {name}{': ' + said if isinstance(said, str) and said else ''} ({time.time() - started:.0f} s)", flush=True)
        return said

    def changed(self, *arguments):
        """The line that counts what was done."""
        counted = [line for line in self.run(*arguments).splitlines() if "complete!" in line]
        return counted[-1].replace("complete! Resources:", "-").strip(" .") if counted else ""

    def empty_plan(self):
        # Status 0: nothing to do. 2: changes, which then are the output.
        self.run("plan", "-detailed-exitcode", "-no-color")

    def outputs(self):
        return {name: value["value"] for name, value in json.loads(self.run("output", "-json")).items()}

    def import_again(self, address):
        shown = json.loads(self.run("show", "-json"))
        resource = next(r for r in shown["values"]["root_module"]["resources"] if r["address"] == address)
        self.run("state", "rm", address)
        account = client("sts").get_caller_identity()["Account"]
        self.run("import", "-no-color", address, IMPORTED[address].format(**{"account": account, **resource["values"]}))
        self.empty_plan()


def client(service):
    return boto3.client(service)


def same(found, expected):
    if found != expected:
        raise Failure(f"expected {expected!r}, found {found!r}")


def compare(outputs, revision):
    """What stands in the services is what the configuration says."""
    stage = f"revision-{revision}"
    bucket, key = outputs["bucket"], outputs["key"]
    same(outputs["account"], client("sts").get_caller_identity()["Account"])
    s3 = client("s3")
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    same(rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"], "aws:kms")
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"].endswith(key), rule
    same(s3.get_bucket_versioning(Bucket=bucket)["Status"], "Enabled")
    tags = {t["Key"]: t["Value"] for t in s3.get_bucket_tagging(Bucket=bucket)["TagSet"]}
    same(tags, {"managed-by": "terraform", "stage": stage, "team": "build / deploy"})
    motd = s3.get_object(Bucket=bucket, Key="config/motd.txt")
    same(motd["Body"].read().decode(), f"Welcome to {stage}\n")
    assert motd["SSEKMSKeyId"].endswith(key), motd
    try:
        s3.put_object(Bucket=bucket, Key="plain", Body=b"", ServerSideEncryption="AES256")
        raise Failure("the bucket's policy was not enforced")
    except ClientError as e:
        same(e.response["Error"]["Code"], "AccessDenied")
    description = client("kms").describe_key(KeyId="alias/shop-artifacts")["KeyMetadata"]
    same((description["KeyId"], description["KeyState"]), (key, "Enabled"))
    same(client("kms").get_key_rotation_status(KeyId=key)["KeyRotationEnabled"], True)
    assert outputs["public_key"].startswith("-----BEGIN PUBLIC KEY-----"), outputs["public_key"]
    stream = client("firehose").describe_delivery_stream(DeliveryStreamName="shop-denials")["DeliveryStreamDescription"]
    same(stream["Destinations"][0]["ExtendedS3DestinationDescription"]["BufferingHints"]["IntervalInSeconds"], 60 * revision)
    same(client("cloudtrail").get_trail_status(Name="shop-calls")["IsLogging"], revision == 1)
    same(s3.get_object_lock_configuration(Bucket=outputs["trail"])["ObjectLockConfiguration"]["Rule"]["DefaultRetention"],
         {"Mode": "GOVERNANCE", "Days": revision})
    for region in (os.environ["AWS_REGION"], "eu-west-1"):
        same(boto3.client("ssm", region_name=region).get_parameter(Name="/shop/stage-of-set")["Parameter"]["Value"], stage)
    same(client("iam").get_server_certificate(ServerCertificateName="shop-front")["ServerCertificate"]["ServerCertificateMetadata"]["Path"],
         "/" if revision == 1 else "/delivery/")
    same(client("codecommit").get_repository(repositoryName="shop")["repositoryMetadata"]["repositoryDescription"], f"The shop, {stage}")
    project = client("codebuild").batch_get_projects(names=["shop-build"])["projects"][0]
    same(project["timeoutInMinutes"], 10 * revision)
    stages = [s["name"] for s in client("codepipeline").get_pipeline(name="shop")["pipeline"]["stages"]]
    same(stages, ["Source", "Build"] if revision == 1 else ["Source", "Approve", "Build"])
    role = client("iam").get_role(RoleName="shop-build")["Role"]
    same((role["Path"], role["Description"]), ("/delivery/", f"Builds, {stage}"))
    attached = client("iam").list_attached_role_policies(RoleName="shop-instance")["AttachedPolicies"]
    same([p["PolicyName"] for p in attached], ["ReadOnlyAccess"])
    same(client("ssm").get_parameter(Name="/shop/password", WithDecryption=True)["Parameter"]["Value"], f"not {stage}")
    topic = f"arn:aws:sns:{os.environ['AWS_REGION']}:{outputs['account']}:shop-news"
    client("sns").publish(TopicArn=topic, Message=stage)
    queue = client("sqs").get_queue_url(QueueName="shop-news")["QueueUrl"]
    received = client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"][0]
    same(received["Body"], stage)
    client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=received["ReceiptHandle"])


def gone(outputs):
    """Nothing is left; a key waits for its deletion, as keys do."""
    def missing(code, call, **arguments):
        try:
            call(**arguments)
        except ClientError as e:
            same(e.response["Error"]["Code"], code)
            return
        raise Failure(f"{call.__name__} {arguments} still answers")

    missing("404", client("s3").head_bucket, Bucket=outputs["bucket"])
    missing("404", client("s3").head_bucket, Bucket=outputs["trail"])
    same(client("cloudtrail").list_trails()["Trails"], [])
    same(client("firehose").list_delivery_streams()["DeliveryStreamNames"], [])
    same(client("cloudformation").list_stack_sets(Status="ACTIVE")["Summaries"], [])
    same(client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"], [])
    same(client("iam").list_saml_providers()["SAMLProviderList"], [])
    same(client("iam").list_server_certificates()["ServerCertificateMetadataList"], [])
    same(client("iam").list_virtual_mfa_devices()["VirtualMFADevices"], [])
    same(client("kms").describe_key(KeyId=outputs["key"])["KeyMetadata"]["KeyState"], "PendingDeletion")
    missing("NotFoundException", client("kms").describe_key, KeyId="alias/shop-artifacts")
    for role in ("shop-build", "shop-pipeline", "shop-instance", "shop-events", "shop-deploy"):
        missing("NoSuchEntity", client("iam").get_role, RoleName=role)
    missing("NoSuchEntity", client("iam").get_instance_profile, InstanceProfileName="shop-instance")
    missing("NoSuchEntity", client("iam").get_policy, PolicyArn=f"arn:aws:iam::{outputs['account']}:policy/shop-pipeline")
    missing("RepositoryDoesNotExistException", client("codecommit").get_repository, repositoryName="shop")
    same(client("codebuild").list_projects()["projects"], [])
    same(client("codepipeline").list_pipelines()["pipelines"], [])
    same(client("logs").describe_log_groups(logGroupNamePrefix="/delivery/")["logGroups"], [])
    same(client("sns").list_topics()["Topics"], [])
    same(client("sqs").list_queues().get("QueueUrls", []), [])
    same(client("ssm").describe_parameters()["Parameters"], [])
    same(client("secretsmanager").list_secrets()["SecretList"], [])
    same(client("events").list_rules(NamePrefix="shop")["Rules"], [])
    alarms = client("cloudwatch").describe_alarms(AlarmNamePrefix="shop", AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    same((alarms["MetricAlarms"], alarms["CompositeAlarms"]), ([], []))
    same(client("cloudwatch").list_dashboards()["DashboardEntries"], [])
    same([bus["Name"] for bus in client("events").list_event_buses()["EventBuses"]], ["default"])
    same([vpc["IsDefault"] for vpc in client("ec2").describe_vpcs()["Vpcs"]], [True])
    same([group["GroupName"] for group in client("ec2").describe_security_groups()["SecurityGroups"]], ["default"])
    same(client("ec2").describe_launch_templates()["LaunchTemplates"], [])
    same(client("ec2").describe_key_pairs()["KeyPairs"], [])
    same(client("ec2").describe_tags()["Tags"], [])
    same(client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"], [])
    same(client("elbv2").describe_load_balancers()["LoadBalancers"], [])
    same(client("elbv2").describe_target_groups()["TargetGroups"], [])
    same(client("ecr").describe_repositories()["repositories"], [])
    same(client("codedeploy").list_applications()["applications"], [])
    same(client("codebuild").list_report_groups()["reportGroups"], [])
    same(client("codepipeline").list_webhooks()["webhooks"], [])
    same(client("cloudformation").describe_stacks()["Stacks"], [])
    same(client("iam").list_groups()["Groups"], [])
    same([user["UserName"] for user in client("iam").list_users()["Users"] if user["UserName"].startswith("shop")], [])


def scenario(suite):
    version = json.loads(suite.run("version", "-json"))["terraform_version"]
    suite.check(f"{suite.program} {version}: init", lambda: suite.run("init", "-no-color") and "")
    if suite.check("apply", lambda: suite.changed("apply", "-auto-approve", "-no-color")) is None:
        return
    outputs = suite.outputs()
    suite.check("what stands in the services is what the configuration says", lambda: compare(outputs, 1))
    suite.check("the second plan is empty", suite.empty_plan)
    suite.environment["TF_VAR_revision"] = "2"
    changes = suite.check("a change in place", lambda: suite.changed("apply", "-auto-approve", "-no-color"))
    suite.check("nothing was replaced by it", lambda: same("0 added" in (changes or "") and "0 destroyed" in (changes or ""), True))
    suite.check("what stands in the services has changed", lambda: compare(outputs, 2))
    suite.check("the plan is empty again", suite.empty_plan)
    for address in IMPORTED:
        suite.check(f"import of {address}, and an empty plan", lambda: suite.import_again(address))
    suite.check("destroy", lambda: suite.changed("destroy", "-auto-approve", "-no-color"))
    suite.check("nothing is left in the services", lambda: gone(outputs))


def main():
    server = Server().start()
    try:
        suite = Suite(server, sys.argv[1] if len(sys.argv) > 1 else "terraform")
        scenario(suite)
    finally:
        server.stop()
    if suite.failed:
        print(f"the server's data and log, the configuration and terraform.log are in {server.folder}")
    else:
        shutil.rmtree(server.folder, ignore_errors=True)
    print(f"{suite.passed} passed, {suite.failed} failed")
    return 1 if suite.failed else 0


if __name__ == "__main__":
    sys.exit(main())
