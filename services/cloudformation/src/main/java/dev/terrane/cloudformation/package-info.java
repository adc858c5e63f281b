/** AWS CloudFormation; see docs/services/cloudformation.md. */
@NullMarked
package dev.terrane.cloudformation;

import org.jspecify.annotations.NullMarked;
