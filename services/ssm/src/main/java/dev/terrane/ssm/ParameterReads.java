package dev.terrane.ssm;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.*;

/** Reading values by name. */
final class ParameterReads {
    private final SsmTables tables;
    private final PublicParameters known;
    private final SecureValues secure;

    ParameterReads(SsmTables tables, PublicParameters known, SecureValues secure) {
        this.tables = tables;
        this.known = known;
        this.secure = secure;
    }

    GetParameterResponse get(GetParameterRequest request) {
        ParameterName asked = ParameterName.of(Call.current().scope(), request.name());
        VersionRecord version = find(asked)
                .orElseThrow(() -> ParameterNotFoundException.builder().build());
        return GetParameterResponse.builder()
                .parameter(shown(version, asked.selector(), request.withDecryption()))
                .build();
    }

    GetParametersResponse get(GetParametersRequest request) {
        if (new HashSet<>(request.names()).size() < request.names().size()) {
            throw AwsErrors.validation("Parameter names must be unique.");
        }
        List<Parameter> found = new ArrayList<>();
        List<String> invalid = new ArrayList<>();
        for (String name : request.names()) {
            Optional<Parameter> one = one(name, request.withDecryption());
            one.ifPresentOrElse(found::add, () -> invalid.add(name));
        }
        return GetParametersResponse.builder()
                .parameters(found)
                .invalidParameters(invalid)
                .build();
    }

    private Optional<Parameter> one(String name, @Nullable Boolean decrypted) {
        try {
            ParameterName asked = ParameterName.of(Call.current().scope(), name);
            return find(asked).map(version -> shown(version, asked.selector(), decrypted));
        } catch (ParameterVersionNotFoundException | ParameterNotFoundException e) {
            return Optional.empty();
        }
    }

    /** The version that a request selects; the newest one without a selector. */
    private Optional<VersionRecord> find(ParameterName asked) {
        Scope scope = Call.current().scope();
        if (PublicParameters.isPublic(asked.name())) {
            return known.find(scope, asked.name())
                    .filter(version ->
                            asked.selector().isEmpty() || asked.selector().equals(":" + version.version()));
        }
        Optional<ParameterRecord> parameter = tables.parameter(scope, asked.name());
        if (parameter.isEmpty() || asked.selector().isEmpty()) {
            return parameter.map(ParameterRecord::current);
        }
        String selector = asked.selector().substring(1);
        Optional<Long> number = selector.matches("[0-9]{1,18}")
                ? Optional.of(Long.valueOf(selector))
                : Optional.ofNullable(parameter.get().labels().get(selector));
        return Optional.of(number.flatMap(version -> tables.version(scope, asked.name(), version))
                .orElseThrow(() -> ParameterVersionNotFoundException.builder()
                        .message("Systems Manager could not find version " + selector + " of " + asked.name()
                                + ". Verify the version and try again.")
                        .build()));
    }

    /** A version as answers give it. */
    Parameter shown(VersionRecord version, String selector, @Nullable Boolean decrypted) {
        return Parameter.builder()
                .name(version.name())
                .type(version.type())
                .value(value(version, decrypted))
                .version(version.version())
                .selector(selector.isEmpty() ? null : selector)
                .lastModifiedDate(version.modified())
                .arn(ParameterName.arn(Call.current().scope(), version.name()))
                .dataType(version.dataType())
                .build();
    }

    /** The value; that of a {@code SecureString} stays encrypted unless it is to be decrypted. */
    String value(VersionRecord version, @Nullable Boolean decrypted) {
        return version.secure() && Boolean.TRUE.equals(decrypted) ? secure.decrypt(version) : version.value();
    }
}
