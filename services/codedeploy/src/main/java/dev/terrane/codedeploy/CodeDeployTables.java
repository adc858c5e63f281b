package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import software.amazon.awssdk.services.codedeploy.model.DeploymentCreator;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;

/** Everything of CodeDeploy as it is stored. */
final class CodeDeployTables {
    private final Store store;
    private final Rows<ApplicationRecord> applications;
    private final Rows<RevisionRecord> revisions;
    private final Rows<ConfigRecord> configs;
    private final Rows<GroupRecord> groups;
    private final Rows<DeploymentRecord> deployments;
    private final Rows<TargetRecord> targets;
    private final Rows<InstanceRecord> instances;
    private final Rows<OnPremisesRecord> onPremises;

    CodeDeployTables(Store store) {
        this.store = store;
        applications = store.rows(Table.of("codedeploy.application", ApplicationRecord.class, ApplicationRecord::name));
        revisions = store.rows(Table.of("codedeploy.revision", RevisionRecord.class, RevisionRecord::key));
        configs = store.rows(Table.of("codedeploy.config", ConfigRecord.class, ConfigRecord::name));
        groups = store.rows(Table.of("codedeploy.group", GroupRecord.class, GroupRecord::key)
                .index("id", GroupRecord::id));
        deployments = store.rows(Table.of("codedeploy.deployment", DeploymentRecord.class, DeploymentRecord::id)
                .index("time", CodeDeployTables::time)
                .index("application", d -> d.applicationId() + "/" + time(d))
                .index("group", d -> d.groupId() + "/" + time(d))
                .index("active", d -> d.ended() ? "" : d.groupId()));
        targets = store.rows(Table.of(
                "codedeploy.target", TargetRecord.class, t -> TargetRecord.key(t.deploymentId(), t.instanceId())));
        instances = store.rows(Table.of(
                        "codedeploy.instance",
                        InstanceRecord.class,
                        i -> InstanceRecord.key(i.groupId(), i.instanceId()))
                .index("instance", InstanceRecord::instanceId));
        onPremises = store.rows(Table.of("codedeploy.onpremises", OnPremisesRecord.class, OnPremisesRecord::name));
    }

    private static String time(DeploymentRecord deployment) {
        return "%014d".formatted(deployment.info().createTime().toEpochMilli());
    }

    void transact(Runnable work) {
        store.transact(work);
    }

    Optional<ApplicationRecord> application(Scope scope, String name) {
        return applications.get(scope, name);
    }

    Page<ApplicationRecord> applications(Scope scope, Query query) {
        return applications.list(scope, query);
    }

    void put(Scope scope, ApplicationRecord application) {
        applications.put(scope, application);
    }

    void deleteApplication(Scope scope, String name) {
        applications.delete(scope, name);
    }

    Optional<RevisionRecord> revision(Scope scope, String applicationId, RevisionLocation location) {
        return revisions.get(scope, RevisionRecord.key(applicationId, location));
    }

    List<RevisionRecord> revisions(Scope scope, String applicationId) {
        return revisions.list(scope, Query.prefix(applicationId + "/")).values();
    }

    void put(Scope scope, RevisionRecord revision) {
        revisions.put(scope, revision);
    }

    void delete(Scope scope, RevisionRecord revision) {
        revisions.delete(scope, revision.key());
    }

    Optional<ConfigRecord> config(Scope scope, String name) {
        return configs.get(scope, name);
    }

    List<ConfigRecord> configs(Scope scope) {
        return configs.all(scope);
    }

    void put(Scope scope, ConfigRecord config) {
        configs.put(scope, config);
    }

    void deleteConfig(Scope scope, String name) {
        configs.delete(scope, name);
    }

    Optional<GroupRecord> group(Scope scope, String applicationId, String name) {
        return groups.get(scope, applicationId + "/" + name);
    }

    /** A group by its id, checked at commit like any read by key. */
    Optional<GroupRecord> groupById(Scope scope, String id) {
        return groups.list(scope, Query.equal("id", id).limit(1)).values().stream()
                .findFirst()
                .flatMap(found -> groups.get(scope, found.key()));
    }

    Page<GroupRecord> groups(Scope scope, String applicationId, Optional<String> after, int limit) {
        return groups.list(scope, Query.prefix(applicationId + "/").after(after).limit(limit));
    }

    List<GroupRecord> allGroups(Scope scope) {
        return groups.all(scope);
    }

    void put(Scope scope, GroupRecord group) {
        groups.put(scope, group);
    }

    void delete(Scope scope, GroupRecord group) {
        groups.delete(scope, group.key());
    }

    Optional<DeploymentRecord> deployment(Scope scope, String id) {
        return deployments.get(scope, id);
    }

    /** A deployment as it is now, where it may change meanwhile without harm. */
    Optional<DeploymentRecord> glance(Scope scope, String id) {
        return deployments.peek(scope, id);
    }

    Page<DeploymentRecord> deployments(Scope scope, Query query) {
        return deployments.list(scope, query);
    }

    /** Those of a group that have not ended. */
    List<DeploymentRecord> active(Scope scope, String groupId) {
        return deployments.list(scope, Query.equal("active", groupId)).values();
    }

    /** The one that keeps others of its group from being made: those for a launched instance alone don't. */
    Optional<DeploymentRecord> blocking(Scope scope, String groupId) {
        return active(scope, groupId).stream()
                .filter(d -> !d.madeBy(DeploymentCreator.AUTOSCALING))
                .findFirst();
    }

    /** All that have not ended. */
    List<DeploymentRecord> active(Scope scope) {
        return deployments.list(scope, Query.index("active")).values();
    }

    void put(Scope scope, DeploymentRecord deployment) {
        deployments.put(scope, deployment);
    }

    Optional<TargetRecord> target(Scope scope, String deploymentId, String instanceId) {
        return targets.get(scope, TargetRecord.key(deploymentId, instanceId));
    }

    List<TargetRecord> targets(Scope scope, String deploymentId) {
        return targets.list(scope, Query.prefix(deploymentId + "/")).values();
    }

    Page<TargetRecord> targets(Scope scope, String deploymentId, Optional<String> after, int limit) {
        return targets.list(scope, Query.prefix(deploymentId + "/").after(after).limit(limit));
    }

    void put(Scope scope, TargetRecord target) {
        targets.put(scope, target);
    }

    InstanceRecord instance(Scope scope, String groupId, String instanceId) {
        return instances
                .get(scope, InstanceRecord.key(groupId, instanceId))
                .orElseGet(() -> InstanceRecord.untouched(groupId, instanceId));
    }

    List<InstanceRecord> instances(Scope scope, String instanceId) {
        return instances.list(scope, Query.equal("instance", instanceId)).values();
    }

    List<InstanceRecord> instancesOfGroup(Scope scope, String groupId) {
        return instances.list(scope, Query.prefix(groupId + "/")).values();
    }

    void everyInstance(BiConsumer<Scope, InstanceRecord> visitor) {
        instances.everywhere(visitor);
    }

    void put(Scope scope, InstanceRecord instance) {
        instances.put(scope, instance);
    }

    void delete(Scope scope, InstanceRecord instance) {
        instances.delete(scope, InstanceRecord.key(instance.groupId(), instance.instanceId()));
    }

    Optional<OnPremisesRecord> onPremises(Scope scope, String name) {
        return onPremises.get(scope, name);
    }

    List<OnPremisesRecord> onPremises(Scope scope) {
        return onPremises.all(scope);
    }

    void put(Scope scope, OnPremisesRecord instance) {
        onPremises.put(scope, instance);
    }
}
