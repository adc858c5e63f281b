package dev.terrane.cloudcontrol;

import dev.terrane.cloudcontrol.RequestRecord.Progress;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.workflow.Workflows;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudcontrol.model.*;
import tools.jackson.databind.node.ObjectNode;

/** Takes requests to make, change and delete resources, and tells how far they are. */
final class Requests {
    private final CloudControlTables tables;
    private final RequestLedger ledger;
    private final Handlers handlers;
    private final Workflows workflows;
    private final RequestWorkflow workflow;

    Requests(
            CloudControlTables tables,
            RequestLedger ledger,
            Handlers handlers,
            Workflows workflows,
            RequestWorkflow workflow) {
        this.tables = tables;
        this.ledger = ledger;
        this.handlers = handlers;
        this.workflows = workflows;
        this.workflow = workflow;
    }

    CreateResourceResponse create(CreateResourceRequest request) {
        ResourceType type = handlers.type(request.typeName(), request.typeVersionId(), "CREATE");
        String fingerprint = fingerprint(Operation.CREATE, type.name(), request.desiredState(), request.roleArn());
        RequestRecord taken = once(request.clientToken(), fingerprint, token -> {
            Properties desired = Handlers.checked(type, Handlers.parsed(request.desiredState(), "DesiredState"));
            String identifier = Identifiers.of(Handlers.schema(type), desired).orElse("");
            return record(token, type, Operation.CREATE, identifier, request.roleArn())
                    .from(desired, Properties.NONE);
        });
        return CreateResourceResponse.builder().progressEvent(taken.event()).build();
    }

    UpdateResourceResponse update(UpdateResourceRequest request) {
        ResourceType type = handlers.type(request.typeName(), request.typeVersionId(), "UPDATE");
        String identifier = Identifiers.parse(Handlers.schema(type), request.identifier());
        String fingerprint =
                fingerprint(Operation.UPDATE, type.name(), identifier, request.patchDocument(), request.roleArn());
        RequestRecord taken = once(request.clientToken(), fingerprint, token -> {
            ledger.mustBeFree(type.name(), identifier);
            // As it reads, since numbers of other kinds would not be equal.
            Properties now = Properties.parse(
                    handlers.read(type, request.roleArn(), token, identifier).toString());
            Properties patched = patched(type, now, JsonPatch.parse(request.patchDocument()));
            return record(token, type, Operation.UPDATE, identifier, request.roleArn())
                    .from(patched, Handlers.checked(type, settable(type, now), name -> false));
        });
        return UpdateResourceResponse.builder().progressEvent(taken.event()).build();
    }

    DeleteResourceResponse delete(DeleteResourceRequest request) {
        ResourceType type = handlers.type(request.typeName(), request.typeVersionId(), "DELETE");
        String identifier = Identifiers.parse(Handlers.schema(type), request.identifier());
        String fingerprint = fingerprint(Operation.DELETE, type.name(), identifier, request.roleArn());
        RequestRecord taken = once(
                request.clientToken(),
                fingerprint,
                token -> record(token, type, Operation.DELETE, identifier, request.roleArn()));
        return DeleteResourceResponse.builder().progressEvent(taken.event()).build();
    }

    /** The request that a client token stands for already, or a new one, which is begun.
     *
     * @param making gives it, by its token */
    private RequestRecord once(@Nullable String given, String fingerprint, Function<String, RequestRecord> making) {
        String clientToken = given == null ? "" : given;
        return ledger.again(clientToken, fingerprint).orElseGet(() -> {
            RequestRecord request = making.apply(Ids.uuid());
            ledger.begin(request, clientToken, fingerprint);
            workflows.start(
                    workflow, Call.current().scope(), request.token(), new RequestWorkflow.Input(request.token()));
            return request;
        });
    }

    private RequestRecord record(
            String token, ResourceType type, Operation operation, String identifier, @Nullable String role) {
        Instant now = ledger.now();
        return new RequestRecord(
                token,
                type.name(),
                operation,
                identifier,
                now,
                Progress.of(OperationStatus.IN_PROGRESS, now),
                Call.current().principal(),
                role == null ? "" : role,
                "",
                "");
    }

    /** What a patch makes of a resource. What reading does not tell, such as a password, is not there unless the patch adds it. */
    private static Properties patched(ResourceType type, Properties now, JsonPatch patch) {
        ResourceSchema schema = Handlers.schema(type);
        Properties patched = Properties.of(patch.applied(now.node()));
        refuse("readOnlyProperties", now, patched, name -> isReadOnly(schema, name));
        refuse("createOnlyProperties", now, patched, name -> {
            ResourceSchema.Property property = schema.properties().get(name);
            return property != null
                    && switch (property.replacement()) {
                        case YES -> true;
                        case MAYBE -> type.replaces(name, now, patched);
                        case NO -> false;
                    };
        });
        return Handlers.checked(
                type,
                settable(type, patched),
                name -> !Objects.equals(now.node().get(name), patched.node().get(name)) || name.isEmpty());
    }

    private static void refuse(String kind, Properties now, Properties patched, Predicate<String> fixed) {
        String changed = Stream.concat(
                        now.node().propertyStream(), patched.node().propertyStream())
                .map(Map.Entry::getKey)
                .distinct()
                .filter(name ->
                        !Objects.equals(now.node().get(name), patched.node().get(name)))
                .filter(fixed)
                .map(name -> "/properties/" + name)
                .collect(Collectors.joining(", "));
        if (!changed.isEmpty()) {
            throw Refusals.notUpdatable(kind, changed);
        }
    }

    private static boolean isReadOnly(ResourceSchema schema, String name) {
        return !schema.properties().containsKey(name)
                && schema.attributes().keySet().stream()
                        .anyMatch(attribute -> attribute.equals(name) || attribute.startsWith(name + "."));
    }

    /** The properties that can be set. */
    private static ObjectNode settable(ResourceType type, Properties state) {
        ResourceSchema schema = Handlers.schema(type);
        return state.without(state.node()
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .filter(name -> isReadOnly(schema, name))
                        .toArray(String[]::new))
                .node();
    }

    GetResourceRequestStatusResponse status(GetResourceRequestStatusRequest request) {
        return GetResourceRequestStatusResponse.builder()
                .progressEvent(find(request.requestToken()).event())
                .build();
    }

    CancelResourceRequestResponse cancel(CancelResourceRequestRequest request) {
        RequestRecord found = find(request.requestToken());
        switch (found.progress().status()) {
            case SUCCESS, FAILED -> throw Refusals.over(found);
            case CANCEL_IN_PROGRESS, CANCEL_COMPLETE -> {
                // Asked for already.
            }
            default -> {
                found = found.at(Progress.of(OperationStatus.CANCEL_IN_PROGRESS, ledger.now()));
                tables.put(Call.current().scope(), found);
                workflows.cancel(workflow, found.token(), "CancelResourceRequest");
            }
        }
        return CancelResourceRequestResponse.builder()
                .progressEvent(found.event())
                .build();
    }

    private RequestRecord find(String token) {
        Instant since = ledger.now().minus(CloudControlTables.KEPT);
        return tables.request(Call.current().scope(), token)
                .filter(found -> !found.ended() || found.created().isAfter(since))
                .orElseThrow(() -> Refusals.noRequest(token));
    }

    private static String fingerprint(Operation operation, @Nullable String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(operation.toString().getBytes(StandardCharsets.UTF_8));
            for (String part : parts) {
                digest.update((byte) 0);
                digest.update((part == null ? "" : part).getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
