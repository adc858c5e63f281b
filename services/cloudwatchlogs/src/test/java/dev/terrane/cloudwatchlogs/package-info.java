/** Amazon CloudWatch Logs; see docs/services/cloudwatchlogs.md. */
@NullMarked
package dev.terrane.cloudwatchlogs;

import org.jspecify.annotations.NullMarked;
