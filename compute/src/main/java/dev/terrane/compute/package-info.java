/** The root of the compute module; see docs/architecture.md. */
@NullMarked
package dev.terrane.compute;

import org.jspecify.annotations.NullMarked;
