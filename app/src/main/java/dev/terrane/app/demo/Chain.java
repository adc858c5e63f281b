package dev.terrane.app.demo;

import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetStatus;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetResponse;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.ResourceChange;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.iam.model.ServiceSpecificCredential;

/** What the demo shows, as one stack: made, changed and deleted as {@code aws cloudformation deploy} does, by change sets. */
final class Chain {
    static final String NAME = "hello";

    private static final Duration LOOK = Duration.ofMillis(200);

    private final Aws aws;
    private final Screen screen;
    private final Path template;
    private final Set<String> told = new HashSet<>();
    private int changeSets;

    Chain(Aws aws, Screen screen, Path template) {
        this.aws = aws;
        this.screen = screen;
        this.template = template;
    }

    /**
     * What the rest of the demo needs.
     *
     * @param cloneUrl the repository
     * @param page the application behind the load balancer
     */
    record Created(String cloneUrl, String gitUser, String gitPassword, URI page) {}

    Created create() throws IOException, InterruptedException {
        screen.line("account %s, region %s", aws.sts.getCallerIdentity().account(), aws.region());
        List<String> subnets = aws.ec2.describeSubnets().subnets().stream()
                .map(Subnet::subnetId)
                .limit(2)
                .toList();
        deploy(
                ChangeSetType.CREATE,
                Map.of(
                        "Vpc", aws.ec2.describeVpcs().vpcs().getFirst().vpcId(),
                        "Subnets", String.join(",", subnets)));
        String cloneUrl = output("CloneUrl");
        URI page = URI.create(output("Page"));
        ServiceSpecificCredential git = aws.iam
                .createServiceSpecificCredential(
                        r -> r.userName(aws.iam.getUser().user().userName()).serviceName("codecommit.amazonaws.com"))
                .serviceSpecificCredential();
        screen.line("repository %s", cloneUrl);
        screen.line("load balancer %s", page);
        return new Created(cloneUrl, git.serviceUserName(), git.servicePassword(), page);
    }

    /** Changes some parameters, and leaves the others as they are. */
    DescribeChangeSetResponse change(Map<String, String> parameters) throws IOException, InterruptedException {
        Map<String, String> all = new TreeMap<>();
        stack().parameters().forEach(p -> all.put(p.parameterKey(), p.parameterValue()));
        all.putAll(parameters);
        return deploy(ChangeSetType.UPDATE, all);
    }

    /** Deletes the stack, after what the pipeline has left in its bucket: CloudFormation deletes no bucket that holds something. */
    void delete() throws InterruptedException {
        String bucket = output("ArtifactBucket");
        aws.s3
                .listObjectVersionsPaginator(r -> r.bucket(bucket))
                .versions()
                .forEach(v ->
                        aws.s3.deleteObject(r -> r.bucket(bucket).key(v.key()).versionId(v.versionId())));
        String id = stack().stackId();
        aws.cloudFormation.deleteStack(r -> r.stackName(id));
        await(id, "DELETE");
    }

    private DescribeChangeSetResponse deploy(ChangeSetType type, Map<String, String> parameters)
            throws IOException, InterruptedException {
        String body = Files.readString(template);
        String name = "demo-" + ++changeSets;
        aws.cloudFormation.createChangeSet(r -> r.stackName(NAME)
                .changeSetName(name)
                .changeSetType(type)
                .templateBody(body)
                .parameters(parameters.entrySet().stream()
                        .map(p -> Parameter.builder()
                                .parameterKey(p.getKey())
                                .parameterValue(p.getValue())
                                .build())
                        .toList())
                .capabilities(Capability.CAPABILITY_IAM));
        DescribeChangeSetResponse changes;
        while (true) {
            changes = aws.cloudFormation.describeChangeSet(
                    r -> r.stackName(NAME).changeSetName(name).includePropertyValues(true));
            if (changes.status() == ChangeSetStatus.CREATE_COMPLETE) {
                break;
            }
            if (changes.status() == ChangeSetStatus.FAILED) {
                throw new IllegalStateException("the change set failed: " + changes.statusReason());
            }
            Clock.system().sleep(LOOK);
        }
        screen.line("change set of %s", template.getFileName());
        if (type == ChangeSetType.CREATE) {
            screen.line("  adds %d resources", changes.changes().size());
        } else {
            changes.changes().forEach(c -> tell(c.resourceChange()));
        }
        aws.cloudFormation.executeChangeSet(r -> r.stackName(NAME).changeSetName(name));
        await(NAME, type.toString());
        return changes;
    }

    private void tell(ResourceChange change) {
        screen.line(
                "  %s %s %s, replacement: %s",
                change.actionAsString(),
                change.resourceType(),
                change.logicalResourceId(),
                change.replacementAsString());
        change.details()
                .forEach(d -> screen.line(
                        "    %s: %s -> %s",
                        d.target().name(), d.target().beforeValue(), d.target().afterValue()));
    }

    /** Follows the stack to the operation's end, telling each resource as it is done. */
    private void await(String stackNameOrId, String operation) throws InterruptedException {
        while (true) {
            String status = aws.cloudFormation
                    .describeStacks(r -> r.stackName(stackNameOrId))
                    .stacks()
                    .getFirst()
                    .stackStatusAsString();
            tellEvents(stackNameOrId);
            if (status.equals(operation + "_COMPLETE")) {
                return;
            }
            if (!status.equals(operation + "_IN_PROGRESS")
                    && !status.equals(operation + "_COMPLETE_CLEANUP_IN_PROGRESS")
                    && !status.equals("REVIEW_IN_PROGRESS")) {
                throw new IllegalStateException("the stack is " + status);
            }
            Clock.system().sleep(LOOK);
        }
    }

    private void tellEvents(String stackNameOrId) {
        List<StackEvent> newestFirst =
                aws.cloudFormation.describeStackEventsPaginator(r -> r.stackName(stackNameOrId)).stackEvents().stream()
                        .filter(e -> e.resourceStatusAsString().endsWith("_COMPLETE")
                                || e.resourceStatusAsString().endsWith("_FAILED"))
                        .filter(e -> told.add(e.eventId()))
                        .toList();
        newestFirst
                .reversed()
                .forEach(e -> screen.line(
                        "  %-42s %-18s %s%s",
                        e.resourceType(),
                        e.logicalResourceId(),
                        e.resourceStatusAsString(),
                        e.resourceStatusReason() == null ? "" : ": " + e.resourceStatusReason()));
    }

    private Stack stack() {
        return aws.cloudFormation
                .describeStacks(r -> r.stackName(NAME))
                .stacks()
                .getFirst();
    }

    private String output(String name) {
        return stack().outputs().stream()
                .filter(o -> o.outputKey().equals(name))
                .map(Output::outputValue)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the stack has no output " + name));
    }
}
