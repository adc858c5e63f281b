/** Amazon Data Firehose. */
@NullMarked
package dev.terrane.firehose;

import org.jspecify.annotations.NullMarked;
