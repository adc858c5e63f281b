package dev.terrane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudcontrol.model.CreateResourceRequest;
import software.amazon.awssdk.services.cloudcontrol.model.CreateResourceResponse;
import software.amazon.awssdk.services.cloudcontrol.model.UpdateResourceRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.ssm.model.PutParameterRequest;

/** What the trail shows of requests and responses. */
class AuditJsonTest {
    private static final String HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

    @Test
    void membersAreInLowerCamelCaseAndThoseThatAreNotSetAreLeftOut() {
        assertThat(AuditJson.of(CreateRoleRequest.builder()
                        .roleName("r")
                        .maxSessionDuration(3_600)
                        .tags(Tag.builder().key("team").value("\"a\"\n").build())
                        .build()))
                .isEqualTo(
                        "{\"roleName\":\"r\",\"maxSessionDuration\":3600,\"tags\":[{\"key\":\"team\",\"value\":\"\\\"a\\\"\\n\"}]}");
        assertThat(AuditJson.of(SubscribeRequest.builder()
                        .topicArn("t")
                        .attributes(Map.of("RawMessageDelivery", "true"))
                        .returnSubscriptionArn(true)
                        .build()))
                .isEqualTo(
                        "{\"topicArn\":\"t\",\"attributes\":{\"RawMessageDelivery\":\"true\"},\"returnSubscriptionArn\":true}");
        assertThat(AuditJson.of(SendMessageBatchRequest.builder().queueUrl("q").build()))
                .isEqualTo("{\"queueUrl\":\"q\"}");
    }

    @Test
    void secretsAndBodiesAreNotShown() {
        assertThat(AuditJson.of(CreateSecretRequest.builder()
                        .name("s")
                        .secretString("hunter2")
                        .build()))
                .contains("\"name\":\"s\"")
                .contains("\"secretString\":\"" + HIDDEN + "\"")
                .doesNotContain("hunter2");
        assertThat(AuditJson.of(
                        PutParameterRequest.builder().name("p").value("hunter2").build()))
                .isEqualTo("{\"name\":\"p\",\"value\":\"" + HIDDEN + "\"}");
        assertThat(AuditJson.of(EncryptRequest.builder()
                        .keyId("k")
                        .plaintext(SdkBytes.fromUtf8String("hunter2"))
                        .build()))
                .isEqualTo("{\"keyId\":\"k\"}");
        assertThat(AuditJson.of(CreateResourceRequest.builder()
                        .typeName("T")
                        .desiredState("{\"SecretString\":\"hunter2\"}")
                        .build()))
                .contains("\"desiredState\":\"" + HIDDEN + "\"")
                .doesNotContain("hunter2");
        assertThat(AuditJson.of(
                        UpdateResourceRequest.builder().patchDocument("hunter2").build()))
                .doesNotContain("hunter2");
        assertThat(AuditJson.of(CreateResourceResponse.builder()
                        .progressEvent(e -> e.resourceModel("hunter2"))
                        .build()))
                .doesNotContain("hunter2");
    }

    @Test
    void whatIsTooLongIsLeftOut() {
        assertThat(AuditJson.of(SetTopicAttributesRequest.builder()
                        .topicArn("t".repeat(200_000))
                        .build()))
                .isEqualTo("{\"requestParametersOmitted\":true}");
    }
}
