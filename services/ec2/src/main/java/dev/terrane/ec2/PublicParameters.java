package dev.terrane.ec2;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;

/** Image ids that are named by a parameter of Systems Manager: {@code resolve:ssm:NAME}, with a version or label behind a colon. */
final class PublicParameters {
    private static final String PREFIX = "resolve:ssm:";

    private final Clients clients;

    PublicParameters(Clients clients) {
        this.clients = clients;
    }

    /** The image id itself. The caller needs {@code ssm:GetParameters} for a parameter, as in AWS. */
    String imageId(String given) {
        if (!given.startsWith(PREFIX)) {
            return given;
        }
        String name = given.substring(PREFIX.length());
        GetParametersResponse found = clients.client(SsmClient.class, new Actor.Forwarded("ec2.amazonaws.com"))
                .getParameters(r -> r.names(name));
        if (found.parameters().isEmpty()) {
            throw Refusals.value("The parameter '" + name + "' does not exist");
        }
        return found.parameters().getFirst().value();
    }
}
