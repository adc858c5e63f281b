@NullMarked
package dev.terrane.storage.files;

import org.jspecify.annotations.NullMarked;
