/** AWS CodeBuild; see docs/services/codebuild.md. */
@NullMarked
package dev.terrane.codebuild;

import org.jspecify.annotations.NullMarked;
