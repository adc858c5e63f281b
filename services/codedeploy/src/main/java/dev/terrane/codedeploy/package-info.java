/** AWS CodeDeploy; see docs/services/codedeploy.md. */
@NullMarked
package dev.terrane.codedeploy;

import org.jspecify.annotations.NullMarked;
