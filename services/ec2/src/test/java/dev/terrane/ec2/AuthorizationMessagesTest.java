package dev.terrane.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.InvalidAuthorizationMessageException;
import tools.jackson.databind.JsonNode;

/** Why EC2 denied, which only those read who may decode it. */
final class AuthorizationMessagesTest {
    private static final String MARK = "Encoded authorization failure message: ";

    private final TestServer server = TestServer.with(IamService::new, StsService::new, Ec2Service::new);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static String document(String statements) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}";
    }

    private static String denial(Ec2Client client, String volume) {
        try {
            client.deleteVolume(r -> r.volumeId(volume));
        } catch (AwsServiceException e) {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("UnauthorizedOperation");
            String message = e.awsErrorDetails().errorMessage();
            assertThat(message).startsWith("You are not authorized to perform this operation. User: ");
            return message.substring(message.indexOf(MARK) + MARK.length());
        }
        throw new AssertionError("It was allowed");
    }

    private JsonNode decoded(String message) {
        return RecordCodec.json()
                .readTree(server.client(StsClient.class)
                        .decodeAuthorizationMessage(r -> r.encodedMessage(message))
                        .decodedMessage());
    }

    @Test
    void aDenialTellsItsReasonsSealed() {
        String volume = "vol-0123456789abcdef0";
        String arn = "arn:aws:ec2:us-east-1:123456789012:volume/" + volume;
        Ec2Client limited = server.clientWith(
                Ec2Client.class, document("{\"Effect\":\"Allow\",\"Action\":\"ec2:Describe*\",\"Resource\":\"*\"}"));
        String message = denial(limited, volume);
        assertThat(message).matches("[A-Za-z0-9_-]+").doesNotContain("limited");
        JsonNode reasons = decoded(message);
        assertThat(reasons.at("/allowed").booleanValue()).isFalse();
        assertThat(reasons.at("/explicitDeny").booleanValue()).isFalse();
        assertThat(reasons.at("/matchedStatements/items").size()).isZero();
        assertThat(reasons.at("/failures/items").size()).isZero();
        assertThat(reasons.at("/context/principal/name").stringValue()).isEqualTo("limited");
        assertThat(reasons.at("/context/principal/arn").stringValue())
                .isEqualTo("arn:aws:iam::123456789012:user/limited");
        assertThat(reasons.at("/context/action").stringValue()).isEqualTo("ec2:DeleteVolume");
        assertThat(reasons.at("/context/resource").stringValue()).isEqualTo(arn);
        Set<String> keys = reasons.at("/context/conditions/items")
                .valueStream()
                .map(item -> item.path("key").stringValue())
                .collect(Collectors.toSet());
        assertThat(keys).contains("aws:RequestedRegion", "aws:PrincipalArn");

        server.restart();
        assertThat(decoded(message)).isEqualTo(reasons);
    }

    @Test
    void anExplicitDenialTellsTheStatement() {
        Ec2Client limited = server.clientWith(
                Ec2Client.class,
                document(
                        "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},{\"Sid\":\"Keep\",\"Effect\":\"Deny\","
                                + "\"Action\":\"ec2:Delete*\",\"Resource\":\"arn:aws:ec2:*:*:volume/*\",\"Condition\":"
                                + "{\"StringEquals\":{\"aws:RequestedRegion\":[\"us-east-1\",\"eu-west-1\"]}}}"));
        JsonNode reasons = decoded(denial(limited, "vol-0123456789abcdef0"));
        assertThat(reasons.at("/explicitDeny").booleanValue()).isTrue();
        JsonNode statement = reasons.at("/matchedStatements/items/0");
        assertThat(statement.at("/statementId").stringValue()).isEqualTo("Keep");
        assertThat(statement.at("/effect").stringValue()).isEqualTo("DENY");
        assertThat(statement.at("/actions/items/0/value").stringValue()).isEqualTo("ec2:Delete*");
        assertThat(statement.at("/resources/items/0/value").stringValue()).isEqualTo("arn:aws:ec2:*:*:volume/*");
        assertThat(statement.at("/conditions/items/0/key").stringValue()).isEqualTo("aws:RequestedRegion");
        assertThat(statement.at("/conditions/items/0/values/items").size()).isEqualTo(2);
    }

    @Test
    void onlyWhoMayDecodesAndOnlyWhatIsGenuineAndItsOwn() {
        Ec2Client limited = server.clientWith(
                Ec2Client.class, document("{\"Effect\":\"Allow\",\"Action\":\"ec2:Describe*\",\"Resource\":\"*\"}"));
        String message = denial(limited, "vol-0123456789abcdef0");
        StsClient unable = server.clientWith(
                StsClient.class, document("{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}"));
        assertThatThrownBy(() -> unable.decodeAuthorizationMessage(r -> r.encodedMessage(message)))
                .hasMessageContaining("sts:DecodeAuthorizationMessage");
        Credential stranger = server.identities().user("210987654321", "stranger", TestIdentities.EVERYTHING);
        StsClient other = server.client(StsClient.class, (Principal.User) stranger.principal());
        for (String bad : new String[] {message.substring(1), "A" + message, "x", "?"}) {
            assertThatThrownBy(
                            () -> server.client(StsClient.class).decodeAuthorizationMessage(r -> r.encodedMessage(bad)))
                    .isInstanceOf(InvalidAuthorizationMessageException.class)
                    .hasMessageContaining("Message is not valid");
        }
        assertThatThrownBy(() -> other.decodeAuthorizationMessage(r -> r.encodedMessage(message)))
                .isInstanceOf(InvalidAuthorizationMessageException.class);
    }
}
