/** Blobs on the local disk. */
@NullMarked
package dev.terrane.storage.files;

import org.jspecify.annotations.NullMarked;
