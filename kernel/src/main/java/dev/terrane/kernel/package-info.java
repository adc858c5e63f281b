/** The root of the kernel module; see docs/architecture.md. */
@NullMarked
package dev.terrane.kernel;

import org.jspecify.annotations.NullMarked;
