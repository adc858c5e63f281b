/** Tests of Amazon S3. */
@NullMarked
package dev.terrane.s3;

import org.jspecify.annotations.NullMarked;
