/** Typed records in versioned, durable tables. */
@NullMarked
package dev.terrane.kernel.store;

import org.jspecify.annotations.NullMarked;
