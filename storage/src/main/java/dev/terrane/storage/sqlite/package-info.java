/** Rows in SQLite, for a server of one machine. */
@NullMarked
package dev.terrane.storage.sqlite;

import org.jspecify.annotations.NullMarked;
