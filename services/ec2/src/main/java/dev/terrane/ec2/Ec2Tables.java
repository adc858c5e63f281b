package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** What EC2 stores. Methods without a scope mean that of the current call. */
final class Ec2Tables {
    private final Store store;
    private final Rows<InstanceRecord> instances;
    private final Rows<PlaceRecord> places;
    private final Rows<LaunchTokenRecord> tokens;
    private final Rows<TagsRecord> tags;
    private final Rows<KeyPairRecord> keyPairs;
    private final Rows<SecurityGroupRecord> groups;
    private final Rows<LaunchTemplateRecord> templates;
    private final Rows<TemplateVersionRecord> versions;

    Ec2Tables(Store store) {
        this.store = store;
        instances = store.rows(Table.of("ec2.instance", InstanceRecord.class, InstanceRecord::id));
        places = store.rows(Table.of("ec2.place", PlaceRecord.class, PlaceRecord::instanceId));
        tokens = store.rows(Table.of("ec2.launch-token", LaunchTokenRecord.class, LaunchTokenRecord::token));
        tags = store.rows(Table.of("ec2.tags", TagsRecord.class, TagsRecord::resourceId));
        keyPairs = store.rows(Table.of("ec2.key-pair", KeyPairRecord.class, KeyPairRecord::name));
        groups = store.rows(Table.of("ec2.security-group", SecurityGroupRecord.class, SecurityGroupRecord::id));
        templates = store.rows(Table.of("ec2.launch-template", LaunchTemplateRecord.class, LaunchTemplateRecord::id)
                .index("name", LaunchTemplateRecord::name));
        versions = store.rows(Table.of(
                "ec2.launch-template-version",
                TemplateVersionRecord.class,
                v -> TemplateVersionRecord.key(v.templateId(), v.version())));
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    <T> T transact(Supplier<T> work) {
        return store.transact(work);
    }

    Optional<InstanceRecord> instance(String id) {
        return instances.get(scope(), id);
    }

    /** An instance wherever it is. */
    Optional<InstanceRecord> instance(Scope scope, String id) {
        return instances.peek(scope, id);
    }

    List<InstanceRecord> instances() {
        return instances.all(scope());
    }

    void everyInstance(BiConsumer<Scope, InstanceRecord> visitor) {
        instances.everywhere(visitor);
    }

    Optional<Scope> place(String instanceId) {
        return places.peek(Scope.INSTALLATION, instanceId).map(PlaceRecord::scope);
    }

    void put(InstanceRecord instance) {
        instances.put(scope(), instance);
    }

    /** Remembers a new instance and where it lives. */
    void add(InstanceRecord instance) {
        put(instance);
        places.put(Scope.INSTALLATION, new PlaceRecord(instance.id(), scope().account(), scope().region()));
    }

    void forget(String instanceId) {
        instances.delete(scope(), instanceId);
        tags.delete(scope(), instanceId);
        places.delete(Scope.INSTALLATION, instanceId);
    }

    Optional<LaunchTokenRecord> launch(String token) {
        return tokens.get(scope(), token);
    }

    void put(LaunchTokenRecord launch) {
        tokens.put(scope(), launch);
    }

    Map<String, String> tags(String resourceId) {
        return tags(scope(), resourceId);
    }

    Map<String, String> tags(Scope scope, String resourceId) {
        return tags.get(scope, resourceId).map(TagsRecord::tags).orElse(Map.of());
    }

    List<TagsRecord> allTags() {
        return tags.all(scope());
    }

    void tag(String resourceId, Map<String, String> all) {
        if (all.isEmpty()) {
            tags.delete(scope(), resourceId);
        } else {
            tags.put(scope(), new TagsRecord(resourceId, ResourceKinds.of(resourceId), all));
        }
    }

    Optional<KeyPairRecord> keyPair(String name) {
        return keyPairs.get(scope(), name);
    }

    Optional<KeyPairRecord> keyPair(Scope scope, String name) {
        return keyPairs.peek(scope, name);
    }

    List<KeyPairRecord> keyPairs() {
        return keyPairs.all(scope());
    }

    void put(KeyPairRecord pair) {
        keyPairs.put(scope(), pair);
    }

    void delete(KeyPairRecord pair) {
        keyPairs.delete(scope(), pair.name());
        tags.delete(scope(), pair.id());
    }

    Optional<SecurityGroupRecord> group(String id) {
        return groups.get(scope(), id);
    }

    Optional<SecurityGroupRecord> group(Scope scope, String id) {
        return groups.peek(scope, id);
    }

    List<SecurityGroupRecord> groups() {
        return groups.all(scope());
    }

    void put(SecurityGroupRecord group) {
        groups.put(scope(), group);
    }

    void delete(SecurityGroupRecord group) {
        groups.delete(scope(), group.id());
        tags.delete(scope(), group.id());
        group.rules().forEach(rule -> tags.delete(scope(), rule.securityGroupRuleId()));
    }

    Optional<LaunchTemplateRecord> template(String id) {
        return templates.get(scope(), id);
    }

    Optional<LaunchTemplateRecord> templateNamed(Scope scope, String name) {
        return templates.list(scope, Query.equal("name", name).limit(1)).values().stream()
                .findFirst();
    }

    List<LaunchTemplateRecord> templates() {
        return templates.all(scope());
    }

    void put(LaunchTemplateRecord template) {
        templates.put(scope(), template);
    }

    Optional<TemplateVersionRecord> version(String templateId, long version) {
        return versions.get(scope(), TemplateVersionRecord.key(templateId, version));
    }

    List<TemplateVersionRecord> versions(String templateId) {
        return versions.list(scope(), Query.prefix(templateId + "/")).values();
    }

    void put(TemplateVersionRecord version) {
        versions.put(scope(), version);
    }

    void delete(TemplateVersionRecord version) {
        versions.delete(scope(), TemplateVersionRecord.key(version.templateId(), version.version()));
    }

    void delete(LaunchTemplateRecord template) {
        versions(template.id()).forEach(this::delete);
        templates.delete(scope(), template.id());
        tags.delete(scope(), template.id());
    }
}
