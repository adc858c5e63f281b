#!/usr/bin/env python3
"""Generates the operation contract of each AWS service from botocore's service models.

Only facts that a wire layer and a validator need are taken: names, HTTP bindings, error codes and
statuses, constraints of input members. No documentation text is copied. Operations that the pinned
AWS SDK for Java does not have are left out, so that every operation written here binds.

Usage:  pip install botocore==1.43.11 && contract/generate.py [--repository ~/.m2/repository] [NAME...]

For each service two resources are written: NAME.json (operations and errors, read when the service
is first called) and NAME.shapes.json (constraints of input members, read at the first validation).
"""

import argparse
import gzip
import json
import os
import sys
import zipfile

import botocore

BOTOCORE = "1.43.11"
SDK = "2.40.2"
HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "../kernel/src/main/resources/dev/terrane/kernel/contract")

# The SDK's artifact and package name -> botocore's folder.
SERVICES = {
    "autoscaling": "autoscaling",
    "cloudcontrol": "cloudcontrol",
    "cloudformation": "cloudformation",
    "cloudtrail": "cloudtrail",
    "cloudwatch": "cloudwatch",
    "cloudwatchlogs": "logs",
    "codebuild": "codebuild",
    "codecommit": "codecommit",
    "codedeploy": "codedeploy",
    "codepipeline": "codepipeline",
    "ec2": "ec2",
    "ecr": "ecr",
    "elasticloadbalancingv2": "elbv2",
    "eventbridge": "events",
    "firehose": "firehose",
    "iam": "iam",
    "kms": "kms",
    "s3": "s3",
    "s3control": "s3control",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "sts": "sts",
}

# What the models of today no longer say, or never said. Sources: the API references of SQS and S3.
OVERLAY = {
    # Operations that answer with events; the others stay out as long as nobody builds them.
    "cloudwatchlogs": {"eventStreams": ["StartLiveTail"]},
    "sqs": {
        "protocols": ["json", "query"],
        "xmlNamespace": "http://queue.amazonaws.com/doc/2012-11-05/",
        # A query parameter that the model names otherwise, or that the query protocol flattens.
        "queryNames": {
            "Attributes": "Attribute",
            "AttributeNames": "AttributeName",
            "MessageAttributeNames": "MessageAttributeName",
            "MessageSystemAttributeNames": "MessageSystemAttributeName",
            "MessageAttributes": "MessageAttribute",
            "MessageSystemAttributes": "MessageSystemAttribute",
            "Messages": "Message",
            "QueueUrls": "QueueUrl",
            "AWSAccountIds": "AWSAccountId",
            "Actions": "ActionName",
            "TagKeys": "TagKey",
            "Tags": "Tag",
            "SendMessageBatchRequest/Entries": "SendMessageBatchRequestEntry",
            "DeleteMessageBatchRequest/Entries": "DeleteMessageBatchRequestEntry",
            "ChangeMessageVisibilityBatchRequest/Entries": "ChangeMessageVisibilityBatchRequestEntry",
            "SendMessageBatchResponse/Successful": "SendMessageBatchResultEntry",
            "DeleteMessageBatchResponse/Successful": "DeleteMessageBatchResultEntry",
            "ChangeMessageVisibilityBatchResponse/Successful": "ChangeMessageVisibilityBatchResultEntry",
            "Failed": "BatchResultErrorEntry",
            "queueUrls": "QueueUrl",
            "Results": "ListMessageMoveTasksResultEntry",
        },
        "mapEntry": {
            "Attributes": ["Name", "Value"],
            "MessageAttributes": ["Name", "Value"],
            "MessageSystemAttributes": ["Name", "Value"],
            "Tags": ["Key", "Value"],
        },
        "codes": {
            "BatchEntryIdsNotDistinct": "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            "BatchRequestTooLong": "AWS.SimpleQueueService.BatchRequestTooLong",
            "EmptyBatchRequest": "AWS.SimpleQueueService.EmptyBatchRequest",
            "InvalidBatchEntryId": "AWS.SimpleQueueService.InvalidBatchEntryId",
            "MessageNotInflight": "AWS.SimpleQueueService.MessageNotInflight",
            "PurgeQueueInProgress": "AWS.SimpleQueueService.PurgeQueueInProgress",
            "QueueDeletedRecently": "AWS.SimpleQueueService.QueueDeletedRecently",
            "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
            "QueueNameExists": "QueueAlreadyExists",
            "RequestThrottled": "RequestThrottled",
            "TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            "UnsupportedOperation": "AWS.SimpleQueueService.UnsupportedOperation",
            "KmsAccessDenied": "KMS.AccessDeniedException",
            "KmsDisabled": "KMS.DisabledException",
            "KmsInvalidKeyUsage": "KMS.InvalidKeyUsageException",
            "KmsInvalidState": "KMS.InvalidStateException",
            "KmsNotFound": "KMS.NotFoundException",
            "KmsOptInRequired": "KMS.OptInRequired",
            "KmsThrottled": "KMS.ThrottlingException",
        },
    },
    "sns": {
        "members": {"AddPermissionInput": {"AWSAccountId": "AWSAccountIds", "ActionName": "ActionNames"}},
    },
    "s3": {
        "xmlNamespace": "http://s3.amazonaws.com/doc/2006-03-01/",
        "roots": {
            "ListBuckets": "ListAllMyBucketsResult",
            "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult",
            "ListObjects": "ListBucketResult",
            "ListObjectsV2": "ListBucketResult",
            "ListObjectVersions": "ListVersionsResult",
            "ListMultipartUploads": "ListMultipartUploadsResult",
            "ListParts": "ListPartsResult",
            "CreateMultipartUpload": "InitiateMultipartUploadResult",
            "CompleteMultipartUpload": "CompleteMultipartUploadResult",
            "CreateSession": "CreateSessionResult",
            "DeleteObjects": "DeleteResult",
            "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
            "GetBucketAcl": "AccessControlPolicy",
            "GetBucketCors": "CORSConfiguration",
            "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
            "GetBucketLocation": "LocationConstraint",
            "GetBucketLogging": "BucketLoggingStatus",
            "GetBucketNotificationConfiguration": "NotificationConfiguration",
            "GetBucketRequestPayment": "RequestPaymentConfiguration",
            "GetBucketTagging": "Tagging",
            "GetBucketVersioning": "VersioningConfiguration",
            "GetBucketWebsite": "WebsiteConfiguration",
            "GetObjectAcl": "AccessControlPolicy",
            "GetObjectAttributes": "GetObjectAttributesResponse",
            "GetObjectTagging": "Tagging",
            "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
            "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
            "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
        },
        # Members that the SDK for Java names otherwise.
        "members": {
            "CopyObjectRequest": {"Bucket": "DestinationBucket", "Key": "DestinationKey"},
            "UploadPartCopyRequest": {"Bucket": "DestinationBucket", "Key": "DestinationKey"},
        },
        # Headers that tell apart operations of the same method and URI.
        "headers": {
            "CopyObject": ["x-amz-copy-source"],
            "UploadPartCopy": ["x-amz-copy-source"],
        },
        "statuses": {
            "DeleteObject": 204, "DeleteBucket": 204, "AbortMultipartUpload": 204, "PutBucketPolicy": 204,
            "PutBucketTagging": 204,
        },
        # The header is URL encoded, and some clients encode its slashes too.
        "patterns": {"CopySource": "\\/?.+(\\/|%2[Ff]).+"},
    },
    # Buckets' ARNs, which have neither region nor account, are taken too: "Using tags with S3 general purpose buckets".
    "s3control": {"patterns": {"S3ResourceArn": "arn:[^:]+:s3(express)?:.*"}},
}


def read_model(folder):
    root = os.path.join(os.path.dirname(botocore.__file__), "data", folder)
    version = sorted(os.listdir(root))[-1]
    path = os.path.join(root, version, "service-2.json")
    if os.path.exists(path):
        with open(path) as file:
            return json.load(file)
    with gzip.open(path + ".gz") as file:
        return json.load(file)


def sdk_names(repository, service):
    """Lower-cased simple name -> simple name of the SDK's model classes, and the client interface."""
    jar = os.path.join(repository, f"software/amazon/awssdk/{service}/{SDK}/{service}-{SDK}.jar")
    root = f"software/amazon/awssdk/services/{service}/"
    models, clients = {}, []
    with zipfile.ZipFile(jar) as archive:
        for name in archive.namelist():
            if not name.startswith(root) or "$" in name or not name.endswith(".class"):
                continue
            simple = name[len(root):-len(".class")]
            if simple.startswith("model/"):
                models[simple[6:].lower()] = simple[6:]
            elif "/" not in simple and simple.endswith("Client") and not simple.startswith(("Default", "Delegating")):
                clients.append(simple)
    clients = [c for c in clients if not c.endswith("AsyncClient")]
    assert len(clients) == 1, clients
    return models, clients[0]


class Generator:
    def __init__(self, service, repository):
        self.service = service
        self.model = read_model(SERVICES[service])
        self.shapes = self.model["shapes"]
        self.overlay = OVERLAY.get(service, {})
        self.models, self.client = sdk_names(repository, service)

    def contract(self):
        meta = self.model["metadata"]
        operations, missing, async_only = {}, [], []
        for name, operation in sorted(self.model["operations"].items()):
            sdk = self.models.get((name + "request").lower())
            if sdk is None:
                missing.append(name)
                continue
            events = self.has_event_stream(operation.get("output"))
            if self.has_event_stream(operation.get("input")) or (
                    events and name not in self.overlay.get("eventStreams", ())):
                async_only.append(name)
                continue
            operations[name] = self.operation(name, operation, sdk[: -len("Request")])
        used = sorted({e for o in operations.values() for e in o.get("errors", ())} | set(self.all_errors()))
        result = {
            "service": self.service,
            "client": self.client,
            "serviceId": meta["serviceId"],
            "endpointPrefix": meta["endpointPrefix"],
            "signingName": meta.get("signingName", meta["endpointPrefix"]),
            "apiVersion": meta["apiVersion"],
            "protocols": self.overlay.get("protocols", meta["protocols"]),
            "jsonVersion": meta.get("jsonVersion"),
            "targetPrefix": meta.get("targetPrefix"),
            "xmlNamespace": self.overlay.get("xmlNamespace", meta.get("xmlNamespace")),
            "queryCompatible": True if "awsQueryCompatible" in meta else None,
            "queryNames": self.overlay.get("queryNames"),
            "mapEntry": self.overlay.get("mapEntry"),
            "asyncOnly": async_only or None,
            "errors": {e: self.error(e) for e in used},
            "operations": operations,
        }
        print(f"{self.service}: {len(operations)} operations, not in the SDK: {missing}, async: {async_only}")
        return {k: v for k, v in result.items() if v is not None}

    def all_errors(self):
        for name, shape in self.shapes.items():
            if shape.get("exception") and self.exception_class(name):
                yield name

    def exception_class(self, shape):
        for candidate in (shape + "exception", shape):
            if candidate.lower() in self.models:
                return self.models[candidate.lower()]
        for suffix in ("error", "fault"):
            if shape.lower().endswith(suffix):
                return self.models.get((shape[: -len(suffix)] + "exception").lower())
        return None

    def error(self, name):
        shape = self.shapes[name]
        facts = shape.get("error", {})
        code = self.overlay.get("codes", {}).get(name, facts.get("code", name))
        status = facts.get("httpStatusCode", 500 if shape.get("fault") else 400)
        result = {"status": status}
        cls = self.exception_class(name)
        if cls:
            result["class"] = cls
        if code != name:
            result["code"] = code
        return result

    def has_event_stream(self, reference):
        if not reference:
            return False
        members = self.shapes[reference["shape"]].get("members", {})
        return any(self.shapes[m["shape"]].get("eventstream") for m in members.values())

    def operation(self, name, operation, sdk):
        http = operation.get("http", {})
        reference_in, reference_out = operation.get("input"), operation.get("output")
        shape_in = self.shapes[reference_in["shape"]] if reference_in else {}
        shape_out = self.shapes[reference_out["shape"]] if reference_out else {}
        checksum = operation.get("httpChecksum", {})
        status = self.overlay.get("statuses", {}).get(name, http.get("responseCode", 200))
        result = {
            "sdk": sdk if sdk != name else None,
            "method": http.get("method", "POST") if http.get("method", "POST") != "POST" else None,
            "uri": http.get("requestUri", "/") if http.get("requestUri", "/") != "/" else None,
            "status": status if status != 200 else None,
            "errors": sorted({e["shape"] for e in operation.get("errors", ())}) or None,
            "input": reference_in["shape"] if reference_in else None,
            "inputPayload": shape_in.get("payload"),
            "outputPayload": shape_out.get("payload"),
            "streamingInput": self.streaming(shape_in),
            "streamingOutput": self.streaming(shape_out),
            "eventStream": True if self.has_event_stream(reference_out) else None,
            "resultWrapper": reference_out.get("resultWrapper") if reference_out else None,
            "root": self.overlay.get("roots", {}).get(name),
            "headers": self.overlay.get("headers", {}).get(name),
            "query": self.required_query(shape_in) or None,
            "anonymous": True if operation.get("authtype") == "none" else None,
            "idempotencyToken": self.idempotency_token(shape_in),
            "checksumMember": checksum.get("requestAlgorithmMember"),
            "checksumRequired": True
            if checksum.get("requestChecksumRequired") or operation.get("httpChecksumRequired") else None,
            "checksumValidationMember": checksum.get("requestValidationModeMember"),
        }
        if "query" in self.overlay.get("protocols", ()) and reference_out:
            result["resultWrapper"] = name + "Result"
        return {k: v for k, v in result.items() if v is not None}

    def streaming(self, shape):
        payload = shape.get("payload")
        if not payload:
            return None
        member = shape["members"][payload]
        return True if member.get("streaming") or self.shapes[member["shape"]].get("streaming") else None

    @staticmethod
    def required_query(shape):
        """Query parameters without which a request does not mean this operation."""
        members = shape.get("members", {})
        return [members[m]["locationName"] for m in shape.get("required", ()) if members[m].get("location") == "querystring"]

    @staticmethod
    def idempotency_token(shape):
        for name, member in shape.get("members", {}).items():
            if member.get("idempotencyToken"):
                return name
        return None

    def constraints(self, contract):
        """Input shapes that carry a constraint, themselves or in what they hold."""
        only_required = self.service == "ec2"
        reachable, queue = set(), [o["input"] for o in contract["operations"].values() if "input" in o]
        while queue:
            name = queue.pop()
            if name not in reachable:
                reachable.add(name)
                queue.extend(self.children(name).values())
        kept = {n for n in reachable if self.own(n, only_required)}
        grown = True
        while grown:
            more = {n for n in reachable - kept if any(c in kept for c in self.children(n).values())}
            kept |= more
            grown = bool(more)
        table = {}
        for name in sorted(kept):
            shape = self.shapes[name]
            entry = {"kind": shape["type"], **self.own(name, only_required)}
            children = {m: s for m, s in self.children(name).items() if s in kept}
            if children:
                entry["members"] = children
            table[name] = entry
        return table

    def own(self, name, only_required):
        shape = self.shapes[name]
        facts = {}
        if shape.get("required"):
            facts["required"] = [self.sdk_member(name, member) for member in shape["required"]]
        if not only_required:
            for key in ("min", "max", "pattern", "enum"):
                if key in shape:
                    facts[key] = shape[key]
            if name in self.overlay.get("patterns", {}):
                facts["pattern"] = self.overlay["patterns"][name]
            if facts.get("pattern") in (".*", "[\\s\\S]*", "^[\\s\\S]*$", "^.*$"):
                del facts["pattern"]
        return facts

    def sdk_member(self, shape, member):
        return self.overlay.get("members", {}).get(shape, {}).get(member, member)

    def children(self, name):
        shape = self.shapes[name]
        if shape["type"] == "structure":
            return {self.sdk_member(name, m): r["shape"] for m, r in shape["members"].items()}
        if shape["type"] == "list":
            return {"member": shape["member"]["shape"]}
        if shape["type"] == "map":
            return {"key": shape["key"]["shape"], "value": shape["value"]["shape"]}
        return {}


def write(path, value):
    """One line an entry of the big tables, so that a change of the models reads well as a diff."""
    def compact(x):
        return json.dumps(x, separators=(",", ":"), ensure_ascii=False)

    lines = []
    for key, item in value.items():
        if isinstance(item, dict) and key in ("operations", "errors", "shapes"):
            inner = ",\n".join(f"{compact(k)}:{compact(v)}" for k, v in item.items())
            lines.append(f"{compact(key)}:{{\n{inner}\n}}")
        else:
            lines.append(f"{compact(key)}:{compact(item)}")
    with open(path, "w") as file:
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--repository", default=os.path.expanduser("~/.m2/repository"))
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    if botocore.__version__ != BOTOCORE:
        sys.exit(f"botocore {BOTOCORE} is needed, found {botocore.__version__}")
    os.makedirs(TARGET, exist_ok=True)
    for service in arguments.names or SERVICES:
        generator = Generator(service, arguments.repository)
        contract = generator.contract()
        write(os.path.join(TARGET, f"{service}.json"), contract)
        write(os.path.join(TARGET, f"{service}.shapes.json"), {"shapes": generator.constraints(contract)})


if __name__ == "__main__":
    main()
