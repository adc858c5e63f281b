/** Amazon ECR; see docs/services/ecr.md. */
@NullMarked
package dev.terrane.ecr;

import org.jspecify.annotations.NullMarked;
