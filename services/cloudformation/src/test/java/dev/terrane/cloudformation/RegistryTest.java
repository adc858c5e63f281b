package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Category;
import software.amazon.awssdk.services.cloudformation.model.CfnRegistryException;
import software.amazon.awssdk.services.cloudformation.model.DescribeTypeResponse;
import software.amazon.awssdk.services.cloudformation.model.ProvisioningType;
import software.amazon.awssdk.services.cloudformation.model.RegistryType;
import software.amazon.awssdk.services.cloudformation.model.TypeConfigurationIdentifier;
import software.amazon.awssdk.services.cloudformation.model.TypeNotFoundException;
import software.amazon.awssdk.services.cloudformation.model.TypeSummary;
import software.amazon.awssdk.services.cloudformation.model.Visibility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The registry of types: those that are here, with their schemas in the registry's form. */
class RegistryTest {
    private final TestServer server = TestServer.with(CloudFormationService::new, SqsService::new);
    private final CloudFormationClient registry = server.client(CloudFormationClient.class);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void publicTypesAreListed() {
        assertThat(registry.listTypesPaginator(r -> r.visibility(Visibility.PUBLIC)
                                .filters(f -> f.category(Category.AWS_TYPES).typeNamePrefix("AWS::SQS::"))
                                .maxResults(2))
                        .typeSummaries())
                .extracting(TypeSummary::typeName)
                .containsExactly("AWS::SQS::Queue", "AWS::SQS::QueueInlinePolicy", "AWS::SQS::QueuePolicy");
        assertThat(registry.listTypes(r ->
                                r.visibility(Visibility.PUBLIC).provisioningType(ProvisioningType.NON_PROVISIONABLE))
                        .typeSummaries())
                .extracting(TypeSummary::typeName)
                .contains("AWS::CloudFormation::WaitCondition", "AWS::SQS::QueuePolicy")
                .doesNotContain("AWS::SQS::Queue", "AWS::CDK::Metadata");
        assertThat(registry.listTypes(r -> {}).typeSummaries())
                .as("private ones")
                .isEmpty();
        assertThat(registry.listTypes(r -> r.visibility(Visibility.PUBLIC).type(RegistryType.HOOK))
                        .typeSummaries())
                .isEmpty();
    }

    @Test
    void aTypeIsDescribedWithItsSchema() {
        DescribeTypeResponse queue =
                registry.describeType(r -> r.type(RegistryType.RESOURCE).typeName("AWS::SQS::Queue"));
        assertThat(queue.arn()).isEqualTo("arn:aws:cloudformation:us-east-1::type/resource/AWS-SQS-Queue");
        assertThat(queue.provisioningType()).isEqualTo(ProvisioningType.FULLY_MUTABLE);
        assertThat(queue.visibility()).isEqualTo(Visibility.PUBLIC);
        JsonNode schema = JsonMapper.shared().readTree(queue.schema());
        assertThat(schema.path("typeName").asString()).isEqualTo("AWS::SQS::Queue");
        assertThat(schema.at("/properties/DelaySeconds/type").asString()).isEqualTo("integer");
        assertThat(schema.at("/properties/Tags/items/$ref").asString()).isEqualTo("#/definitions/Tag");
        assertThat(schema.at("/definitions/Tag/required").toString()).isEqualTo("[\"Key\",\"Value\"]");
        assertThat(schema.path("primaryIdentifier").toString()).isEqualTo("[\"/properties/QueueUrl\"]");
        assertThat(schema.path("readOnlyProperties").toString()).contains("/properties/Arn");
        assertThat(schema.path("createOnlyProperties").toString()).contains("/properties/QueueName");
        assertThat(schema.at("/tagging/tagProperty").asString()).isEqualTo("/properties/Tags");
        assertThat(schema.at("/tagging/cloudFormationSystemTags").asBoolean()).isFalse();
        assertThat(schema.path("handlers").propertyNames()).contains("create", "read", "update", "delete", "list");
        assertThat(registry.describeType(r -> r.arn(queue.arn())).typeName()).isEqualTo("AWS::SQS::Queue");
        assertThat(registry.listTypeVersions(r -> r.arn(queue.arn())).typeVersionSummaries())
                .singleElement()
                .satisfies(version -> assertThat(version.versionId()).isEqualTo("00000001"));
    }

    @Test
    void everyTypeHasASchema() {
        assertThat(registry.listTypes(r -> r.visibility(Visibility.PUBLIC)).typeSummaries())
                .isNotEmpty()
                .allSatisfy(type -> assertThat(JsonMapper.shared()
                                .readTree(registry.describeType(r -> r.arn(type.typeArn()))
                                        .schema())
                                .path("properties")
                                .isObject())
                        .isTrue());
    }

    @Test
    void typesThatAreNotHereAreNotFound() {
        assertThatThrownBy(() ->
                        registry.describeType(r -> r.type(RegistryType.RESOURCE).typeName("AWS::SQS::Quue")))
                .isInstanceOf(TypeNotFoundException.class)
                .hasMessageContaining("The type 'AWS::SQS::Quue' cannot be found.");
        assertThatThrownBy(() -> registry.describeType(r -> r.typeName("AWS::SQS::Queue")))
                .hasMessageContaining("Either TypeName and Type, or Arn must be specified");
    }

    @Test
    void nobodyRegistersTypes() {
        assertThat(registry.listTypeRegistrations(r -> {}).registrationTokenList())
                .isEmpty();
        assertThatThrownBy(() -> registry.describeTypeRegistration(r -> r.registrationToken("none")))
                .isInstanceOf(CfnRegistryException.class);
        assertThatThrownBy(() -> registry.describePublisher(r -> {}))
                .isInstanceOf(CfnRegistryException.class)
                .hasMessageContaining("not registered as a publisher");
        TypeConfigurationIdentifier queues = TypeConfigurationIdentifier.builder()
                .typeArn("arn:aws:cloudformation:us-east-1::type/resource/AWS-SQS-Queue")
                .build();
        assertThat(registry.batchDescribeTypeConfigurations(r -> r.typeConfigurationIdentifiers(queues))
                        .errors())
                .singleElement()
                .satisfies(error -> assertThat(error.errorCode()).isEqualTo("TypeConfigurationNotFoundException"));
    }
}
