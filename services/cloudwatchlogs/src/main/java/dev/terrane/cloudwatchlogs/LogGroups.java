package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.exists;
import static dev.terrane.cloudwatchlogs.LogErrors.invalid;
import static dev.terrane.cloudwatchlogs.LogErrors.notFound;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.call.SystemTags;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

/** Log groups and their retention. */
final class LogGroups {
    private static final int DEFAULT_LIMIT = 50;
    private static final String STANDARD = "STANDARD";
    private static final Set<Integer> RETENTIONS = Set.of(
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653);

    private final LogTables tables;
    private final Usage usage;
    private final Forwarding forwarding;
    private final PageTokens pages;

    LogGroups(LogTables tables, Usage usage, Forwarding forwarding, PageTokens pages) {
        this.tables = tables;
        this.usage = usage;
        this.forwarding = forwarding;
        this.pages = pages;
    }

    static Arn arn(Scope scope, String name) {
        return Arn.of("logs", scope.region(), scope.account(), "log-group:" + name);
    }

    CreateLogGroupResponse create(CreateLogGroupRequest request) {
        if (request.kmsKeyId() != null) {
            throw invalid("Log groups are encrypted under the installation's key; kmsKeyId is not supported.");
        }
        if (request.logGroupClassAsString() != null
                && !request.logGroupClassAsString().equals(STANDARD)) {
            throw invalid("Only the log group class STANDARD is supported.");
        }
        LogTags.check(request.tags().keySet());
        Scope scope = Call.current().scope();
        if (tables.group(scope, request.logGroupName()).isPresent()) {
            throw exists("log group");
        }
        tables.put(
                scope,
                new GroupRecord(
                        request.logGroupName(),
                        Ids.hex(16),
                        Call.current().time(),
                        STANDARD,
                        Optional.empty(),
                        Boolean.TRUE.equals(request.deletionProtectionEnabled()),
                        0,
                        SystemTags.with(request.tags()),
                        List.of()));
        return CreateLogGroupResponse.builder().build();
    }

    DeleteLogGroupResponse delete(DeleteLogGroupRequest request) {
        Scope scope = Call.current().scope();
        GroupRecord group = require(scope, request.logGroupName());
        if (group.deletionProtected()) {
            throw ValidationException.builder()
                    .message("The log group has deletion protection enabled. Disable it before deleting the log group.")
                    .build();
        }
        tables.delete(scope, group);
        group.subscriptions().forEach(forwarding::end);
        return DeleteLogGroupResponse.builder().build();
    }

    PutLogGroupDeletionProtectionResponse protect(PutLogGroupDeletionProtectionRequest request) {
        Scope scope = Call.current().scope();
        tables.put(
                scope,
                require(scope, null, request.logGroupIdentifier())
                        .withDeletionProtected(request.deletionProtectionEnabled()));
        return PutLogGroupDeletionProtectionResponse.builder().build();
    }

    PutRetentionPolicyResponse retain(PutRetentionPolicyRequest request) {
        if (!RETENTIONS.contains(request.retentionInDays())) {
            throw invalid("Invalid retention value. The retention policy must be one of "
                    + RETENTIONS.stream().sorted().toList() + " days.");
        }
        Scope scope = Call.current().scope();
        tables.put(scope, require(scope, request.logGroupName()).withRetention(Optional.of(request.retentionInDays())));
        return PutRetentionPolicyResponse.builder().build();
    }

    DeleteRetentionPolicyResponse retainForEver(DeleteRetentionPolicyRequest request) {
        Scope scope = Call.current().scope();
        tables.put(scope, require(scope, request.logGroupName()).withRetention(Optional.empty()));
        return DeleteRetentionPolicyResponse.builder().build();
    }

    DescribeLogGroupsResponse describe(DescribeLogGroupsRequest request) {
        refuseOtherAccounts(request);
        String prefix = request.logGroupNamePrefix() == null ? "" : request.logGroupNamePrefix();
        String pattern = request.logGroupNamePattern() == null ? "" : request.logGroupNamePattern();
        if (!prefix.isEmpty() && !pattern.isEmpty()) {
            throw invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }
        Scope scope = Call.current().scope();
        if (request.hasLogGroupIdentifiers()) {
            return DescribeLogGroupsResponse.builder()
                    .logGroups(request.logGroupIdentifiers().stream()
                            .map(id -> shown(scope, require(scope, null, id)))
                            .toList())
                    .build();
        }
        String listing = "DescribeLogGroups " + scope + prefix + ' ' + pattern;
        Optional<String> after = cursor(pages, listing, request.nextToken());
        int limit = request.limit() == null ? DEFAULT_LIMIT : request.limit();
        List<LogGroup> found = new ArrayList<>();
        boolean ended = request.logGroupClassAsString() != null
                && !request.logGroupClassAsString().equals(STANDARD);
        while (!ended && found.size() < limit) {
            Page<GroupRecord> page =
                    tables.groups(scope, Query.prefix(prefix).after(after).limit(limit - found.size()));
            page.values().stream()
                    .filter(group -> group.name().contains(pattern))
                    .forEach(group -> found.add(shown(scope, group)));
            after = page.next();
            ended = after.isEmpty();
        }
        DescribeLogGroupsResponse.Builder response =
                DescribeLogGroupsResponse.builder().logGroups(found);
        return (ended ? response : response.nextToken(pages.encode(listing, after.orElse("")))).build();
    }

    private static void refuseOtherAccounts(DescribeLogGroupsRequest request) {
        if (Boolean.TRUE.equals(request.includeLinkedAccounts()) || request.hasAccountIdentifiers()) {
            throw invalid("Log groups of linked accounts are not supported.");
        }
    }

    private LogGroup shown(Scope scope, GroupRecord group) {
        String arn = arn(scope, group.name()).toString();
        LogGroup.Builder shown = LogGroup.builder()
                .logGroupName(group.name())
                .creationTime(group.created().toEpochMilli())
                .metricFilterCount(group.metricFilters())
                .arn(arn + ":*")
                .logGroupArn(arn)
                .logGroupClass(group.logClass())
                .deletionProtectionEnabled(group.deletionProtected())
                .storedBytes(usage.of(scope, group.id()));
        group.retentionDays().ifPresent(shown::retentionInDays);
        return shown.build();
    }

    /** The place of a token in a listing, or empty for its first page. */
    static Optional<String> cursor(PageTokens pages, String listing, @Nullable String token) {
        return token == null
                ? Optional.empty()
                : Optional.of(
                        pages.decode(listing, token).orElseThrow(() -> invalid("The specified nextToken is invalid.")));
    }

    GroupRecord require(Scope scope, String name) {
        return tables.group(scope, name).orElseThrow(() -> notFound("log group"));
    }

    /** The group that a request names, by its name or by an identifier, which is a name or an ARN. */
    GroupRecord require(Scope scope, @Nullable String name, @Nullable String identifier) {
        if ((name == null) == (identifier == null)) {
            throw invalid("Exactly one of logGroupName and logGroupIdentifier must be specified.");
        }
        String sought = name == null ? name(scope, String.valueOf(identifier)) : name;
        return tables.peekGroup(scope, sought).orElseThrow(() -> notFound("log group"));
    }

    private static String name(Scope scope, String identifier) {
        Optional<Arn> arn = Arn.find(identifier);
        if (arn.isEmpty()) {
            return identifier;
        }
        return named(arn.get(), scope).orElseThrow(() -> notFound("log group"));
    }

    /** The name of the group in an ARN of this account and region. */
    static Optional<String> named(Arn arn, Scope scope) {
        String resource = arn.resource();
        boolean own = arn.service().equals("logs")
                && arn.account().equals(scope.account())
                && arn.region().equals(scope.region())
                && resource.startsWith("log-group:");
        if (!own) {
            return Optional.empty();
        }
        String rest = resource.substring("log-group:".length());
        int colon = rest.indexOf(':');
        return Optional.of(colon < 0 ? rest : rest.substring(0, colon));
    }
}
