@NullMarked
package dev.terrane.storage.sqlite;

import org.jspecify.annotations.NullMarked;
