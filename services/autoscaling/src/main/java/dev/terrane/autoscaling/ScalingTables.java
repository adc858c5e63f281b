package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import software.amazon.awssdk.services.autoscaling.model.LifecycleHook;

/** What Auto Scaling stores. */
final class ScalingTables {
    private final Store store;
    private final Rows<GroupRecord> groups;
    private final Rows<MemberRecord> members;
    private final Rows<HookRecord> hooks;
    private final Rows<ActivityRecord> activities;
    private final Rows<PolicyRecord> policies;
    private final Rows<CooldownRecord> cooldowns;
    private final Rows<ScheduleRecord> schedules;

    ScalingTables(Store store) {
        this.store = store;
        groups = store.rows(Table.of("autoscaling.group", GroupRecord.class, GroupRecord::name));
        members = store.rows(Table.of("autoscaling.member", MemberRecord.class, MemberRecord::id)
                .index("group", MemberRecord::groupName)
                .index("instance", MemberRecord::instanceId));
        hooks = store.rows(Table.of("autoscaling.hook", HookRecord.class, HookRecord::key));
        policies = store.rows(Table.of("autoscaling.policy", PolicyRecord.class, PolicyRecord::key));
        cooldowns = store.rows(Table.of("autoscaling.cooldown", CooldownRecord.class, CooldownRecord::group));
        schedules = store.rows(Table.of("autoscaling.schedule", ScheduleRecord.class, ScheduleRecord::key));
        activities = store.rows(Table.of("autoscaling.activity", ActivityRecord.class, ActivityRecord::id)
                .index("place", ActivityRecord::place));
    }

    void transact(Runnable work) {
        store.transact(work);
    }

    void afterCommit(Runnable work) {
        store.afterCommit(work);
    }

    Optional<GroupRecord> group(Scope scope, String name) {
        return groups.get(scope, name);
    }

    List<GroupRecord> groups(Scope scope) {
        return groups.all(scope);
    }

    void everyGroup(BiConsumer<Scope, GroupRecord> visitor) {
        groups.everywhere(visitor);
    }

    void put(Scope scope, GroupRecord group) {
        groups.put(scope, group);
    }

    /** Deletes a group with its hooks, policies and schedules; its activities stay for those who ask. */
    void delete(Scope scope, GroupRecord group) {
        policies(scope, group.name()).forEach(policy -> delete(scope, policy));
        cooldowns.delete(scope, group.name());
        schedules(scope, group.name()).forEach(schedule -> delete(scope, schedule));
        hooks(scope, group.name()).forEach(hook -> deleteHook(scope, group.name(), hook.lifecycleHookName()));
        groups.delete(scope, group.name());
    }

    List<MemberRecord> members(Scope scope, String group) {
        return members.list(scope, Query.equal("group", group)).values();
    }

    List<MemberRecord> members(Scope scope) {
        return members.all(scope);
    }

    Optional<MemberRecord> member(Scope scope, String id) {
        return members.get(scope, id);
    }

    Optional<MemberRecord> memberOf(Scope scope, String instanceId) {
        // Read by its key again, so that a change meanwhile is noticed at the commit.
        return members.list(scope, Query.equal("instance", instanceId).limit(1)).values().stream()
                .findFirst()
                .flatMap(found -> members.get(scope, found.id()));
    }

    void put(Scope scope, MemberRecord member) {
        members.put(scope, member);
    }

    void delete(Scope scope, MemberRecord member) {
        members.delete(scope, member.id());
    }

    List<LifecycleHook> hooks(Scope scope, String group) {
        return hooks.list(scope, Query.prefix(group + "\0")).values().stream()
                .map(HookRecord::hook)
                .toList();
    }

    Optional<LifecycleHook> hook(Scope scope, String group, String name) {
        return hooks.get(scope, HookRecord.key(group, name)).map(HookRecord::hook);
    }

    void put(Scope scope, LifecycleHook hook) {
        hooks.put(scope, new HookRecord(hook));
    }

    void deleteHook(Scope scope, String group, String name) {
        hooks.delete(scope, HookRecord.key(group, name));
    }

    List<PolicyRecord> policies(Scope scope) {
        return policies.all(scope);
    }

    List<PolicyRecord> policies(Scope scope, String group) {
        return policies.list(scope, Query.prefix(group + "\0")).values();
    }

    Optional<PolicyRecord> policy(Scope scope, String group, String name) {
        return policies.get(scope, PolicyRecord.key(group, name));
    }

    void put(Scope scope, PolicyRecord policy) {
        policies.put(scope, policy);
    }

    void delete(Scope scope, PolicyRecord policy) {
        policies.delete(scope, policy.key());
    }

    Optional<CooldownRecord> cooldown(Scope scope, String group) {
        return cooldowns.get(scope, group);
    }

    void put(Scope scope, CooldownRecord cooldown) {
        cooldowns.put(scope, cooldown);
    }

    List<ScheduleRecord> schedules(Scope scope) {
        return schedules.all(scope);
    }

    List<ScheduleRecord> schedules(Scope scope, String group) {
        return schedules.list(scope, Query.prefix(group + "\0")).values();
    }

    Optional<ScheduleRecord> schedule(Scope scope, String group, String name) {
        return schedules.get(scope, ScheduleRecord.key(group, name));
    }

    void everySchedule(BiConsumer<Scope, ScheduleRecord> visitor) {
        schedules.everywhere(visitor);
    }

    void put(Scope scope, ScheduleRecord schedule) {
        schedules.put(scope, schedule);
    }

    void delete(Scope scope, ScheduleRecord schedule) {
        schedules.delete(scope, schedule.key());
    }

    Optional<ActivityRecord> activity(Scope scope, String id) {
        return activities.get(scope, id);
    }

    /** A group's activities, the newest first; all groups' where the name is empty. */
    Page<ActivityRecord> activities(Scope scope, String group, Optional<String> after, int limit) {
        Query query = group.isEmpty() ? Query.index("place") : Query.indexPrefix("place", group + "\0");
        return activities.list(scope, query.reversed().after(after).limit(limit));
    }

    void put(Scope scope, ActivityRecord activity) {
        activities.put(scope, activity);
    }

    void deleteActivity(Scope scope, String id) {
        activities.delete(scope, id);
    }
}
