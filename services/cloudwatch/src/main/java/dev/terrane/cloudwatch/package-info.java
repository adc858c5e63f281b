/** Amazon CloudWatch; see docs/services/cloudwatch.md. */
@NullMarked
package dev.terrane.cloudwatch;

import org.jspecify.annotations.NullMarked;
