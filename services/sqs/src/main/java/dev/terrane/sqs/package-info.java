/** Amazon SQS; see docs/services/sqs.md. */
@NullMarked
package dev.terrane.sqs;

import org.jspecify.annotations.NullMarked;
