/** Stack sets with self-managed permissions: the same stack in many accounts and regions, by roles that their owners made. */
@NullMarked
package dev.terrane.cloudformation.stackset;

import org.jspecify.annotations.NullMarked;
