/** AWS Secrets Manager; see docs/services/secretsmanager.md. */
@NullMarked
package dev.terrane.secretsmanager;

import org.jspecify.annotations.NullMarked;
