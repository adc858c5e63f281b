/** The root of the storage module; see docs/architecture.md. */
@NullMarked
package dev.terrane.storage;

import org.jspecify.annotations.NullMarked;
