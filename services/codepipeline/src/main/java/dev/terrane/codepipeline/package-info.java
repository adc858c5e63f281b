/** AWS CodePipeline; see docs/services/codepipeline.md. */
@NullMarked
package dev.terrane.codepipeline;

import org.jspecify.annotations.NullMarked;
