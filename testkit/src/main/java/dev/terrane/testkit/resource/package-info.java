/** What every CloudFormation resource type is held to. */
@NullMarked
package dev.terrane.testkit.resource;

import org.jspecify.annotations.NullMarked;
