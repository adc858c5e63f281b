/** Immutable bytes by key. */
@NullMarked
package dev.terrane.kernel.blob;

import org.jspecify.annotations.NullMarked;
