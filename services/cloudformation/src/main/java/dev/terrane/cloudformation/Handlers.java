package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.cloudformation.ResourceWorkflow.Input;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceSteps.Handling;
import dev.terrane.kernel.resource.ResourceSteps.Made;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import dev.terrane.kernel.service.Platform;

/** Has the handlers of resource types make, change and delete what belongs to a stack, with the rights of whoever runs it. */
final class Handlers {
    private final Platform platform;
    private final CloudFormationTables tables;
    private final Resolver resolver;
    private final ResourceLedger ledger;

    Handlers(Platform platform, CloudFormationTables tables, Resolver resolver, ResourceLedger ledger) {
        this.platform = platform;
        this.tables = tables;
        this.resolver = resolver;
        this.ledger = ledger;
    }

    /** The handler of a resource, with its work. */
    Handling handling(Input input, Physical wanted, Physical given) {
        ResourceRecord resource = ledger.current(input);
        return new Handling(type(resource), work(input, resource, wanted, given), begun -> {
            // A custom resource tells at its end what it is.
            String told = ledger.current(input).physical().id();
            return told.isEmpty() ? begun : told;
        });
    }

    /** Looks at a resource that is there already. */
    Made find(Input input, Physical wanted) {
        ResourceRecord resource = ledger.current(input);
        ResourceType type = type(resource);
        String id = wanted.id();
        Properties state = type.read(work(input, resource, wanted, wanted), id)
                .orElseThrow(() -> Refusals.invalid(
                        "Resource of type '" + resource.type() + "' with identifier '" + id + "' was not found."));
        return new Made(id, type.ref(id, state), state.toString());
    }

    /** As {@link #handling}, for a change: what the update policy leaves to others stays as it is. */
    Handling changing(Input input, Physical wanted, Physical given) {
        String type = ledger.current(input).type();
        return handling(input, UpdatePolicy.given(type, wanted, given), given);
    }

    private Work work(Input input, ResourceRecord resource, Physical wanted, Physical given) {
        StackRecord stack = ledger.stack(input);
        return new Work(
                platform.clients(),
                resolver,
                stack.actor(Call.current().scope()),
                Call.current().scope(),
                input.token(),
                ResourceSchema.of(resource.type()).orElseThrow(),
                new ResourceWork.InStack(stack.arn(), stack.name(), resource.logicalId(), resource.type()),
                wanted,
                given,
                new Work.Hearing() {
                    @Override
                    public void made(String id) {
                        ledger.noteMade(input, id);
                    }

                    @Override
                    public void told(String attribute, String value) {
                        tables.transact(() -> {
                            ResourceRecord current = ledger.current(input);
                            tables.put(
                                    Call.current().scope(),
                                    current.being(current.physical().telling(attribute, value)));
                        });
                    }
                });
    }

    private ResourceType type(ResourceRecord resource) {
        return platform.resourceTypes()
                .find(resource.type())
                .orElseThrow(() -> new IllegalStateException("No handler of " + resource.type()));
    }
}
