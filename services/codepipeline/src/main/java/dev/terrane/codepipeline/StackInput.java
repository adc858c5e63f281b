package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.store.RecordCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Tag;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a CloudFormation action gives to the stack, read from its input artifacts.
 *
 * @param template its text; empty when it lies in the artifact store, since it is longer than a request may hold
 * @param templateUrl where it lies in the artifact store, or empty
 * @param stackPolicy JSON, or empty
 */
record StackInput(
        Optional<String> template,
        Optional<String> templateUrl,
        Map<String, String> values,
        Map<String, String> labels,
        Optional<String> stackPolicy) {
    /** The longest template that CloudFormation takes in a request, and the longest that it takes at all. */
    private static final int LONGEST_IN_REQUEST = 51_200;

    private static final int LONGEST = 1_000_000;

    /** A file that an artifact has not, or that is not what it must be. */
    static final class InvalidInput extends RuntimeException {
        InvalidInput(String message) {
            super(message);
        }
    }

    /** Reads the template, its configuration and the parameters as the action's role. */
    static StackInput read(ActionRecord action, ArtifactFiles artifacts, Roles roles) throws IOException {
        Reader reader = new Reader(action, artifacts, new LinkedHashMap<>());
        String template = reader.text(file(action, "TemplatePath").orElseThrow());
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, String> labels = new LinkedHashMap<>();
        Optional<String> policy = Optional.empty();
        Optional<StackSettings.FileName> configuration = file(action, "TemplateConfiguration");
        if (configuration.isPresent()) {
            JsonNode read = reader.json(configuration.get());
            read.path("Parameters").forEachEntry((name, value) -> values.put(name, StackSettings.text(value)));
            read.path("Tags").forEachEntry((name, value) -> labels.put(name, StackSettings.text(value)));
            policy = Optional.of(read.path("StackPolicy"))
                    .filter(p -> !p.isMissingNode())
                    .map(JsonNode::toString);
        }
        JsonNode overrides = parse(action.setting("ParameterOverrides").orElse("{}"), "ParameterOverrides");
        for (Map.Entry<String, JsonNode> override : overrides.properties()) {
            values.put(override.getKey(), reader.value(override.getValue()));
        }
        boolean fits = template.getBytes(StandardCharsets.UTF_8).length <= LONGEST_IN_REQUEST;
        return new StackInput(
                fits ? Optional.of(template) : Optional.empty(),
                fits ? Optional.empty() : Optional.of(upload(action, artifacts, roles, template)),
                values,
                labels,
                policy);
    }

    List<Parameter> parameters() {
        return values.entrySet().stream()
                .map(p -> Parameter.builder()
                        .parameterKey(p.getKey())
                        .parameterValue(p.getValue())
                        .build())
                .toList();
    }

    List<Tag> tags() {
        return labels.entrySet().stream()
                .map(t -> Tag.builder().key(t.getKey()).value(t.getValue()).build())
                .toList();
    }

    private static Optional<StackSettings.FileName> file(ActionRecord action, String key) {
        return action.setting(key).map(StackSettings.FileName::of);
    }

    private static String upload(ActionRecord action, ArtifactFiles artifacts, Roles roles, String template) {
        String bucket = artifacts.store(action).location();
        String key = action.pipeline() + "/templates/" + action.id();
        roles.client(S3Client.class, action)
                .putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(template));
        return url(bucket, key);
    }

    private static String url(String bucket, String key) {
        return "https://s3." + Call.current().region() + ".amazonaws.com/" + bucket + "/" + key;
    }

    private static JsonNode parse(String json, String what) {
        try {
            JsonNode read = RecordCodec.json().readTree(json);
            if (read.isObject()) {
                return read;
            }
        } catch (JacksonException e) {
            throw new InvalidInput(what + " is no JSON: " + e.getOriginalMessage());
        }
        throw new InvalidInput(what + " must be a JSON object");
    }

    /** Reads files of the action's input artifacts, each artifact's file once. */
    private record Reader(ActionRecord action, ArtifactFiles artifacts, Map<StackSettings.FileName, String> read) {
        String text(StackSettings.FileName file) throws IOException {
            String known = read.get(file);
            if (known != null) {
                return known;
            }
            ArtifactRecord artifact = artifact(file.artifact());
            String text = ArtifactFiles.inTemporaryFile(into -> {
                artifacts.read(action, artifact, into);
                try (ZipFile zip = new ZipFile(into.toFile())) {
                    ZipEntry entry = zip.getEntry(file.path());
                    if (entry == null || entry.isDirectory()) {
                        throw new InvalidInput(
                                "File [%s] does not exist in artifact [%s]".formatted(file.path(), file.artifact()));
                    }
                    try (InputStream in = zip.getInputStream(entry)) {
                        byte[] bytes = in.readNBytes(LONGEST + 1);
                        if (bytes.length > LONGEST) {
                            throw new InvalidInput("File [%s] in artifact [%s] has more than %d bytes"
                                    .formatted(file.path(), file.artifact(), LONGEST));
                        }
                        return new String(bytes, StandardCharsets.UTF_8);
                    }
                }
            });
            read.put(file, text);
            return text;
        }

        JsonNode json(StackSettings.FileName file) throws IOException {
            return parse(text(file), "File [" + file.path() + "]");
        }

        /** A parameter's value: text, or one of the two functions that parameter overrides may hold. */
        String value(JsonNode given) throws IOException {
            if (!given.isObject()) {
                return StackSettings.text(given);
            }
            JsonNode attribute = given.path("Fn::GetArtifactAtt");
            if (attribute.isArray() && attribute.size() == 2) {
                ArtifactRecord artifact = artifact(attribute.get(0).asString());
                return switch (attribute.get(1).asString()) {
                    case "BucketName" -> artifact.bucket();
                    case "ObjectKey" -> artifact.key();
                    case "URL" -> url(artifact.bucket(), artifact.key());
                    default ->
                        throw new InvalidInput("Fn::GetArtifactAtt knows BucketName, ObjectKey and URL, not "
                                + attribute.get(1).asString());
                };
            }
            JsonNode parameter = given.path("Fn::GetParam");
            if (parameter.isArray() && parameter.size() == 3) {
                JsonNode found = json(new StackSettings.FileName(
                                parameter.get(0).asString(), parameter.get(1).asString()))
                        .path(parameter.get(2).asString());
                if (found.isMissingNode()) {
                    throw new InvalidInput("File [%s] has no key [%s]"
                            .formatted(
                                    parameter.get(1).asString(),
                                    parameter.get(2).asString()));
                }
                return StackSettings.text(found);
            }
            throw new InvalidInput(
                    "A value of ParameterOverrides must be text, Fn::GetArtifactAtt or Fn::GetParam, not " + given);
        }

        private ArtifactRecord artifact(String name) {
            return action.inputs().stream()
                    .filter(a -> a.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new InvalidInput("Artifact [" + name + "] is no input of the action"));
        }
    }
}
