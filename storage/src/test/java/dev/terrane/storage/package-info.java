/** The kernel's store, workflows and events on a real store. */
@NullMarked
package dev.terrane.storage;

import org.jspecify.annotations.NullMarked;
