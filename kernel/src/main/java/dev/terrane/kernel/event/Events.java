package dev.terrane.kernel.event;

import java.util.List;

/** Emits events in the same commit as the state that they tell of. */
public interface Events {
    /**
     * Emits on the default bus of the account and region of the current call, when the current transaction commits; at once
     * where there is none. An event is delivered at least once, also after a crash.
     *
     * @param source such as {@code aws.codecommit}
     * @param detail what Jackson writes as a JSON object: a record or a map
     */
    void emit(String source, String detailType, List<String> resources, Object detail);

    /** Who takes events: EventBridge, and services that follow others without a rule of the customer. */
    interface Listener {
        /** Takes one event. What it throws is reported, and the event is delivered again later. */
        void receive(Event event);

        /**
         * Takes what has come meanwhile, in order. For a listener that does many at once better than one by one.
         *
         * @return those that it could not take, to be delivered again later; what it throws stands for all of them
         */
        default List<Event> receiveAll(List<Event> events) {
            return events.stream().filter(event -> !received(event)).toList();
        }

        private boolean received(Event event) {
            try {
                receive(event);
                return true;
            } catch (RuntimeException e) {
                System.getLogger(Events.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "Event " + event.id() + " (" + event.detailType() + ") is delivered again later",
                                e);
                return false;
            }
        }
    }

    /** Adds a listener. Called once, when a service is wired. */
    void subscribe(Listener listener);
}
