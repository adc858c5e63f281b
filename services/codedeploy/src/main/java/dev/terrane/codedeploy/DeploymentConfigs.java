package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.*;

/** Deployment configurations: AWS's own for servers, and those of the account. */
final class DeploymentConfigs {
    static final String ONE_AT_A_TIME = "CodeDeployDefault.OneAtATime";
    private static final String RESERVED = "CodeDeployDefault.";

    /** What a group without a configuration uses. */
    static final ConfigRecord DEFAULT = predefined(ONE_AT_A_TIME, 1, 99);

    private static final List<ConfigRecord> PREDEFINED = List.of(
            predefined("CodeDeployDefault.AllAtOnce", 3, 0),
            predefined("CodeDeployDefault.HalfAtATime", 2, 50),
            DEFAULT);

    private final CodeDeployTables tables;
    private final Paging paging;
    private final Clock clock;

    DeploymentConfigs(CodeDeployTables tables, Paging paging, Clock clock) {
        this.tables = tables;
        this.paging = paging;
        this.clock = clock;
    }

    private static ConfigRecord predefined(String name, int number, int percent) {
        return new ConfigRecord(
                name,
                "00000000-0000-0000-0000-00000000000" + number,
                MinimumHealthyHosts.builder()
                        .type(MinimumHealthyHostsType.FLEET_PERCENT)
                        .value(percent)
                        .build(),
                Instant.parse("2014-11-12T00:00:00Z"));
    }

    static Optional<ConfigRecord> find(CodeDeployTables tables, Scope scope, String name) {
        return PREDEFINED.stream()
                .filter(config -> config.name().equals(name))
                .findFirst()
                .or(() -> tables.config(scope, name));
    }

    /** The name of a configuration that exists; the default one where none is given. */
    String require(@Nullable String name) {
        String wanted = name == null ? DEFAULT.name() : name;
        return find(tables, Call.current().scope(), wanted)
                .map(ConfigRecord::name)
                .orElseThrow(() -> DeploymentConfigDoesNotExistException.builder()
                        .message("No Deployment Configuration found for name: " + wanted)
                        .build());
    }

    CreateDeploymentConfigResponse create(CreateDeploymentConfigRequest request) {
        Scope scope = Call.current().scope();
        String name = request.deploymentConfigName();
        if (request.computePlatform() != null && request.computePlatform() != ComputePlatform.SERVER) {
            throw Applications.unsupportedPlatform();
        }
        if (request.trafficRoutingConfig() != null) {
            throw InvalidTrafficRoutingConfigurationException.builder()
                    .message("The compute platform Server does not support a traffic routing configuration")
                    .build();
        }
        if (request.zonalConfig() != null) {
            throw InvalidZonalDeploymentConfigurationException.builder()
                    .message("Zonal configurations are not supported by this platform")
                    .build();
        }
        if (name.startsWith(RESERVED)) {
            throw InvalidDeploymentConfigNameException.builder()
                    .message("The deployment configuration name " + name + " begins with the reserved " + RESERVED)
                    .build();
        }
        if (tables.config(scope, name).isPresent()) {
            throw DeploymentConfigAlreadyExistsException.builder()
                    .message("Deployment Configuration " + name + " already exists")
                    .build();
        }
        ConfigRecord config =
                new ConfigRecord(name, Ids.uuid(), minimum(request.minimumHealthyHosts()), clock.instant());
        tables.put(scope, config);
        return CreateDeploymentConfigResponse.builder()
                .deploymentConfigId(config.id())
                .build();
    }

    private static MinimumHealthyHosts minimum(@Nullable MinimumHealthyHosts minimum) {
        boolean valid = minimum != null
                && minimum.value() != null
                && minimum.value() >= 0
                && minimum.type() != null
                && minimum.type() != MinimumHealthyHostsType.UNKNOWN_TO_SDK_VERSION
                && (minimum.type() == MinimumHealthyHostsType.HOST_COUNT || minimum.value() <= 100);
        if (minimum == null || !valid) {
            throw InvalidMinimumHealthyHostValueException.builder()
                    .message(
                            "The minimum healthy instance value was specified in an invalid format: a type and a value "
                                    + "of at least 0, at most 100 for FLEET_PERCENT, are required.")
                    .build();
        }
        return minimum;
    }

    GetDeploymentConfigResponse get(GetDeploymentConfigRequest request) {
        String name = require(request.deploymentConfigName());
        ConfigRecord config = find(tables, Call.current().scope(), name).orElseThrow();
        return GetDeploymentConfigResponse.builder()
                .deploymentConfigInfo(DeploymentConfigInfo.builder()
                        .deploymentConfigId(config.id())
                        .deploymentConfigName(config.name())
                        .minimumHealthyHosts(config.minimum())
                        .createTime(config.created())
                        .computePlatform(ComputePlatform.SERVER)
                        .build())
                .build();
    }

    ListDeploymentConfigsResponse list(ListDeploymentConfigsRequest request) {
        List<String> names = Stream.concat(
                        PREDEFINED.stream(), tables.configs(Call.current().scope()).stream())
                .map(ConfigRecord::name)
                .toList();
        Paging.Slice<String> slice = paging.slice("configs", names, request.nextToken());
        return ListDeploymentConfigsResponse.builder()
                .deploymentConfigsList(slice.values())
                .nextToken(slice.token())
                .build();
    }

    DeleteDeploymentConfigResponse delete(DeleteDeploymentConfigRequest request) {
        Scope scope = Call.current().scope();
        String name = request.deploymentConfigName();
        if (name.startsWith(RESERVED)) {
            throw InvalidOperationException.builder()
                    .message("The deployment configuration " + name + " is AWS's own and cannot be deleted")
                    .build();
        }
        boolean used = tables.allGroups(scope).stream()
                .anyMatch(group -> name.equals(group.info().deploymentConfigName()));
        if (used) {
            throw DeploymentConfigInUseException.builder()
                    .message("The deployment configuration " + name + " is still in use")
                    .build();
        }
        tables.deleteConfig(scope, name);
        return DeleteDeploymentConfigResponse.builder().build();
    }
}
