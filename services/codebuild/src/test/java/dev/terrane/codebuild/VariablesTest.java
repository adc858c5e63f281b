package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.*;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/** Where the variables of a build come from, and what is seen of them. */
final class VariablesTest {
    private static Workshop workshop;
    private static String secretArn;

    @BeforeAll
    static void start() {
        workshop = new Workshop();
        SsmClient ssm = workshop.server.client(SsmClient.class);
        ssm.putParameter(r -> r.name("/db/user").value("terrane-user").type(ParameterType.STRING));
        ssm.putParameter(r -> r.name("/db/password").value("p4ssw0rd").type(ParameterType.SECURE_STRING));
        SecretsManagerClient secrets = workshop.server.client(SecretsManagerClient.class);
        secretArn = secrets.createSecret(
                        r -> r.name("api").secretString("{\"key\":\"k3y-of-api\",\"other\":\"0ther\"}"))
                .arn();
        secrets.createSecret(r -> r.name("plain").secretString("pla1n-secret"));
    }

    @AfterAll
    static void stop() {
        if (workshop != null) {
            workshop.close();
        }
    }

    private static EnvironmentVariable variable(EnvironmentVariableType type, String name, String value) {
        return EnvironmentVariable.builder().type(type).name(name).value(value).build();
    }

    private static UnaryOperator<CreateProjectRequest.Builder> with(EnvironmentVariable... variables) {
        return project -> project.environment(
                Workshop.environment().environmentVariables(variables).build());
    }

    private static Map<String, String> exported(Build build) {
        return build.exportedEnvironmentVariables().stream()
                .collect(Collectors.toMap(ExportedEnvironmentVariable::name, ExportedEnvironmentVariable::value));
    }

    @Test
    void valuesOfParametersAndSecretsAreGivenToCommandsAndShownAsAsterisks() {
        workshop.project(
                "secrets",
                """
                        version: 0.2
                        env:
                          parameter-store: { PASSWORD: /db/password }
                          secrets-manager: { PLAIN: plain, OTHER: "%s:other" }
                          exported-variables: [ MADE, FROM_PARAMETER, FROM_SECRET, PASSWORD, PLAIN, AWS_REGION ]
                        phases:
                          build:
                            commands:
                              - MADE=here
                              - echo "parameter $FROM_PARAMETER, $PASSWORD; secret $FROM_SECRET, $PLAIN, $OTHER"
                              - test "$FROM_PARAMETER $PASSWORD $FROM_SECRET $PLAIN $OTHER" = "terrane-""user p4ss""w0rd k3y-""of-api pla1n""-secret 0th""er"
                        """.formatted(secretArn),
                with(
                        variable(EnvironmentVariableType.PARAMETER_STORE, "FROM_PARAMETER", "/db/user"),
                        variable(EnvironmentVariableType.SECRETS_MANAGER, "FROM_SECRET", "api:key")));
        Build build = workshop.succeed("secrets");
        assertThat(workshop.log(build))
                .contains("parameter ***, ***; secret ***, ***, ***")
                .doesNotContain("p4ssw0rd", "k3y-of-api", "pla1n-secret", "0ther");
        assertThat(exported(build))
                .as("what comes from a store is not shown by BatchGetBuilds")
                .isEqualTo(Map.of("MADE", "here"));
        assertThat(build.environment().environmentVariables())
                .extracting(EnvironmentVariable::value)
                .containsExactly("/db/user", "api:key");
    }

    @Test
    void theStartOfABuildGoesBeforeTheProjectAndTheProjectBeforeTheSpecification() {
        workshop.project(
                "order",
                """
                        version: 0.2
                        env:
                          variables: { A: specification, B: specification, C: specification }
                          exported-variables: [ A, B, C ]
                        phases: { build: { commands: [ 'true' ] } }
                        """,
                with(
                        variable(EnvironmentVariableType.PLAINTEXT, "A", "project"),
                        variable(EnvironmentVariableType.PLAINTEXT, "B", "project")));
        Build build = workshop.build(
                "order",
                r -> r.environmentVariablesOverride(variable(EnvironmentVariableType.PLAINTEXT, "A", "start")));
        assertThat(exported(build)).isEqualTo(Map.of("A", "start", "B", "project", "C", "specification"));
    }

    @Test
    void aParameterOrSecretThatIsMissingEndsTheBuildAndIsNamed() {
        workshop.project("missing", """
                        version: 0.2
                        env: { secrets-manager: { KEY: "api:nothing" } }
                        phases: { build: { commands: [ 'echo never' ] } }
                        """);
        Build noKey = workshop.build("missing");
        assertThat(noKey.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(Workshop.why(noKey, BuildPhaseType.DOWNLOAD_SOURCE)).contains("api", "has no key nothing");
        Build noParameter = workshop.build(
                "missing",
                r -> r.environmentVariablesOverride(
                        variable(EnvironmentVariableType.PARAMETER_STORE, "P", "/not/there")));
        assertThat(noParameter.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(Workshop.why(noParameter, BuildPhaseType.PROVISIONING)).contains("parameter /not/there");
    }

    @Test
    void codeBuildTellsABuildOfItself() {
        workshop.project("itself", """
                        version: 0.2
                        phases:
                          build:
                            commands:
                              - echo "id=$CODEBUILD_BUILD_ID arn=$CODEBUILD_BUILD_ARN number=$CODEBUILD_BUILD_NUMBER"
                              - echo "image=$CODEBUILD_BUILD_IMAGE log=$CODEBUILD_LOG_PATH region=$AWS_REGION/$AWS_DEFAULT_REGION"
                              - echo "dir=$CODEBUILD_SRC_DIR=$(pwd) initiator=$CODEBUILD_INITIATOR start=$CODEBUILD_START_TIME"
                        """);
        Build build = workshop.succeed("itself");
        assertThat(workshop.log(build))
                .contains("id=" + build.id() + " arn=" + build.arn() + " number=1")
                .contains("image=aws/codebuild/standard:7.0 log=" + build.logs().streamName()
                        + " region=us-east-1/us-east-1")
                .containsPattern("dir=(\\S+)=\\1 initiator=administrator start="
                        + build.startTime().toEpochMilli());
    }
}
