package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.service.Platform;

/** What the processes of CodeDeploy share. */
record Parts(
        CodeDeployTables tables,
        CodeDeployEvents events,
        Triggers triggers,
        Agent agent,
        Traffic traffic,
        Fleet fleet,
        Alarms alarms,
        Clients clients) {
    static Parts of(Platform platform, CodeDeployTables tables) {
        return new Parts(
                tables,
                new CodeDeployEvents(platform.events()),
                new Triggers(platform.clients()),
                new Agent(
                        platform.compute(),
                        new Bundles(platform.blobs(), platform.clock()),
                        new InstanceCredentials(platform.clients())),
                new Traffic(platform.clients(), platform.clock()),
                new Fleet(tables, platform.clients()),
                new Alarms(platform.clients()),
                platform.clients());
    }

    ServiceRole role(GroupRecord group) {
        return new ServiceRole(clients, group);
    }
}
