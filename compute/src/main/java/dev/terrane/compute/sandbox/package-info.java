/**
 * Workloads in plain Linux namespaces; needs root, perl and iproute2, and no container engine. {@link
 * dev.terrane.compute.sandbox.SandboxCompute} is the door.
 */
@NullMarked
package dev.terrane.compute.sandbox;

import org.jspecify.annotations.NullMarked;
