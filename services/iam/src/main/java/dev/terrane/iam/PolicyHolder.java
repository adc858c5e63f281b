package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import tools.jackson.databind.JsonNode;

/** How resource types give policies to users, groups and roles, and take them away. */
enum PolicyHolder {
    USER("User"),
    GROUP("Group"),
    ROLE("Role");

    private final String word;

    PolicyHolder(String word) {
        this.word = word;
    }

    /** As in the names of types and properties. */
    String word() {
        return word;
    }

    void attach(IamClient iam, String name, String policyArn) {
        switch (this) {
            case USER -> iam.attachUserPolicy(r -> r.userName(name).policyArn(policyArn));
            case GROUP -> iam.attachGroupPolicy(r -> r.groupName(name).policyArn(policyArn));
            case ROLE -> iam.attachRolePolicy(r -> r.roleName(name).policyArn(policyArn));
        }
    }

    /** One that is not attached, or of which nothing is left, is no error. */
    void detach(ResourceWork work, String name, String policyArn) {
        IamClient iam = work.client(IamClient.class);
        work.unlessGone(NoSuchEntityException.class, () -> {
            switch (this) {
                case USER -> iam.detachUserPolicy(r -> r.userName(name).policyArn(policyArn));
                case GROUP -> iam.detachGroupPolicy(r -> r.groupName(name).policyArn(policyArn));
                case ROLE -> iam.detachRolePolicy(r -> r.roleName(name).policyArn(policyArn));
            }
        });
    }

    void put(IamClient iam, String name, String policy, String document) {
        switch (this) {
            case USER ->
                iam.putUserPolicy(r -> r.userName(name).policyName(policy).policyDocument(document));
            case GROUP ->
                iam.putGroupPolicy(r -> r.groupName(name).policyName(policy).policyDocument(document));
            case ROLE ->
                iam.putRolePolicy(r -> r.roleName(name).policyName(policy).policyDocument(document));
        }
    }

    /** One that is not there is no error. */
    void delete(ResourceWork work, String name, String policy) {
        IamClient iam = work.client(IamClient.class);
        work.unlessGone(NoSuchEntityException.class, () -> {
            switch (this) {
                case USER -> iam.deleteUserPolicy(r -> r.userName(name).policyName(policy));
                case GROUP -> iam.deleteGroupPolicy(r -> r.groupName(name).policyName(policy));
                case ROLE -> iam.deleteRolePolicy(r -> r.roleName(name).policyName(policy));
            }
        });
    }

    /** An inline policy's document; empty where it or its holder is not there. */
    Optional<String> document(ResourceWork work, String name, String policy) {
        IamClient iam = work.client(IamClient.class);
        return work.ifThere(NoSuchEntityException.class, () -> switch (this) {
                    case USER ->
                        iam.getUserPolicy(r -> r.userName(name).policyName(policy))
                                .policyDocument();
                    case GROUP ->
                        iam.getGroupPolicy(r -> r.groupName(name).policyName(policy))
                                .policyDocument();
                    case ROLE ->
                        iam.getRolePolicy(r -> r.roleName(name).policyName(policy))
                                .policyDocument();
                })
                .map(IamResources::decoded);
    }

    private List<String> attached(IamClient iam, String name) {
        return switch (this) {
            case USER ->
                iam.listAttachedUserPoliciesPaginator(r -> r.userName(name)).attachedPolicies().stream()
                        .map(AttachedPolicy::policyArn)
                        .toList();
            case GROUP ->
                iam.listAttachedGroupPoliciesPaginator(r -> r.groupName(name)).attachedPolicies().stream()
                        .map(AttachedPolicy::policyArn)
                        .toList();
            case ROLE ->
                iam.listAttachedRolePoliciesPaginator(r -> r.roleName(name)).attachedPolicies().stream()
                        .map(AttachedPolicy::policyArn)
                        .toList();
        };
    }

    private List<String> inline(IamClient iam, String name) {
        return switch (this) {
            case USER ->
                iam.listUserPoliciesPaginator(r -> r.userName(name)).policyNames().stream()
                        .toList();
            case GROUP ->
                iam.listGroupPoliciesPaginator(r -> r.groupName(name)).policyNames().stream()
                        .toList();
            case ROLE ->
                iam.listRolePoliciesPaginator(r -> r.roleName(name)).policyNames().stream()
                        .toList();
        };
    }

    /** Gives a new holder its {@code ManagedPolicyArns} and {@code Policies}. */
    void give(ResourceWork work, String name) {
        change(work, name, Properties.NONE);
    }

    /** Gives and takes what has changed of {@code ManagedPolicyArns} and {@code Policies}; what is new comes first, so that no right is missed meanwhile. */
    void change(ResourceWork work, String name) {
        change(work, name, work.previous());
    }

    private void change(ResourceWork work, String name, Properties previous) {
        IamClient iam = work.client(IamClient.class);
        List<String> before = previous.texts("ManagedPolicyArns");
        List<String> after = work.desired().texts("ManagedPolicyArns");
        after.stream().distinct().filter(arn -> !before.contains(arn)).forEach(arn -> attach(iam, name, arn));
        Map<String, String> old = documents(previous);
        Map<String, String> now = documents(work.desired());
        now.forEach((policy, document) -> {
            if (!document.equals(old.get(policy))) {
                put(iam, name, policy, document);
            }
        });
        before.stream().distinct().filter(arn -> !after.contains(arn)).forEach(arn -> detach(work, name, arn));
        old.keySet().stream().filter(policy -> !now.containsKey(policy)).forEach(policy -> delete(work, name, policy));
    }

    private static Map<String, String> documents(Properties properties) {
        Map<String, String> documents = new LinkedHashMap<>();
        properties
                .objects("Policies")
                .forEach(policy -> documents.put(
                        policy.required("PolicyName"),
                        policy.json("PolicyDocument").orElse("")));
        return documents;
    }

    /** Takes away what a holder was given, before it is deleted; what others gave it keeps it from being deleted, as with AWS. */
    void take(ResourceWork work, String name) {
        work.desired().texts("ManagedPolicyArns").forEach(arn -> detach(work, name, arn));
        documents(work.desired()).keySet().forEach(policy -> delete(work, name, policy));
    }

    /** All policies that a holder has, whoever gave them. */
    void read(ResourceWork work, String name, Properties.Builder found) {
        IamClient iam = work.client(IamClient.class);
        List<Properties> policies = inline(iam, name).stream()
                .flatMap(policy -> document(work, name, policy).stream()
                        .map(document -> Properties.builder()
                                .put("PolicyName", policy)
                                .json("PolicyDocument", document)
                                .build()))
                .toList();
        found.put("ManagedPolicyArns", attached(iam, name))
                .put("Policies", policies)
                .inOrderOf(work.desired(), "ManagedPolicyArns", "Policies");
    }

    /** Whether a policy that is read of a holder belongs to another resource. */
    boolean isAttachedBy(String property, JsonNode item, String type, String id, Properties other) {
        return switch (property) {
            case "ManagedPolicyArns" ->
                type.equals("AWS::IAM::ManagedPolicy") && item.asString("").equals(id);
            case "Policies" ->
                (type.equals("AWS::IAM::Policy") || type.equals("AWS::IAM::" + word + "Policy"))
                        && other.text("PolicyName")
                                .equals(Optional.of(item.path("PolicyName").asString("")));
            default -> false;
        };
    }
}
