package dev.terrane.cloudformation;

import dev.terrane.cloudformation.template.DynamicReference;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.error.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds what dynamic references mean, with the rights of whoever runs the stack. */
final class Resolver {
    private final Clients clients;

    Resolver(Clients clients) {
        this.clients = clients;
    }

    String resolve(DynamicReference reference, Actor actor, String region) {
        try {
            return switch (reference.store()) {
                case SSM -> parameter(reference, actor, region, false);
                case SSM_SECURE -> parameter(reference, actor, region, true);
                case SECRETS_MANAGER -> secret(reference, actor, region);
            };
        } catch (AwsServiceException e) {
            String message = AwsErrors.message(e);
            throw Refusals.invalid("Could not resolve " + reference.id() + ": "
                    + (message.isEmpty() ? e.awsErrorDetails().errorCode() : message));
        }
    }

    private String parameter(DynamicReference reference, Actor actor, String region, boolean decrypted) {
        String name = reference.version().isEmpty() ? reference.id() : reference.id() + ":" + reference.version();
        return clients.client(SsmClient.class, actor, region)
                .getParameter(r -> r.name(name).withDecryption(decrypted))
                .parameter()
                .value();
    }

    private String secret(DynamicReference reference, Actor actor, String region) {
        String text = clients.client(SecretsManagerClient.class, actor, region)
                .getSecretValue(r -> r.secretId(reference.id())
                        .versionId(Views.emptyToNull(reference.version()))
                        .versionStage(Views.emptyToNull(reference.versionStage())))
                .secretString();
        if (text == null) {
            throw Refusals.invalid("Secret " + reference.id() + " has no SecretString");
        }
        if (reference.jsonKey().isEmpty()) {
            return text;
        }
        JsonNode value;
        try {
            value = JsonMapper.shared().readTree(text).get(reference.jsonKey());
        } catch (JacksonException e) {
            throw Refusals.invalid("Could not parse SecretString JSON of " + reference.id());
        }
        if (value == null) {
            throw Refusals.invalid("Could not find a value associated with JSONKey in SecretString");
        }
        return value.isValueNode() ? value.asString() : value.toString();
    }
}
