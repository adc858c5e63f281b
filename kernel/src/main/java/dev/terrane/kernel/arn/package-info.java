/** Amazon Resource Names, the only place that writes them. */
@NullMarked
package dev.terrane.kernel.arn;

import org.jspecify.annotations.NullMarked;
