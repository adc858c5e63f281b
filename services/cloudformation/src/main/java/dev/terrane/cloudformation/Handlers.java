package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.cloudformation.ResourceWorkflow.Input;
import dev.terrane.cloudformation.ResourceWorkflow.Made;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceType.Change;
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

    /** Begins to make a resource. */
    Made create(Input input, Physical wanted) {
        ResourceRecord resource = ledger.current(input);
        ResourceType type = type(resource);
        Work work = work(input, resource, wanted, Physical.NONE);
        return state(input, type, work, type.create(work), Change.CREATE);
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

    /** Begins to change a resource. */
    Made update(Input input, Physical wanted, Physical given) {
        ResourceRecord resource = ledger.current(input);
        ResourceType type = type(resource);
        Work work = work(input, resource, UpdatePolicy.given(resource.type(), wanted, given), given);
        type.update(work, given.id());
        return state(input, type, work, given.id(), Change.UPDATE);
    }

    /** How far a change has come since it was begun. */
    Made look(Input input, Made begun, Change change, Physical wanted, Physical given) {
        ResourceRecord resource = ledger.current(input);
        return state(input, type(resource), work(input, resource, wanted, given), begun.id(), change);
    }

    /** Begins to delete a thing.
     *
     * @return whether it is gone */
    boolean delete(Input input, ResourceRecord resource, Physical what) {
        ResourceType type = type(resource);
        Work work = work(input, resource, what, what);
        type.delete(work, what.id());
        return type.settled(work, what.id(), Change.DELETE);
    }

    /** Whether a thing is gone by now. */
    boolean gone(Input input, ResourceRecord resource, Physical what) {
        return type(resource).settled(work(input, resource, what, what), what.id(), Change.DELETE);
    }

    private Made state(Input input, ResourceType type, Work work, String begun, Change change) {
        if (!type.settled(work, begun, change)) {
            return new Made(begun, "", "");
        }
        // A custom resource tells at its end what it is.
        String told = ledger.current(input).physical().id();
        String id = told.isEmpty() ? begun : told;
        Properties state = type.read(work, id)
                .orElseThrow(() -> new IllegalStateException(type.name() + " " + id + " was made and is not there."));
        return new Made(id, type.ref(id, state), state.toString());
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
