package dev.terrane.cloudcontrol;

import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.workflow.Workflow;
import java.util.List;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudcontrol.CloudControlClient;

/** AWS Cloud Control API. */
public final class CloudControlService implements Service {
    /** Cloud Control API is a part of CloudFormation: it calls services, and takes on roles, in its name. */
    static final String PRINCIPAL = "cloudformation.amazonaws.com";

    private final RequestWorkflow requests;
    private final CloudControl api;

    public CloudControlService(Platform platform) {
        CloudControlTables tables = new CloudControlTables(platform.store());
        Handlers handlers = new Handlers(platform);
        RequestLedger ledger = new RequestLedger(tables, platform);
        requests = new RequestWorkflow(tables, ledger, handlers);
        api = new CloudControl(
                new Requests(tables, ledger, handlers, platform.workflows(), requests),
                new RequestListing(tables, platform.clock(), platform.pages()),
                new Resources(handlers, platform.pages()));
    }

    @Override
    public String name() {
        return "cloudcontrol";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return CloudControlClient.class;
    }

    @Override
    public CloudControlClient implementation() {
        return api;
    }

    @Override
    public List<Workflow<?>> workflows() {
        return List.of(requests);
    }
}
