package dev.terrane.autoscaling;

import java.time.Instant;

/**
 * When a simple scaling policy changed a group last; until its activities have ended and the cooldown has passed, no other one does.
 *
 * @param seconds of the cooldown
 */
record CooldownRecord(String group, Instant begun, int seconds) {}
