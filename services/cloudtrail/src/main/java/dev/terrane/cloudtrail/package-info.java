/** AWS CloudTrail; see docs/services/cloudtrail.md. */
@NullMarked
package dev.terrane.cloudtrail;

import org.jspecify.annotations.NullMarked;
