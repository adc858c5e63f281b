package dev.terrane.cloudformation;

import dev.terrane.cloudformation.StackRecord.Settings;
import dev.terrane.cloudformation.template.Template;
import dev.terrane.cloudformation.template.TemplateException;
import dev.terrane.cloudformation.template.Unknown;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.error.AwsErrors;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.RollbackConfiguration;
import software.amazon.awssdk.services.cloudformation.model.Tag;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Reads what requests say of a stack: its template, parameters and settings. */
final class Requests {
    private static final int LONGEST_BODY = 51_200;
    private static final int LONGEST_FILE = 1 << 20;
    private static final int MOST_TAGS = 50;

    private final Clients clients;
    private final CloudFormationTables tables;
    private final Blueprints blueprints;
    private final TemplateParameters parameters;

    Requests(Clients clients, CloudFormationTables tables, Blueprints blueprints, TemplateParameters parameters) {
        this.tables = tables;
        this.clients = clients;
        this.parameters = parameters;
        this.blueprints = blueprints;
    }

    /** What a request says; members are null where it does not. */
    record Asked(
            @Nullable String body,
            @Nullable String url,
            boolean previousTemplate,
            List<Parameter> parameters,
            List<Capability> capabilities,
            @Nullable String role,
            @Nullable List<String> notifications,
            @Nullable List<Tag> tags,
            @Nullable RollbackConfiguration rollback) {}

    /**
     * What a stack is to be made of.
     *
     * @param stack the one that is there, for what a request leaves as it is
     */
    Settings settings(Asked asked, String stackName, Optional<StackRecord> stack) {
        return settings(text(asked, stack), asked, stackName, stack, false);
    }

    private String text(Asked asked, Optional<StackRecord> stack) {
        return asked.previousTemplate()
                ? stack.map(StackRecord::settings)
                        .orElseThrow(() ->
                                Refusals.invalid("Template file referenced by UsePreviousTemplate does not exist."))
                        .template()
                : template(asked.body(), asked.url());
    }

    /**
     * What a stack would be made of.
     *
     * @param failure why a transform of its template failed; empty where none did
     */
    record Drafted(Settings settings, String failure) {}

    /** As {@link #settings}, of a template whose transforms may fail. */
    Drafted drafted(Asked asked, String stackName, Optional<StackRecord> stack) {
        String text = text(asked, stack);
        Settings given = given(text, asked, stack, false);
        Template whole;
        try {
            whole = whole(given, stackName, stack);
        } catch (AwsServiceException e) {
            return new Drafted(given, AwsErrors.message(e));
        }
        return new Drafted(processed(given, whole, stackName, stack), "");
    }

    /** What a nested stack would be made of, as far as its parameters are known: {@link Unknown#TEXT} stands for the others. */
    Settings preview(String text, Asked asked, StackRecord stack, boolean there) {
        return settings(text, asked, stack.name(), there ? Optional.of(stack) : Optional.empty(), true);
    }

    private Settings settings(
            String text, Asked asked, String stackName, Optional<StackRecord> stack, boolean previewing) {
        Settings given = given(text, asked, stack, previewing);
        return processed(given, whole(given, stackName, stack), stackName, stack);
    }

    /** What a request says, with the template as it is written. */
    private Settings given(String text, Asked asked, Optional<StackRecord> stack, boolean previewing) {
        List<String> capabilities =
                asked.capabilities().stream().map(Capability::toString).toList();
        Settings was = stack.map(StackRecord::settings).orElse(Settings.NONE);
        Template template = blueprints.template(text);
        parameters.requireCapabilities(template, capabilities);
        List<StackRecord.Parameter> values =
                parameters.given(template, asked.parameters(), was.parameters(), previewing);
        return new Settings(
                text,
                "",
                values,
                capabilities,
                asked.role() != null ? asked.role() : was.role(),
                asked.notifications() != null ? asked.notifications() : was.notifications(),
                asked.tags() != null ? tags(asked.tags()) : was.tags(),
                RollbackTriggers.given(asked.rollback(), was.rollback()));
    }

    /** The template after its transforms. */
    private Template whole(Settings given, String stackName, Optional<StackRecord> stack) {
        return blueprints.expanded(
                blueprints.template(given.template()),
                given,
                stackName,
                stack.map(StackRecord::arn).orElse(""),
                this::included);
    }

    private Settings processed(Settings settings, Template whole, String stackName, Optional<StackRecord> stack) {
        // What transforms have made may need more than what was written.
        parameters.requireCapabilities(whole, settings.capabilities());
        parameters.check(whole);
        blueprints.rehearse(
                whole, settings, stackName, stack.map(StackRecord::arn).orElse(""));
        Settings processed = blueprints.template(settings.template()).expanded()
                ? settings
                : settings.expandedTo(whole.json().toString());
        stack.ifPresent(is -> refuseOtherTypes(is, processed));
        return processed;
    }

    /** A resource that is there stays of its type. */
    private void refuseOtherTypes(StackRecord stack, Settings settings) {
        Blueprint blueprint = blueprints.of(stack, settings);
        List<String> changed = tables.resources(Call.current().scope(), stack.id()).stream()
                .filter(ResourceRecord::exists)
                .filter(is -> blueprint.resources().contains(is.logicalId())
                        && !blueprint.type(is.logicalId()).equals(is.type()))
                .map(ResourceRecord::logicalId)
                .toList();
        if (!changed.isEmpty()) {
            throw Refusals.invalid("Update of resource type is not permitted. The new template modifies resource type"
                    + " of the following resources: " + changed);
        }
    }

    /** Whether a stack is to have stacks in it. */
    boolean hasNestedStacks(Settings settings) {
        return blueprints.template(settings.template()).resources().values().stream()
                .anyMatch(resource -> resource.type().equals(Progress.STACK_TYPE));
    }

    /** Tags by key, held against CloudFormation's rules. */
    static Map<String, String> tags(List<Tag> given) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Tag tag : given) {
            if (tag.key().startsWith("aws:")) {
                throw Refusals.invalid("aws: prefixed tag key names are not allowed for external use.");
            }
            if (tags.put(tag.key(), tag.value()) != null) {
                throw Refusals.invalid("Duplicate tag key: " + tag.key());
            }
        }
        if (tags.size() > MOST_TAGS) {
            throw Refusals.invalid("Number of tags, " + tags.size() + ", is greater than maximum allowed, 50");
        }
        return tags;
    }

    /** The template's text, from the request or from S3 with the caller's rights. */
    String template(@Nullable String body, @Nullable String url) {
        if ((body == null) == (url == null)) {
            throw Refusals.invalid("Either Template URL or Template Body must be specified.");
        }
        if (body != null) {
            // A stack set gives its instances the template itself, wherever it came from.
            boolean fromOutside =
                    !CloudFormationService.PRINCIPAL.equals(Call.current().sourceAddress());
            if (body.length() > LONGEST_BODY && fromOutside) {
                throw Refusals.invalid(
                        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200");
            }
            return body;
        }
        return fetch(url == null ? "" : url);
    }

    /** What a template includes; that it cannot be read is an error of the template. */
    private String included(String url) {
        try {
            return fetch(url);
        } catch (AwsServiceException e) {
            throw new TemplateException(AwsErrors.message(e));
        }
    }

    /** Reads a text object from S3, as its URL names it. */
    String fetch(String url) {
        return fetch(url, new Actor.Forwarded(CloudFormationService.PRINCIPAL));
    }

    /** The same, with somebody's rights. */
    String fetch(String url, Actor reader) {
        Place place = Place.of(url);
        try {
            ResponseBytes<GetObjectResponse> object = clients.client(S3Client.class, reader)
                    .getObject(
                            r -> r.bucket(place.bucket()).key(place.key()).range("bytes=0-" + LONGEST_FILE),
                            ResponseTransformer.toBytes());
            if (object.asByteArrayUnsafe().length > LONGEST_FILE) {
                throw Refusals.invalid("Template may not exceed 1000000 bytes in size.");
            }
            return object.asUtf8String();
        } catch (AwsServiceException e) {
            if (e.awsErrorDetails() != null && e.awsErrorDetails().errorCode().equals("ValidationError")) {
                throw e;
            }
            throw Refusals.invalid(
                    "S3 error: " + AwsErrors.message(e)
                            + "\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html");
        }
    }

    /** Where an S3 URL points. */
    record Place(String bucket, String key) {
        static Place of(String url) {
            URI uri;
            try {
                uri = URI.create(url);
            } catch (IllegalArgumentException e) {
                throw bad();
            }
            String host = uri.getHost();
            String path = uri.getPath();
            if (path == null || path.length() < 2) {
                throw bad();
            }
            if ("s3".equals(uri.getScheme()) && host != null) {
                return new Place(host, path.substring(1));
            }
            if (host != null) {
                int s3 = host.indexOf(".s3");
                if (s3 > 0 && !host.startsWith("s3.") && !host.startsWith("s3-")) {
                    return new Place(host.substring(0, s3), path.substring(1));
                }
                int slash = path.indexOf('/', 1);
                if (slash > 0) {
                    return new Place(path.substring(1, slash), path.substring(slash + 1));
                }
            }
            throw bad();
        }

        private static AwsServiceException bad() {
            return Refusals.invalid("TemplateURL must be a supported URL.");
        }
    }
}
