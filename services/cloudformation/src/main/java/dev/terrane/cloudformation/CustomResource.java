package dev.terrane.cloudformation;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import dev.terrane.kernel.service.Platform;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.SnsClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A resource that is made by whoever listens to an SNS topic, its provider: it is sent a request, and answers by HTTP PUT to the request's URL. Its identifier is
 * the physical id that the provider gives it; one of our own until then.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html">Custom resource reference</a>
 */
final class CustomResource implements ResourceType, AnswerUrls.Hearer {
    /** The kind of its {@link AnswerUrls}. */
    static final String KIND = "customresource";
    /** The member of a state that holds what {@code GetAtt} gives. */
    static final String DATA = "Data";
    /** The member of a state that tells that these are not to be shown. */
    static final String NO_ECHO = "NoEcho";

    private static final int MOST_SECONDS = 3_600;
    private static final int LONGEST_ID = 1_024;

    private final Platform platform;
    private final CloudFormationTables tables;

    CustomResource(Platform platform, CloudFormationTables tables) {
        this.platform = platform;
        this.tables = tables;
    }

    @Override
    public String name() {
        return ResourceSchema.CUSTOM;
    }

    @Override
    public boolean provisionable() {
        return false;
    }

    @Override
    public Set<String> supported() {
        return Set.of("ServiceToken", "ServiceTimeout");
    }

    @Override
    public String create(ResourceWork work) {
        timeout(work);
        String topic = topic(work, work.desired());
        String id = work.name(LONGEST_ID);
        // A provider that fails, or never answers, may have made something.
        work.made(id);
        send(work, topic, "Create", "");
        return id;
    }

    @Override
    public void update(ResourceWork work, String id) {
        timeout(work);
        String topic = topic(work, work.desired());
        if (!topic.equals(topic(work, work.previous()))) {
            throw failure("Modifying service token is not allowed.");
        }
        send(work, topic, "Update", id);
    }

    @Override
    public void delete(ResourceWork work, String id) {
        send(work, topic(work, work.desired()), "Delete", id);
    }

    @Override
    public boolean settled(ResourceWork work, String id, Change change) {
        CustomRequestRecord request = request(work).orElseThrow();
        if (request.answer().isEmpty()) {
            if (platform.clock().instant().isAfter(request.time().plus(timeout(work)))) {
                throw failure("CloudFormation did not receive a response from your Custom Resource. Please check your"
                        + " logs for requestId [" + request.id() + "].");
            }
            return false;
        }
        JsonNode answer = JsonMapper.shared().readTree(request.answer());
        String given = answer.path("PhysicalResourceId").asString("");
        boolean named = !given.isEmpty() && given.length() <= LONGEST_ID;
        if (named && change == Change.CREATE) {
            work.made(given);
        }
        if (answer.path("Status").asString("").equals("FAILED")) {
            throw failure("Received response status [FAILED] from custom resource. Message returned: "
                    + answer.path("Reason").asString("") + " (RequestId: " + request.id() + ")");
        }
        if (!named && change != Change.DELETE) {
            throw failure("Invalid PhysicalResourceId");
        }
        if (change == Change.UPDATE) {
            work.made(given);
        }
        return true;
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return request(work).filter(request -> !request.answer().isEmpty()).map(request -> {
            JsonNode answer = JsonMapper.shared().readTree(request.answer());
            return Properties.builder()
                    .put("Id", id)
                    .put(DATA, answer.get("Data"))
                    .put(NO_ECHO, answer.path("NoEcho").asBoolean(false))
                    .build();
        });
    }

    /** Takes a provider's answer; the first one counts. What is wrong with it is told in the stack, as AWS does, whose URLs take any object. */
    @Override
    public int hear(Scope scope, String id, byte[] body) {
        return tables.transact(() -> {
            Optional<CustomRequestRecord> request = tables.customRequest(scope, id);
            if (request.isEmpty()) {
                return 403;
            }
            if (request.get().answer().isEmpty()) {
                tables.put(
                        scope,
                        request.get().answered(answer(request.get(), body).toString()));
            }
            return 200;
        });
    }

    private static JsonNode answer(CustomRequestRecord request, byte[] body) {
        if (body.length > AnswerUrls.LONGEST) {
            return refused("Response object is too long.");
        }
        JsonNode answer;
        try {
            answer = JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            return refused("Invalid Response object: it is not JSON");
        }
        String status = answer.path("Status").asString("");
        if (!status.equals("SUCCESS") && !status.equals("FAILED")) {
            return refused("Invalid Response object: Value of property Status must be SUCCESS or FAILED");
        }
        if (status.equals("FAILED") && answer.path("Reason").asString("").isEmpty()) {
            return refused("Invalid Response object: Reason is required when Status is FAILED");
        }
        if (answer.hasNonNull("Data") && !answer.get("Data").isObject()) {
            return refused("Invalid Response object: Value of property Data must be an object");
        }
        JsonNode asked = JsonMapper.shared().readTree(request.message());
        for (String name : new String[] {"StackId", "RequestId", "LogicalResourceId"}) {
            if (!answer.path(name).asString("").equals(asked.path(name).asString(""))) {
                return refused("Invalid Response object: Value of property " + name + " is not that of the request");
            }
        }
        return answer;
    }

    private static ObjectNode refused(String reason) {
        return JsonNodeFactory.instance.objectNode().put("Status", "FAILED").put("Reason", reason);
    }

    /** Tells the provider, in words that are kept, so that it is told once also after a crash. */
    private void send(ResourceWork work, String topic, String what, String id) {
        Scope scope = work.scope();
        String message = tables.transact(() -> request(work)
                .orElseGet(() -> {
                    CustomRequestRecord asked = new CustomRequestRecord(
                            work.token(),
                            message(work, what, id).toString(),
                            "",
                            platform.clock().instant());
                    tables.put(scope, asked);
                    return asked;
                })
                .message());
        work.client(SnsClient.class)
                .publish(r -> r.topicArn(topic)
                        .subject("AWS CloudFormation custom resource request")
                        .message(message));
    }

    private ObjectNode message(ResourceWork work, String what, String id) {
        ResourceWork.InStack place = work.stack().orElseThrow();
        ObjectNode message = JsonNodeFactory.instance
                .objectNode()
                .put("RequestType", what)
                .put("ServiceToken", work.desired().required("ServiceToken"))
                .put("ResponseURL", AnswerUrls.url(platform, KIND, work.scope(), work.token()))
                .put("StackId", place.stack())
                .put("RequestId", work.token())
                .put("LogicalResourceId", place.logicalId());
        if (!id.isEmpty()) {
            message.put("PhysicalResourceId", id);
        }
        message.put("ResourceType", place.type());
        message.set("ResourceProperties", texts(work.desired().node()));
        if (what.equals("Update")) {
            message.set("OldResourceProperties", texts(work.previous().node()));
        }
        return message;
    }

    /** CloudFormation gives all scalars as texts. */
    private static JsonNode texts(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                ObjectNode all = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(e -> all.set(e.getKey(), texts(e.getValue())));
                yield all;
            }
            case ArrayNode array -> {
                ArrayNode all = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> all.add(texts(item)));
                yield all;
            }
            default -> StringNode.valueOf(value.asString());
        };
    }

    private Optional<CustomRequestRecord> request(ResourceWork work) {
        return tables.customRequest(work.scope(), work.token());
    }

    /** The topic that a service token names. */
    private static String topic(ResourceWork work, Properties properties) {
        String token = properties
                .text("ServiceToken")
                .orElseThrow(() -> failure("ServiceToken is a required property and cannot be empty"));
        Arn arn = Arn.find(token).orElseThrow(() -> failure("Invalid service token."));
        if (arn.service().equals("lambda")) {
            throw failure("ServiceToken " + token
                    + " names a Lambda function, which this server does not have: custom resources need an SNS topic");
        }
        if (!arn.service().equals("sns")) {
            throw failure("Invalid service token.");
        }
        if (!arn.region().equals(work.scope().region())) {
            throw failure("Invalid service token: it must be in the same Region as the stack");
        }
        return token;
    }

    private static Duration timeout(ResourceWork work) {
        int seconds;
        try {
            seconds = work.desired().integer("ServiceTimeout").orElse(MOST_SECONDS);
        } catch (NumberFormatException e) {
            seconds = 0;
        }
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw failure("ServiceTimeout must be between 1 and 3600 seconds");
        }
        return Duration.ofSeconds(seconds);
    }

    private static AwsServiceException failure(String message) {
        return Refusals.failed(message);
    }
}
