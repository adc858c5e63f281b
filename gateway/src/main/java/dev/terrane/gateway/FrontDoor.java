package dev.terrane.gateway;

import dev.terrane.gateway.protocol.OperationRouter;
import dev.terrane.gateway.protocol.WireLimits;
import dev.terrane.kernel.authorization.Authorizations;
import dev.terrane.kernel.call.Authorizer;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.ServiceContract;
import dev.terrane.kernel.identity.AuthorizationMessages;
import dev.terrane.kernel.identity.GitAuthentication;
import dev.terrane.kernel.identity.SessionTokens;
import dev.terrane.kernel.store.Store;
import java.util.List;
import java.util.function.Consumer;

/** The one way into the services, put together: for calls over HTTP and for calls from one service to another. */
public final class FrontDoor {
    private final Services services = new Services();
    private final LocalClients clients;
    private final Authorizer authorizer;
    private final Authenticator authenticator;
    private final AwsEndpoint awsEndpoint;

    /**
     * @param messages in which EC2 tells why it denied
     * @param defaultRegion the region of requests that name none
     * @param faults told of what is nobody's error but ours, for the log
     */
    public FrontDoor(
            Store store,
            Clock clock,
            SessionTokens sessions,
            AuthorizationMessages messages,
            String defaultRegion,
            Consumer<Throwable> faults) {
        Access access = new Access(services, messages);
        Trail trail = new Trail(store, FrontDoor::readsOnly, services::follower);
        RequestPipeline pipeline = new RequestPipeline(services, store, access, trail, ModelRules::check, faults);
        clients = new LocalClients(services, access, clock, pipeline);
        authorizer = new CallAuthorizer(access, trail);
        authenticator = new Authenticator(services, sessions, clock, defaultRegion);
        awsEndpoint = new AwsEndpoint(
                new OperationRouter(ServiceContract.NAMES, List.of("localhost", "s3.localhost"), WireLimits.DEFAULT),
                services,
                authenticator,
                pipeline,
                clock,
                WireLimits.DEFAULT);
    }

    private static boolean readsOnly(BoundOperation operation) {
        return Authorizations.of(
                        operation.service().name(), operation.operation().name())
                .readOnly();
    }

    /** Where services are added. */
    public Services services() {
        return services;
    }

    public LocalClients clients() {
        return clients;
    }

    public Authorizer authorizer() {
        return authorizer;
    }

    public GitAuthentication gitAuthentication() {
        return authenticator;
    }

    public AwsEndpoint awsEndpoint() {
        return awsEndpoint;
    }
}
