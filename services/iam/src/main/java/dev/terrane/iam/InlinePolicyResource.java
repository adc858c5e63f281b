package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;

/** A policy that is embedded in one user, group or role: {@code AWS::IAM::RolePolicy} and its like. */
final class InlinePolicyResource implements ResourceType {
    private final PolicyHolder kind;
    private final String holder;

    InlinePolicyResource(PolicyHolder kind) {
        this.kind = kind;
        this.holder = kind.word() + "Name";
    }

    @Override
    public String name() {
        return "AWS::IAM::" + kind.word() + "Policy";
    }

    @Override
    public Set<String> supported() {
        return Set.of("PolicyDocument", "PolicyName", holder);
    }

    @Override
    public String create(ResourceWork work) {
        String id = work.desired().required("PolicyName") + "|" + work.desired().required(holder);
        put(work);
        work.made(id);
        return id;
    }

    private void put(ResourceWork work) {
        kind.put(
                work.client(IamClient.class),
                work.desired().required(holder),
                work.desired().required("PolicyName"),
                work.desired().json("PolicyDocument").orElse(""));
    }

    @Override
    public void update(ResourceWork work, String id) {
        put(work);
    }

    @Override
    public void delete(ResourceWork work, String id) {
        kind.delete(work, ofHolder(id), ofPolicy(id));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return kind.document(work, ofHolder(id), ofPolicy(id))
                .map(document -> Properties.builder()
                        .put("PolicyName", ofPolicy(id))
                        .put(holder, ofHolder(id))
                        .json("PolicyDocument", document)
                        .build());
    }

    private static String ofPolicy(String id) {
        return id.substring(0, id.indexOf('|'));
    }

    private static String ofHolder(String id) {
        return id.substring(id.indexOf('|') + 1);
    }
}
