/**
 * What each operation of each service requires: IAM actions, the ARNs of the resources that a request names, and
 * service-specific condition keys. From AWS's service authorization reference, and an overlay for what it doesn't say.
 */
@NullMarked
package dev.terrane.kernel.authorization;

import org.jspecify.annotations.NullMarked;
