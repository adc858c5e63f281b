/** Resources as CloudFormation and Cloud Control API know them: their types' schemas, and how a service makes, reads, changes and deletes its own. */
@NullMarked
package dev.terrane.kernel.resource;

import org.jspecify.annotations.NullMarked;
