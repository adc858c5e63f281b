package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.List;
import java.util.Optional;

/** SQS, where queues go by URL, and a batch is allowed like its single form ("Amazon SQS API permissions"). */
final class SqsOverlay implements Overlay {
    @Override
    public List<String> actions(String operation) {
        return List.of(operation.endsWith("Batch") ? operation.substring(0, operation.length() - 5) : operation);
    }

    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        String account =
                asked.text("queueownerawsaccountid").orElse(asked.scope().account());
        Optional<String> url = asked.text("queueurl");
        if (url.isPresent()) {
            String[] parts = url.get().replaceFirst("[?#].*$", "").split("/");
            String name = parts.length == 0 ? "" : parts[parts.length - 1];
            String owner = parts.length > 1 && parts[parts.length - 2].matches("[0-9]{12}")
                    ? parts[parts.length - 2]
                    : account;
            return Optional.of(name.isEmpty() ? List.of() : List.of(arn(owner, name, asked)));
        }
        return asked.text("queuename").map(name -> List.of(arn(account, name, asked)));
    }

    private static String arn(String account, String name, Asked asked) {
        return new Arn(asked.scope().partition(), "sqs", asked.scope().region(), account, name).toString();
    }
}
