package dev.terrane.kms;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * AWS managed keys: one an account, a region and a service, made when its alias is first used. Its policy lets every principal of the account
 * use it, but only through the service.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk">AWS managed keys</a>
 */
final class ManagedKeys {
    private static final int YEAR = 365;

    /** By alias, the service through which a key is used, as {@code kms:ViaService} names it. */
    private static final Map<String, String> SERVICES = Map.ofEntries(
            Map.entry("alias/aws/s3", "s3"),
            Map.entry("alias/aws/codecommit", "codecommit"),
            Map.entry("alias/aws/ssm", "ssm"),
            Map.entry("alias/aws/secretsmanager", "secretsmanager"),
            Map.entry("alias/aws/ebs", "ec2"),
            Map.entry("alias/aws/ecr", "ecr"),
            Map.entry("alias/aws/lambda", "lambda"),
            Map.entry("alias/aws/sns", "sns"),
            Map.entry("alias/aws/sqs", "sqs"),
            Map.entry("alias/aws/codeartifact", "codeartifact"));

    private static final List<String> USE =
            List.of("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey");

    private final KmsTables tables;
    private final Materials materials;
    private final Clock clock;

    ManagedKeys(KmsTables tables, Materials materials, Clock clock) {
        this.tables = tables;
        this.materials = materials;
        this.clock = clock;
    }

    /** The alias of a key, which is made with its key when it is an AWS managed one that is not there yet. */
    Optional<AliasRecord> alias(Scope scope, String name) {
        Optional<AliasRecord> known = tables.alias(scope, name);
        if (known.isPresent() || !SERVICES.containsKey(name)) {
            return known;
        }
        return Optional.of(tables.transactNow(() -> tables.alias(scope, name).orElseGet(() -> make(scope, name))));
    }

    private AliasRecord make(Scope scope, String name) {
        Instant now = clock.instant();
        String keyId = Ids.uuid();
        String service = SERVICES.getOrDefault(name, "");
        tables.put(
                scope,
                new KeyRecord(
                        keyId,
                        "Default key that protects my " + name.substring("alias/aws/".length())
                                + " data when no other key is defined",
                        KeyRecord.SYMMETRIC,
                        "ENCRYPT_DECRYPT",
                        KeyRecord.State.ENABLED,
                        true,
                        now,
                        policy(scope, service),
                        Map.of(),
                        List.of(materials.make(scope, keyId, KeyRecord.SYMMETRIC, 1, now, false)),
                        YEAR,
                        Optional.of(now.plus(Duration.ofDays(YEAR))),
                        Optional.empty(),
                        0,
                        false,
                        Optional.empty()));
        AliasRecord alias = new AliasRecord(name, keyId, now, now);
        tables.put(scope, alias);
        return alias;
    }

    private static String policy(Scope scope, String service) {
        Map<String, Object> through = statement(
                "Allow access through " + service + " for all principals in the account that are authorized to use "
                        + service,
                Map.of("AWS", "*"),
                USE);
        through.put(
                "Condition",
                Map.of(
                        "StringEquals",
                        Map.of(
                                "kms:CallerAccount",
                                scope.account(),
                                "kms:ViaService",
                                service + "." + scope.region() + ".amazonaws.com")));
        Map<String, Object> direct = statement(
                "Allow direct access to key metadata to the account",
                Map.of("AWS", Arn.iam(scope.account(), "root").toString()),
                List.of("kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"));
        // CodeCommit and EBS work with their key also when no caller waits.
        Map<String, Object> itself = statement(
                "Allow " + service + " to use the key on its own", Map.of("Service", service + ".amazonaws.com"), USE);
        itself.put("Condition", Map.of("StringEquals", Map.of("aws:SourceAccount", scope.account())));
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("Version", "2012-10-17");
        policy.put("Id", "auto-" + service + "-1");
        policy.put(
                "Statement",
                service.equals("codecommit") ? List.of(through, direct, itself) : List.of(through, direct));
        return RecordCodec.json().writeValueAsString(policy);
    }

    private static Map<String, Object> statement(String sid, Map<String, String> principal, List<String> actions) {
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Sid", sid);
        statement.put("Effect", "Allow");
        statement.put("Principal", principal);
        statement.put("Action", actions);
        statement.put("Resource", "*");
        return statement;
    }
}
