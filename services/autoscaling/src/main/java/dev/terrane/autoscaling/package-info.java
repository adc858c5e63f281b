/** Amazon EC2 Auto Scaling; see docs/services/autoscaling.md. */
@NullMarked
package dev.terrane.autoscaling;

import org.jspecify.annotations.NullMarked;
