package dev.terrane.kernel.service;

import dev.terrane.kernel.balancer.TrafficProxy;
import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.call.Authorizer;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.identity.GitAuthentication;
import dev.terrane.kernel.identity.SessionTokens;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.resource.ResourceTypes;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.workflow.Workflows;

/**
 * What a service is built on. One per server, handed to every service's constructor.
 *
 * @param resourceTypes of all services, once they are wired
 * @param endpoint where this server is reached
 */
public record Platform(
        Store store,
        Blobs blobs,
        Clock clock,
        Threads threads,
        Clients clients,
        Authorizer authorizer,
        GitAuthentication gitAuthentication,
        Events events,
        Workflows workflows,
        PageTokens pages,
        SessionTokens sessions,
        MasterKey masterKey,
        Compute compute,
        TrafficProxy proxy,
        ResourceTypes resourceTypes,
        Endpoint endpoint) {
    /** The addresses of this server, which services write into URLs: queue URLs, clone URLs. */
    public interface Endpoint {
        /** The base URL for clients on the host, without a trailing slash: {@code http://127.0.0.1:4566}. */
        String url();

        /** The base URL for workloads, which have an address of their own. */
        String workloadUrl();

        /** The same by HTTPS, which is served on the same port with a certificate of {@link #authority}. */
        default String secureWorkloadUrl() {
            return workloadUrl().replaceFirst("^http:", "https:");
        }

        /** The certificate of this server's own authority, in PEM. */
        String authority();
    }
}
