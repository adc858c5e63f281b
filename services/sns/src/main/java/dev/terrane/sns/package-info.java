/** Amazon SNS; see docs/services/sns.md. */
@NullMarked
package dev.terrane.sns;

import org.jspecify.annotations.NullMarked;
