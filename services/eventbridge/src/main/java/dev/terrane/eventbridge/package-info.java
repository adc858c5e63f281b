/** Amazon EventBridge: buses, rules, schedules and the delivery of events to targets. */
@NullMarked
package dev.terrane.eventbridge;

import org.jspecify.annotations.NullMarked;
