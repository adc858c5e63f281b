/** Pipelines as their users see them. */
@NullMarked
package dev.terrane.codepipeline;

import org.jspecify.annotations.NullMarked;
