/** Amazon S3; see docs/services/s3.md. */
@NullMarked
package dev.terrane.s3;

import org.jspecify.annotations.NullMarked;
