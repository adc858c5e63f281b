package dev.terrane.ssm;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.validate.BoundedPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.*;

/** Writing parameters. */
final class Parameters {
    private static final int VERSIONS = 100;
    private static final int STANDARD_BYTES = 4_096;
    private static final int ADVANCED_BYTES = 8_192;

    private final SsmTables tables;
    private final SecureValues secure;
    private final SsmEvents events;

    Parameters(SsmTables tables, SecureValues secure, SsmEvents events) {
        this.tables = tables;
        this.secure = secure;
        this.events = events;
    }

    PutParameterResponse put(PutParameterRequest request) {
        Scope scope = Call.current().scope();
        ParameterName.checkNew(scope, request.name());
        checkHonoured(request);
        boolean overwrite = Boolean.TRUE.equals(request.overwrite());
        Optional<ParameterRecord> existing = tables.parameter(scope, request.name());
        if (existing.isPresent() && !overwrite) {
            throw ParameterAlreadyExistsException.builder()
                    .message("The parameter already exists. To overwrite this value, set the overwrite option in the"
                            + " request to true.")
                    .build();
        }
        VersionRecord next = next(request, existing.map(ParameterRecord::current));
        existing.ifPresent(parameter -> forgetOldest(scope, parameter));
        ParameterRecord parameter = existing.map(known -> known.withCurrent(next))
                .orElseGet(() -> new ParameterRecord(next, Map.of(), ParameterTags.of(request.tags())));
        tables.putNewest(scope, parameter);
        events.changed(existing.isPresent() ? "Update" : "Create", next);
        return PutParameterResponse.builder()
                .version(next.version())
                .tier(next.tier())
                .build();
    }

    private static void checkHonoured(PutParameterRequest request) {
        if (Boolean.TRUE.equals(request.overwrite()) && !request.tags().isEmpty()) {
            throw AwsErrors.validation("Invalid request: tags and overwrite can't be used together. To create a"
                    + " parameter with tags, please remove overwrite flag. To update tags for an existing parameter,"
                    + " please use AddTagsToResource or RemoveTagsFromResource.");
        }
        if (!orEmpty(request.policies()).isEmpty()) {
            throw AwsErrors.validation("Parameter policies are not supported here.");
        }
        String dataType = orEmpty(request.dataType());
        if (!dataType.isEmpty() && !dataType.equals("text")) {
            throw AwsErrors.validation("The following data type is not supported: " + dataType);
        }
    }

    private VersionRecord next(PutParameterRequest request, Optional<VersionRecord> before) {
        String type = type(request, before);
        String pattern = given(request.allowedPattern(), before.map(VersionRecord::allowedPattern));
        checkValue(request.value(), type, pattern);
        String tier = tier(request, before);
        String keyId = keyId(request, type, before);
        return new VersionRecord(
                request.name(),
                before.map(VersionRecord::version).orElse(0L) + 1,
                type,
                type.equals(VersionRecord.SECURE)
                        ? secure.encrypt(request.name(), keyId, tier, request.value())
                        : request.value(),
                keyId,
                given(request.description(), before.map(VersionRecord::description)),
                pattern,
                tier,
                "text",
                Call.current().time(),
                Call.current().principal().arn());
    }

    private static String type(PutParameterRequest request, Optional<VersionRecord> before) {
        String asked = orEmpty(request.typeAsString());
        if (before.isEmpty()) {
            if (asked.isEmpty()) {
                throw AwsErrors.validation("A parameter type is required when you create a parameter.");
            }
            return asked;
        }
        String type = before.get().type();
        if (!asked.isEmpty() && !asked.equals(type)) {
            throw HierarchyTypeMismatchException.builder()
                    .message("The parameter " + request.name() + " is of type " + type + ", which can't be changed to "
                            + asked + ". Create a new, unique parameter.")
                    .build();
        }
        return type;
    }

    private static void checkValue(String value, String type, String pattern) {
        if (value.isEmpty()) {
            throw AwsErrors.validation("Parameter value can't be empty.");
        }
        if (pattern.isEmpty()) {
            return;
        }
        try {
            BoundedPattern allowed = new BoundedPattern(pattern);
            List<String> values = type.equals("StringList") ? List.of(value.split(",", -1)) : List.of(value);
            if (!values.stream().allMatch(allowed::matches)) {
                throw ParameterPatternMismatchException.builder()
                        .message("Parameter value, cannot be validated against allowedPattern: " + pattern)
                        .build();
            }
        } catch (PatternSyntaxException e) {
            throw InvalidAllowedPatternException.builder()
                    .message("The request does not meet the regular expression requirement: " + pattern)
                    .cause(e)
                    .build();
        }
    }

    private static String tier(PutParameterRequest request, Optional<VersionRecord> before) {
        int size = request.value().getBytes(StandardCharsets.UTF_8).length;
        if (size > ADVANCED_BYTES) {
            throw AwsErrors.validation(
                    "Advanced tier parameters support a maximum parameter value of " + ADVANCED_BYTES + " characters.");
        }
        boolean wasAdvanced =
                before.filter(v -> v.tier().equals(VersionRecord.ADVANCED)).isPresent();
        String asked = orEmpty(request.tierAsString());
        if (asked.equals(VersionRecord.STANDARD) && wasAdvanced) {
            throw AwsErrors.validation("This parameter uses the advanced-parameter tier. You can't downgrade a"
                    + " parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you"
                    + " can delete the advanced parameter and recreate it as a standard parameter.");
        }
        boolean large = size > STANDARD_BYTES;
        if (asked.equals(VersionRecord.ADVANCED) || wasAdvanced || (large && asked.equals("Intelligent-Tiering"))) {
            return VersionRecord.ADVANCED;
        }
        if (large) {
            throw AwsErrors.validation("Standard tier parameters support a maximum parameter value of " + STANDARD_BYTES
                    + " characters. To create a larger parameter value, upgrade the parameter to use the"
                    + " advanced-parameter tier.");
        }
        return VersionRecord.STANDARD;
    }

    private static String keyId(PutParameterRequest request, String type, Optional<VersionRecord> before) {
        String asked = orEmpty(request.keyId());
        if (!type.equals(VersionRecord.SECURE)) {
            if (!asked.isEmpty()) {
                throw AwsErrors.validation("KeyId is required for SecureString type parameter only.");
            }
            return "";
        }
        return asked.isEmpty() ? before.map(VersionRecord::keyId).orElse(SecureValues.DEFAULT_KEY) : asked;
    }

    /** Makes room for one more version; a version with a label is not forgotten. */
    private void forgetOldest(Scope scope, ParameterRecord parameter) {
        List<VersionRecord> versions = tables.versions(scope, parameter.name());
        if (versions.size() < VERSIONS) {
            return;
        }
        VersionRecord oldest = versions.getFirst();
        if (!parameter.labelsOf(oldest.version()).isEmpty()) {
            throw ParameterMaxVersionLimitExceededException.builder()
                    .message("You attempted to create a new version of " + parameter.name()
                            + " by calling the PutParameter API with the overwrite flag. Version " + oldest.version()
                            + ", the oldest version, can't be deleted because it has a label associated with it. Move"
                            + " the label to another version of the parameter, and try again.")
                    .build();
        }
        tables.deleteVersion(scope, oldest);
    }

    DeleteParameterResponse delete(DeleteParameterRequest request) {
        if (!remove(request.name())) {
            throw ParameterNotFoundException.builder().build();
        }
        return DeleteParameterResponse.builder().build();
    }

    DeleteParametersResponse delete(DeleteParametersRequest request) {
        List<String> deleted = new ArrayList<>();
        List<String> invalid = new ArrayList<>();
        request.names().stream().distinct().forEach(name -> (remove(name) ? deleted : invalid).add(name));
        return DeleteParametersResponse.builder()
                .deletedParameters(deleted)
                .invalidParameters(invalid)
                .build();
    }

    private boolean remove(String name) {
        Scope scope = Call.current().scope();
        Optional<ParameterRecord> parameter = tables.parameter(scope, name);
        parameter.ifPresent(known -> {
            tables.delete(scope, name);
            events.changed("Delete", known.current());
        });
        return parameter.isPresent();
    }

    LabelParameterVersionResponse label(LabelParameterVersionRequest request) {
        Scope scope = Call.current().scope();
        ParameterRecord parameter = require(request.name());
        long version = request.parameterVersion() == null ? parameter.current().version() : request.parameterVersion();
        VersionRecord labelled =
                tables.version(scope, parameter.name(), version).orElseThrow(() -> noVersion(parameter, version));
        Map<String, Long> labels = new HashMap<>(parameter.labels());
        List<String> invalid = new ArrayList<>();
        for (String label : request.labels()) {
            if (Labels.valid(label)) {
                labels.put(label, version);
            } else {
                invalid.add(label);
            }
        }
        ParameterRecord changed = parameter.withLabels(labels);
        if (changed.labelsOf(version).size() > Labels.MOST) {
            throw ParameterVersionLabelLimitExceededException.builder()
                    .message("A parameter version can have a maximum of ten labels.")
                    .build();
        }
        tables.put(scope, changed);
        events.changed("LabelParameterVersion", labelled);
        return LabelParameterVersionResponse.builder()
                .invalidLabels(invalid)
                .parameterVersion(version)
                .build();
    }

    UnlabelParameterVersionResponse unlabel(UnlabelParameterVersionRequest request) {
        ParameterRecord parameter = require(request.name());
        long version = request.parameterVersion();
        if (tables.version(Call.current().scope(), parameter.name(), version).isEmpty()) {
            throw noVersion(parameter, version);
        }
        Map<String, Long> labels = new HashMap<>(parameter.labels());
        List<String> removed = new ArrayList<>();
        List<String> invalid = new ArrayList<>();
        request.labels().forEach(label -> (labels.remove(label, version) ? removed : invalid).add(label));
        tables.put(Call.current().scope(), parameter.withLabels(labels));
        return UnlabelParameterVersionResponse.builder()
                .removedLabels(removed)
                .invalidLabels(invalid)
                .build();
    }

    private ParameterRecord require(String name) {
        return tables.parameter(Call.current().scope(), name)
                .orElseThrow(() -> ParameterNotFoundException.builder().build());
    }

    private static RuntimeException noVersion(ParameterRecord parameter, long version) {
        return ParameterVersionNotFoundException.builder()
                .message("Systems Manager could not find version " + version + " of " + parameter.name() + ".")
                .build();
    }

    private static String given(@Nullable String asked, Optional<String> before) {
        return asked == null ? before.orElse("") : asked;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
