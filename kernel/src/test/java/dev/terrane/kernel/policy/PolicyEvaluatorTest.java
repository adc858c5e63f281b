package dev.terrane.kernel.policy;

import static dev.terrane.kernel.policy.Scenario.HERE;
import static dev.terrane.kernel.policy.Scenario.QUEUE;
import static dev.terrane.kernel.policy.Scenario.ROLE;
import static dev.terrane.kernel.policy.Scenario.SESSION;
import static dev.terrane.kernel.policy.Scenario.THERE;
import static dev.terrane.kernel.policy.Scenario.USER;
import static dev.terrane.kernel.policy.Scenario.allow;
import static dev.terrane.kernel.policy.Scenario.by;
import static dev.terrane.kernel.policy.Scenario.bySession;
import static dev.terrane.kernel.policy.Scenario.byUser;
import static dev.terrane.kernel.policy.Scenario.deny;
import static dev.terrane.kernel.policy.Scenario.grant;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The evaluation logic; each case names the page of the IAM user guide (docs.aws.amazon.com/IAM/latest/UserGuide/) it is from. */
class PolicyEvaluatorTest {
    private static final String LOGIC = "reference_policies_evaluation-logic_policy-eval-denyallow.html";
    private static final String SINGLE = "reference_policies_evaluation-logic_policy-eval-basics-single-account.html";
    private static final String CROSS = "reference_policies_evaluation-logic-cross-account.html";
    private static final String PRINCIPAL = "reference_policies_elements_principal.html";
    private static final String NOT_PRINCIPAL = "reference_policies_elements_notprincipal.html";
    private static final String BOUNDARIES = "access_policies_boundaries.html";
    private static final String SESSIONS = "access_policies.html#policies_session";
    private static final String ORGANIZATION =
            "docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html";
    private static final String RESOURCE_CONTROL =
            "docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html";
    private static final String KEY_POLICIES = "docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html";
    private static final String TRUST = "id_roles_create_for-user.html";
    private static final String BUCKETS = "docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html";
    private static final String ACTIONS = "reference_policies_elements_action.html";
    private static final String NOT_ACTION = "reference_policies_elements_notaction.html";
    private static final String RESOURCES = "reference_policies_elements_resource.html";
    private static final String NOT_RESOURCE = "reference_policies_elements_notresource.html";
    private static final String FEDERATED = "docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html";

    private static final String ALL = allow("*", "*");
    private static final String NOTHING_HERE = allow("s3:*", "*");
    private static final String NOBODY = grant("{'AWS':'" + THERE + "'}");
    private static final String TO_USER = grant("{'AWS':'" + USER + "'}");
    private static final String TO_ROLE = grant("{'AWS':'" + ROLE + "'}");
    private static final String TO_SESSION = grant("{'AWS':'" + SESSION + "'}");
    private static final String TO_ACCOUNT = grant("{'AWS':'arn:aws:iam::" + HERE + ":root'}");
    private static final String TO_ALL = grant("'*'");
    private static final String EVERYONE_RCP = "{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'}";

    /** What comes out: allowed, denied by a statement in a kind of policy, or missing an allow in one. */
    record Case(String page, String name, Scenario scenario, String outcome) {
        @Override
        public String toString() {
            return name + " [" + page + "]";
        }
    }

    private static Case allowed(String page, String name, Scenario scenario) {
        return new Case(page, name, scenario, "allowed");
    }

    private static Case explicit(String page, String name, Scenario scenario, PolicyType type) {
        return new Case(page, name, scenario, "deny in " + type);
    }

    private static Case implicit(String page, String name, Scenario scenario, PolicyType type) {
        return new Case(page, name, scenario, "no allow in " + type);
    }

    static Stream<Case> oneAccount() {
        return Stream.of(
                implicit(LOGIC, "by default everything is denied", byUser(), PolicyType.IDENTITY),
                allowed(LOGIC, "an allow overrides the default", byUser().identity(ALL)),
                explicit(
                        LOGIC,
                        "a deny overrides an allow",
                        byUser().identity(ALL, deny("sqs:*", "*")),
                        PolicyType.IDENTITY),
                allowed(LOGIC, "the root user may do all in its account", by(PolicyPrincipal.root(HERE))),
                implicit(
                        ORGANIZATION,
                        "but not what the organization doesn't allow",
                        by(PolicyPrincipal.root(HERE)).serviceControl(NOTHING_HERE),
                        PolicyType.SERVICE_CONTROL),
                allowed(SINGLE, "a resource's policy alone can allow a user", byUser().resourcePolicy(TO_USER)),
                allowed(SINGLE, "and everyone of its account", byUser().resourcePolicy(TO_ALL)),
                explicit(
                        SINGLE,
                        "an identity policy's deny beats the resource's allow",
                        byUser().identity(deny("sqs:SendMessage", QUEUE)).resourcePolicy(TO_USER),
                        PolicyType.IDENTITY),
                explicit(
                        SINGLE,
                        "a resource policy's deny beats the identity's allow",
                        byUser().identity(ALL)
                                .resourcePolicy("{'Effect':'Deny','Principal':'*','Action':'sqs:*','Resource':'*'}"),
                        PolicyType.RESOURCE),
                implicit(
                        PRINCIPAL,
                        "naming the account leaves it to its own policies",
                        byUser().resourcePolicy(TO_ACCOUNT),
                        PolicyType.IDENTITY),
                allowed(
                        PRINCIPAL,
                        "naming the account by number is naming its root",
                        byUser().identity(ALL).resourcePolicy(grant("{'AWS':'" + HERE + "'}"))),
                implicit(
                        BOUNDARIES,
                        "a boundary limits identity policies",
                        byUser().identity(ALL).boundary(NOTHING_HERE),
                        PolicyType.BOUNDARY),
                implicit(BOUNDARIES, "a boundary gives nothing by itself", byUser().boundary(ALL), PolicyType.IDENTITY),
                explicit(
                        BOUNDARIES,
                        "a boundary's deny denies",
                        byUser().identity(ALL).boundary(ALL, deny("sqs:*", "*")),
                        PolicyType.BOUNDARY),
                allowed(
                        BOUNDARIES,
                        "a resource's policy for the user isn't limited by the boundary",
                        byUser().boundary(NOTHING_HERE).resourcePolicy(TO_USER)),
                implicit(
                        BOUNDARIES,
                        "a resource's policy for the role is limited by the boundary",
                        bySession().boundary(NOTHING_HERE).resourcePolicy(TO_ROLE),
                        PolicyType.BOUNDARY),
                implicit(
                        BOUNDARIES,
                        "and by session policies",
                        bySession().session(NOTHING_HERE).resourcePolicy(TO_ROLE),
                        PolicyType.SESSION),
                allowed(
                        BOUNDARIES,
                        "but needs no identity policy",
                        bySession().session(ALL).boundary(ALL).resourcePolicy(TO_ROLE)),
                allowed(
                        BOUNDARIES,
                        "a resource's policy for the session is limited by neither",
                        bySession().session(NOTHING_HERE).boundary(NOTHING_HERE).resourcePolicy(TO_SESSION)),
                implicit(
                        SESSIONS,
                        "session policies limit the role",
                        bySession().identity(ALL).session(NOTHING_HERE),
                        PolicyType.SESSION),
                allowed(SESSIONS, "both allow", bySession().identity(ALL).session(ALL)),
                explicit(
                        SESSIONS,
                        "a session policy's deny denies",
                        bySession().identity(ALL).session(ALL, deny("*", QUEUE)),
                        PolicyType.SESSION),
                implicit(
                        FEDERATED,
                        "a federated user without session policy may do nothing",
                        by(PolicyPrincipal.federatedUser("arn:aws:sts::111122223333:federated-user/bob", USER))
                                .identity(ALL),
                        PolicyType.SESSION),
                allowed(
                        FEDERATED,
                        "but what a resource's policy gives to its session",
                        by(PolicyPrincipal.federatedUser("arn:aws:sts::111122223333:federated-user/bob", USER))
                                .resourcePolicy(grant("{'AWS':'arn:aws:sts::111122223333:federated-user/bob'}"))));
    }

    static Stream<Case> organizations() {
        return Stream.of(
                allowed(
                        ORGANIZATION,
                        "every level allows",
                        byUser().identity(ALL).serviceControl(ALL, ALL)),
                implicit(
                        ORGANIZATION,
                        "one level doesn't",
                        byUser().identity(ALL).serviceControl(ALL, NOTHING_HERE),
                        PolicyType.SERVICE_CONTROL),
                implicit(
                        ORGANIZATION,
                        "it limits also what a resource's policy gives",
                        byUser().resourcePolicy(TO_USER).serviceControl(NOTHING_HERE),
                        PolicyType.SERVICE_CONTROL),
                implicit(ORGANIZATION, "it gives nothing", byUser().serviceControl(ALL), PolicyType.IDENTITY),
                allowed(
                        ORGANIZATION,
                        "service-linked roles are free of it",
                        by(PolicyPrincipal.roleSession(
                                        "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForECS/x",
                                        "arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
                                        "AROAEXAMPLEEXAMPLE02"))
                                .identity(ALL)
                                .serviceControl(deny("*", "*"))),
                allowed(
                        ORGANIZATION,
                        "services are free of it",
                        by(PolicyPrincipal.service("sns.amazonaws.com"))
                                .resourcePolicy(grant("{'Service':'sns.amazonaws.com'}"))
                                .serviceControl(deny("*", "*"))),
                allowed(
                        RESOURCE_CONTROL,
                        "the policy that Organizations attaches allows all",
                        byUser().identity(ALL).resourceControl(EVERYONE_RCP)),
                explicit(
                        RESOURCE_CONTROL,
                        "a resource control policy denies callers of any account",
                        byUser().ownedBy(THERE)
                                .identity(ALL)
                                .resourcePolicy(TO_USER)
                                .resourceControl("{'Effect':'Deny','Principal':'*','Action':'sqs:*','Resource':'*'}"),
                        PolicyType.RESOURCE_CONTROL));
    }

    static Stream<Case> acrossAccounts() {
        return Stream.of(
                implicit(
                        CROSS,
                        "the caller's side alone isn't enough",
                        byUser().ownedBy(THERE).identity(ALL),
                        PolicyType.RESOURCE),
                implicit(
                        CROSS,
                        "the resource's side alone isn't enough",
                        byUser().ownedBy(THERE).resourcePolicy(TO_USER),
                        PolicyType.IDENTITY),
                allowed(
                        CROSS,
                        "both allow",
                        byUser().ownedBy(THERE).identity(ALL).resourcePolicy(TO_USER)),
                allowed(
                        CROSS,
                        "the account is trusted",
                        byUser().ownedBy(THERE).identity(ALL).resourcePolicy(TO_ACCOUNT)),
                implicit(
                        CROSS,
                        "another account is trusted",
                        byUser().ownedBy(THERE).identity(ALL).resourcePolicy(NOBODY),
                        PolicyType.RESOURCE),
                implicit(
                        CROSS,
                        "everyone is trusted, and still the caller's account must allow",
                        byUser().ownedBy(THERE).resourcePolicy(TO_ALL),
                        PolicyType.IDENTITY),
                implicit(
                        CROSS,
                        "a boundary limits even a session that is named",
                        bySession()
                                .ownedBy(THERE)
                                .identity(ALL)
                                .boundary(NOTHING_HERE)
                                .resourcePolicy(TO_SESSION),
                        PolicyType.BOUNDARY),
                allowed(
                        CROSS,
                        "the root user of a trusted account",
                        by(PolicyPrincipal.root(HERE)).ownedBy(THERE).resourcePolicy(TO_ACCOUNT)),
                implicit(
                        CROSS,
                        "the root user of another account",
                        by(PolicyPrincipal.root(HERE)).ownedBy(THERE),
                        PolicyType.RESOURCE));
    }

    static Stream<Case> principals() {
        String denyOthers = "{'Effect':'Deny','NotPrincipal':{'AWS':%s},'Action':'*','Resource':'*'}";
        String listed = "['arn:aws:iam::111122223333:root','" + ROLE + "','" + SESSION + "']";
        return Stream.of(
                allowed(
                        PRINCIPAL,
                        "a service",
                        by(PolicyPrincipal.service("events.amazonaws.com"))
                                .resourcePolicy(grant("{'Service':['sns.amazonaws.com','events.amazonaws.com']}"))),
                allowed(
                        PRINCIPAL,
                        "a service by its regional name",
                        by(PolicyPrincipal.service("logs.amazonaws.com"))
                                .with("aws:RequestedRegion", "eu-west-1")
                                .resourcePolicy(grant("{'Service':'logs.eu-west-1.amazonaws.com'}"))),
                implicit(
                        PRINCIPAL,
                        "another service",
                        by(PolicyPrincipal.service("events.amazonaws.com"))
                                .resourcePolicy(grant("{'Service':'sns.amazonaws.com'}")),
                        PolicyType.RESOURCE),
                allowed(
                        PRINCIPAL,
                        "nobody in particular",
                        by(PolicyPrincipal.anonymous()).resourcePolicy(TO_ALL)),
                implicit(
                        PRINCIPAL,
                        "an unsigned call is in no account",
                        by(PolicyPrincipal.anonymous()).resourcePolicy(TO_ACCOUNT),
                        PolicyType.RESOURCE),
                allowed(
                        PRINCIPAL,
                        "a deleted user's id",
                        byUser().resourcePolicy(grant("{'AWS':'AIDAEXAMPLEEXAMPLE01'}"))),
                implicit(
                        PRINCIPAL,
                        "a recreated user isn't the deleted one",
                        byUser().resourcePolicy(grant("{'AWS':'AIDAEXAMPLEEXAMPLE99'}")),
                        PolicyType.IDENTITY),
                allowed(
                        PRINCIPAL,
                        "a canonical user",
                        byUser().ownedBy(THERE)
                                .with("aws:PrincipalCanonicalId", "79a59df900b949e5")
                                .identity(ALL)
                                .resourcePolicy(grant("{'CanonicalUser':'79a59df900b949e5'}"))),
                allowed(
                        NOT_PRINCIPAL,
                        "a session listed with role and account is excepted",
                        bySession().identity(ALL).resourcePolicy(denyOthers.formatted(listed))),
                explicit(
                        NOT_PRINCIPAL,
                        "a user that isn't listed is denied",
                        byUser().identity(ALL).resourcePolicy(denyOthers.formatted(listed)),
                        PolicyType.RESOURCE),
                explicit(
                        NOT_PRINCIPAL,
                        "a session must be listed with its account",
                        bySession().identity(ALL).resourcePolicy(denyOthers.formatted("'" + SESSION + "'")),
                        PolicyType.RESOURCE));
    }

    static Stream<Case> requiredResourcePolicies() {
        Scenario decrypt = byUser().doing("kms:Decrypt")
                .on("arn:aws:kms:eu-west-1:111122223333:key/1234")
                .under(Policies.none().requiringResourcePolicy());
        String keyForAccount =
                "{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111122223333:root'},'Action':'kms:*','Resource':'*'}";
        String trustUser = "{'Effect':'Allow','Principal':{'AWS':'" + USER + "'},'Action':'sts:AssumeRole'}";
        String trustService =
                "{'Effect':'Allow','Principal':{'Service':'codebuild.amazonaws.com'},'Action':'sts:AssumeRole'}";
        Scenario assume = byUser().doing("sts:AssumeRole").on(ROLE);
        return Stream.of(
                implicit(
                        KEY_POLICIES,
                        "without the key policy nobody has access",
                        decrypt.identity(ALL),
                        PolicyType.RESOURCE),
                allowed(
                        KEY_POLICIES,
                        "the default key policy lets IAM policies decide",
                        decrypt.identity(ALL).resourcePolicy(keyForAccount)),
                implicit(
                        KEY_POLICIES,
                        "and gives no user anything itself",
                        decrypt.resourcePolicy(keyForAccount),
                        PolicyType.IDENTITY),
                implicit(
                        KEY_POLICIES,
                        "even the root user depends on it",
                        by(PolicyPrincipal.root(HERE))
                                .doing("kms:Decrypt")
                                .under(Policies.none().requiringResourcePolicy()),
                        PolicyType.RESOURCE),
                allowed(TRUST, "a trusted user of the same account", assume.trust(trustUser)),
                implicit(
                        TRUST,
                        "a user that the role doesn't trust",
                        assume.identity(ALL).trust(trustService),
                        PolicyType.TRUST),
                allowed(
                        TRUST,
                        "a trusted service",
                        by(PolicyPrincipal.service("codebuild.amazonaws.com"))
                                .doing("sts:AssumeRole")
                                .on(ROLE)
                                .trust(trustService)),
                explicit(
                        BUCKETS,
                        "a bucket policy denies even the root user",
                        by(PolicyPrincipal.root(HERE))
                                .doing("s3:GetObject")
                                .resourcePolicy("{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'*'}"),
                        PolicyType.RESOURCE),
                allowed(
                        BUCKETS,
                        "but not mending it",
                        by(PolicyPrincipal.root(HERE))
                                .doing("s3:PutBucketPolicy")
                                .resourcePolicy("{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'*'}")));
    }

    static Stream<Case> elements() {
        return Stream.of(
                allowed(ACTIONS, "case doesn't matter", byUser().identity(allow("SQS:sendmessage", "*"))),
                allowed(ACTIONS, "wildcards", byUser().identity(allow("sqs:*Mess?ge", "*"))),
                implicit(ACTIONS, "another action", byUser().identity(allow("sqs:Send", "*")), PolicyType.IDENTITY),
                allowed(
                        NOT_ACTION,
                        "all but IAM",
                        byUser().identity("{'Effect':'Allow','NotAction':'iam:*','Resource':'*'}")),
                explicit(
                        NOT_ACTION,
                        "deny all but some",
                        byUser().identity(ALL, "{'Effect':'Deny','NotAction':['s3:*','iam:*'],'Resource':'*'}"),
                        PolicyType.IDENTITY),
                allowed(
                        RESOURCES,
                        "a star in a segment",
                        byUser().identity(allow("sqs:*", "arn:aws:sqs:eu-*-1:111122223333:ord*"))),
                implicit(
                        RESOURCES,
                        "which doesn't reach beyond it",
                        byUser().on("arn:aws:sqs:eu-west-2:111122223333:x-1:z:y")
                                .identity(allow("sqs:*", "arn:aws:sqs:eu-*-1:*:y")),
                        PolicyType.IDENTITY),
                allowed(
                        RESOURCES,
                        "a star that ends a segment reaches beyond it",
                        byUser().identity(allow("sqs:*", "arn:aws:sqs:*"))),
                implicit(
                        RESOURCES,
                        "case matters",
                        byUser().identity(allow("sqs:*", "arn:aws:sqs:eu-west-1:111122223333:Orders")),
                        PolicyType.IDENTITY),
                allowed(
                        NOT_RESOURCE,
                        "all but one",
                        byUser().identity("{'Effect':'Allow','Action':'*','NotResource':'arn:aws:sqs:*:*:secret'}")),
                implicit(
                        NOT_RESOURCE,
                        "and that one",
                        byUser().on("arn:aws:sqs:eu-west-1:111122223333:secret")
                                .identity("{'Effect':'Allow','Action':'*','NotResource':'arn:aws:sqs:*:*:secret'}"),
                        PolicyType.IDENTITY));
    }

    @ParameterizedTest
    @MethodSource({"oneAccount", "organizations", "acrossAccounts", "principals", "requiredResourcePolicies", "elements"
    })
    void decidesAsDocumented(Case documented) {
        Decision decision = documented.scenario().decision();
        String outcome = switch (decision) {
            case Decision.Allowed a -> "allowed";
            case Decision.ExplicitlyDenied denied -> "deny in " + denied.type();
            case Decision.ImplicitlyDenied denied -> "no allow in " + denied.missing();
        };
        assertThat(outcome).as(decision.explanation()).isEqualTo(documented.outcome());
    }

    @Test
    void namesTheStatementsThatDecided() {
        Decision decision = byUser().identity(ALL, deny("sqs:*", "*")).decision();
        assertThat(decision.statements())
                .extracting(match -> match.policy() + "#" + match.statement().index())
                .containsExactly("identity#1");
        assertThat(byUser().identity(NOTHING_HERE, ALL).decision().statements())
                .extracting(match -> match.statement().index())
                .containsExactly(1);
    }

    /** Worded as on troubleshoot_access-denied.html. */
    @Test
    void explainsDenialsInTheWordsOfAws() {
        String start = "User: " + USER + " is not authorized to perform: sqs:SendMessage on resource: " + QUEUE;
        assertThat(byUser().decision().explanation())
                .isEqualTo(start + " because no identity-based policy allows the sqs:SendMessage action");
        assertThat(byUser().identity(ALL).boundary(NOTHING_HERE).decision().explanation())
                .isEqualTo(start + " because no permissions boundary allows the sqs:SendMessage action");
        assertThat(byUser().identity(ALL).session(NOTHING_HERE).decision().explanation())
                .isEqualTo(start + " because no session policy allows the sqs:SendMessage action");
        assertThat(byUser().serviceControl(NOTHING_HERE).decision().explanation())
                .isEqualTo(start + " because no service control policy allows the sqs:SendMessage action");
        assertThat(byUser().ownedBy(THERE).identity(ALL).decision().explanation())
                .isEqualTo(start + " because no resource-based policy allows the sqs:SendMessage action");
        assertThat(byUser().identity(deny("*", "*")).decision().explanation())
                .isEqualTo(start + " with an explicit deny in an identity-based policy");
        assertThat(byUser().boundary(deny("*", "*")).decision().explanation())
                .isEqualTo(start + " with an explicit deny in a permissions boundary");
        assertThat(byUser().serviceControl(deny("*", "*")).decision().explanation())
                .isEqualTo(start + " with an explicit deny in a service control policy");
    }

    @Test
    void everyResourceMustBeAllowed() {
        String other = "arn:aws:sqs:eu-west-1:111122223333:other";
        Policies policies = byUser().identity(allow("sqs:*", QUEUE)).policies();
        Decision decision = PolicyEvaluator.evaluate(
                new AuthorizationRequest(
                        byUser().principal(), "sqs:SendMessage", List.of(QUEUE, other), HERE, java.util.Map.of()),
                policies);
        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.ImplicitlyDenied.class,
                        denied -> assertThat(denied.resource()).isEqualTo(other));
    }

    @Test
    void aThousandStatementsAreOneAnswer() {
        String[] statements = new String[1000];
        for (int i = 0; i < statements.length; i++) {
            statements[i] = allow("ec2:Describe" + i + "*", "arn:aws:ec2:*:111122223333:instance/i-" + i);
        }
        statements[999] = allow("sqs:Send*", "arn:aws:sqs:*:111122223333:ord*");
        assertThat(byUser().identity(statements).decision().allowed()).isTrue();
    }
}
