package dev.terrane.codedeploy;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.*;

/** Registered on-premises instances. */
final class OnPremisesInstances {
    private static final int BATCH = 100;
    private static final int MOST_TAGS = 10;

    private final CodeDeployTables tables;
    private final Paging paging;
    private final Clock clock;

    OnPremisesInstances(CodeDeployTables tables, Paging paging, Clock clock) {
        this.tables = tables;
        this.paging = paging;
        this.clock = clock;
    }

    RegisterOnPremisesInstanceResponse register(RegisterOnPremisesInstanceRequest request) {
        Scope scope = Call.current().scope();
        String name = request.instanceName();
        if (name.startsWith("i-")) {
            throw InvalidInstanceNameException.builder()
                    .message(
                            "The on-premises instance name was specified in an invalid format: i- is for EC2 instances")
                    .build();
        }
        String identity = identity(request.iamUserArn(), request.iamSessionArn());
        for (OnPremisesRecord other : tables.onPremises(scope)) {
            if (other.registered() && other.name().equals(name)) {
                throw InstanceNameAlreadyRegisteredException.builder()
                        .message("The instance name " + name + " is already registered")
                        .build();
            }
            if (other.registered() && other.identity().filter(identity::equals).isPresent()) {
                throw request.iamUserArn() == null
                        ? IamSessionArnAlreadyRegisteredException.builder()
                                .message("The IAM session ARN " + identity + " is already registered")
                                .build()
                        : IamUserArnAlreadyRegisteredException.builder()
                                .message("The IAM user ARN " + identity + " is already registered")
                                .build();
            }
        }
        tables.put(
                scope,
                new OnPremisesRecord(InstanceInfo.builder()
                        .instanceName(name)
                        .iamUserArn(request.iamUserArn())
                        .iamSessionArn(request.iamSessionArn())
                        .instanceArn(CodeDeployEvents.Arns.instance(scope, name + "_" + Ids.alphanumeric(10)))
                        .registerTime(clock.instant())
                        .tags(List.of())
                        .build()));
        return RegisterOnPremisesInstanceResponse.builder().build();
    }

    private static String identity(@Nullable String user, @Nullable String session) {
        if (user != null && session != null) {
            throw MultipleIamArnsProvidedException.builder()
                    .message(
                            "Both an IAM user ARN and an IAM session ARN were included in the request. Use only one ARN type.")
                    .build();
        }
        if (user != null) {
            if (Arn.find(user).filter(arn -> arn.type().equals("user")).isEmpty()) {
                throw InvalidIamUserArnException.builder()
                        .message("The IAM user ARN was specified in an invalid format")
                        .build();
            }
            return user;
        }
        if (session != null) {
            if (Arn.find(session)
                    .filter(arn -> arn.type().equals("assumed-role"))
                    .isEmpty()) {
                throw InvalidIamSessionArnException.builder()
                        .message("The IAM session ARN was specified in an invalid format")
                        .build();
            }
            return session;
        }
        throw IamArnRequiredException.builder()
                .message(
                        "No IAM ARN was included in the request. You must use an IAM session ARN or IAM user ARN in the request.")
                .build();
    }

    DeregisterOnPremisesInstanceResponse deregister(DeregisterOnPremisesInstanceRequest request) {
        Scope scope = Call.current().scope();
        tables.onPremises(scope, request.instanceName())
                .filter(OnPremisesRecord::registered)
                .ifPresent(instance -> tables.put(
                        scope,
                        new OnPremisesRecord(instance.info().toBuilder()
                                .deregisterTime(clock.instant())
                                .build())));
        return DeregisterOnPremisesInstanceResponse.builder().build();
    }

    private OnPremisesRecord require(String name) {
        return tables.onPremises(Call.current().scope(), name)
                .orElseThrow(() -> InstanceNotRegisteredException.builder()
                        .message("The specified on-premises instance is not registered: " + name)
                        .build());
    }

    GetOnPremisesInstanceResponse get(GetOnPremisesInstanceRequest request) {
        return GetOnPremisesInstanceResponse.builder()
                .instanceInfo(require(request.instanceName()).info())
                .build();
    }

    BatchGetOnPremisesInstancesResponse batchGet(BatchGetOnPremisesInstancesRequest request) {
        if (request.instanceNames().size() > BATCH) {
            throw BatchLimitExceededException.builder()
                    .message("The maximum number of names or IDs allowed for this request (100) was exceeded")
                    .build();
        }
        return BatchGetOnPremisesInstancesResponse.builder()
                .instanceInfos(request.instanceNames().stream()
                        .map(name -> require(name).info())
                        .toList())
                .build();
    }

    ListOnPremisesInstancesResponse list(ListOnPremisesInstancesRequest request) {
        List<String> names = tables.onPremises(Call.current().scope()).stream()
                .filter(instance -> request.registrationStatus() == null
                        || instance.registered() == (request.registrationStatus() == RegistrationStatus.REGISTERED))
                .filter(instance -> request.tagFilters().isEmpty()
                        || Fleet.matchesAny(
                                request.tagFilters(), instance.info().tags()))
                .map(OnPremisesRecord::name)
                .toList();
        Paging.Slice<String> slice = paging.slice(
                "onpremises/" + request.registrationStatusAsString() + request.tagFilters(),
                names,
                request.nextToken());
        return ListOnPremisesInstancesResponse.builder()
                .instanceNames(slice.values())
                .nextToken(slice.token())
                .build();
    }

    AddTagsToOnPremisesInstancesResponse addTags(AddTagsToOnPremisesInstancesRequest request) {
        Map<String, String> added = given(request.tags());
        change(request.instanceNames(), tags -> {
            Map<String, String> all = new HashMap<>(tags);
            all.putAll(added);
            if (all.size() > MOST_TAGS) {
                throw TagLimitExceededException.builder()
                        .message("The maximum allowed number of tags was exceeded")
                        .build();
            }
            return all;
        });
        return AddTagsToOnPremisesInstancesResponse.builder().build();
    }

    RemoveTagsFromOnPremisesInstancesResponse removeTags(RemoveTagsFromOnPremisesInstancesRequest request) {
        Map<String, String> removed = given(request.tags());
        change(request.instanceNames(), tags -> {
            Map<String, String> rest = new HashMap<>(tags);
            removed.forEach(rest::remove);
            return rest;
        });
        return RemoveTagsFromOnPremisesInstancesResponse.builder().build();
    }

    /** The tags of a request, refused as these operations document it. */
    private static Map<String, String> given(List<Tag> tags) {
        try {
            return Tags.of(tags);
        } catch (InvalidTagsToAddException e) {
            throw InvalidTagException.builder().message(AwsErrors.message(e)).build();
        }
    }

    private void change(List<String> names, UnaryOperator<Map<String, String>> change) {
        for (String name : names) {
            OnPremisesRecord instance = require(name);
            Map<String, String> tags = change.apply(Tags.of(instance.info().tags()));
            tables.put(
                    Call.current().scope(),
                    new OnPremisesRecord(
                            instance.info().toBuilder().tags(Tags.list(tags)).build()));
        }
    }
}
