package dev.terrane.gateway;

import dev.terrane.kernel.call.Authorizer;
import dev.terrane.kernel.call.Call;
import java.util.List;
import java.util.Map;

/** Authorizes and records what is no operation of an API, such as a Git push, by the same rules. */
public final class CallAuthorizer implements Authorizer {
    private final Access access;
    private final Trail trail;

    public CallAuthorizer(Access access, Trail trail) {
        this.access = access;
        this.trail = trail;
    }

    @Override
    public void authorize(Call call, String action, String resourceArn, Map<String, List<String>> conditions) {
        try {
            access.authorize(call, action, resourceArn, conditions);
        } catch (Denied e) {
            String service = action.substring(0, action.indexOf(':'));
            trail.record(
                    call,
                    service + ".amazonaws.com",
                    action.substring(service.length() + 1),
                    false,
                    List.of(resourceArn),
                    conditions,
                    e);
            throw e.error();
        }
    }

    @Override
    public void record(
            Call call,
            String eventSource,
            String eventName,
            boolean readOnly,
            List<String> resources,
            Object parameters) {
        trail.record(call, eventSource, eventName, readOnly, resources, parameters, null);
    }
}
