"""Counts: every call that was answered has exactly one record in the history and one in a trail's files, whatever load there was and whenever the server was killed.

Callers of two users, one with rights and one without, call as fast as they can, each call once, without repeats. The server is killed and started again
meanwhile. A call that got no answer may have been carried out or not; if it was, it has a record, and if it has a record, it was."""

import gzip
import json
import random
import sys
import threading
import time
from collections import Counter

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from server import Server
from steps import Steps

CALLERS = 8
ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20)
DELIVERED_WITHIN = 900


class Caller(threading.Thread):
    """Calls until it is told to end, and remembers what was answered."""

    def __init__(self, number, key):
        super().__init__(daemon=True)
        session = boto3.Session(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
        self.ssm, self.sts, self.kms = (session.client(name, config=ONCE) for name in ("ssm", "sts", "kms"))
        self.number = number
        self.answered = []
        self.without_answer = 0
        self.calls = 0
        self.ending = False

    def run(self):
        while not self.ending:
            self.calls += 1
            try:
                self.answered.append(self.call(self.calls)["ResponseMetadata"]["RequestId"])
            except ClientError as e:
                self.answered.append(e.response["ResponseMetadata"]["RequestId"])
            except BotoCoreError:
                self.without_answer += 1
                time.sleep(0.05)

    def call(self, count):
        name = f"/count/{self.number}/{count}"
        match count % 4:
            case 0:
                return self.ssm.put_parameter(Name=name, Value=str(count), Type="String")
            case 1:
                return self.sts.get_caller_identity()
            case 2:
                return self.ssm.get_parameter(Name=name + "/missing")
            case _:
                return self.kms.describe_key(KeyId="alias/aws/ssm")


def user(iam, name, allowed):
    iam.create_user(UserName=name)
    if allowed:
        iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    return iam.create_access_key(UserName=name)["AccessKey"]


def start_trail():
    s3, trails = boto3.client("s3"), boto3.client("cloudtrail")
    account = boto3.client("sts").get_caller_identity()["Account"]
    s3.create_bucket(Bucket="counted-trail")
    allow = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    s3.put_bucket_policy(Bucket="counted-trail", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {**allow, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::counted-trail"},
        {**allow, "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::counted-trail/AWSLogs/{account}/*",
         "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}}]}))
    trails.create_trail(Name="counted", S3BucketName="counted-trail")
    trails.start_logging(Name="counted")


def in_history(keys):
    """The records of callers with these access keys, by request id, and how often each."""
    records = []
    pages = boto3.client("cloudtrail").get_paginator("lookup_events").paginate(PaginationConfig={"PageSize": 50})
    for page in pages:
        records += (json.loads(event["CloudTrailEvent"]) for event in page["Events"] if event.get("AccessKeyId") in keys)
    return records


def in_files(keys):
    """The records of callers with these access keys in the trail's files."""
    s3 = boto3.client("s3")
    records = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket="counted-trail"):
        for found in page.get("Contents", []):
            if found["Key"].endswith(".json.gz"):
                body = gzip.decompress(s3.get_object(Bucket="counted-trail", Key=found["Key"])["Body"].read())
                records += (record for record in json.loads(body)["Records"]
                            if record.get("userIdentity", {}).get("accessKeyId") in keys)
    return records


def ids(records):
    return Counter(record["requestID"] for record in records)


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    random.seed(11)
    steps = Steps()
    server = Server().start()
    print(f"server in {server.folder}, {CALLERS} callers, {kills} kills to come", flush=True)
    iam = boto3.client("iam")
    granted, denied = user(iam, "granted", True), user(iam, "denied", False)
    keys = {granted["AccessKeyId"], denied["AccessKeyId"]}
    start_trail()
    callers = [Caller(number, denied if number % 4 == 0 else granted) for number in range(CALLERS)]
    for caller in callers:
        caller.start()
    for done in range(kills):
        time.sleep(random.uniform(1, 4))
        server.kill()
        server.start()
        print(f"kill {done + 1}: {sum(len(c.answered) for c in callers)} calls answered", flush=True)
    time.sleep(2)
    for caller in callers:
        caller.ending = True
    for caller in callers:
        caller.join()
    answered = [request for caller in callers for request in caller.answered]
    unanswered = sum(caller.without_answer for caller in callers)
    history = in_history(keys)
    kept = ids(history)
    print(f"{len(answered)} calls answered, {unanswered} without an answer, {len(history)} records", flush=True)

    def each_answer_has_a_record():
        missing = [request for request in answered if kept[request] == 0]
        assert not missing, f"{len(missing)} of {len(answered)} have none, such as {missing[:3]}"

    def no_record_twice():
        twice = [request for request, count in kept.items() if count > 1]
        assert not twice, f"{len(twice)} have several, such as {twice[:3]}"

    def no_record_of_nothing():
        more = len(kept) - len(set(answered))
        assert more <= unanswered, f"{more} records without a call, but {unanswered} calls without an answer"

    def recorded_is_done():
        recorded = {record["requestParameters"]["name"] for record in history
                    if record["eventName"] == "PutParameter" and "errorCode" not in record}
        pages = boto3.client("ssm").get_paginator("get_parameters_by_path").paginate(Path="/count", Recursive=True)
        there = {parameter["Name"] for page in pages for parameter in page["Parameters"]}
        assert recorded == there, f"{len(recorded - there)} recorded and not there, {len(there - recorded)} there and not recorded"

    def delivered():
        end = time.time() + DELIVERED_WITHIN
        files = Counter()
        while time.time() < end and len(files) < len(kept):
            time.sleep(10)
            files = ids(in_files(keys))
        assert files == kept, f"{len(kept - files)} records are in no file, {len(files - kept)} more than once"

    steps.step(f"each of {len(answered)} answered calls has a record", each_answer_has_a_record)
    steps.step("none has two", no_record_twice)
    steps.step("there is no record of a call that nobody made", no_record_of_nothing)
    steps.step("what is recorded as written is there, and what is there is recorded", recorded_is_done)
    steps.step("each record is in one file of the trail", delivered)
    server.stop()
    return steps.end()


if __name__ == "__main__":
    sys.exit(main())
