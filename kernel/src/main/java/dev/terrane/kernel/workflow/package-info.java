/** Durable processes: anything longer than a call. */
@NullMarked
package dev.terrane.kernel.workflow;

import org.jspecify.annotations.NullMarked;
