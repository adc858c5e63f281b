/**
 * Where real work runs: builds, instances, tasks and functions are workloads, isolated from the server and from each other.
 * Drivers live in the {@code compute} module.
 */
@NullMarked
package dev.terrane.kernel.compute;

import org.jspecify.annotations.NullMarked;
