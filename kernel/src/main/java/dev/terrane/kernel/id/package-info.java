/** Identifiers. */
@NullMarked
package dev.terrane.kernel.id;

import org.jspecify.annotations.NullMarked;
