/** AWS CodeCommit; see docs/services/codecommit.md. */
@NullMarked
package dev.terrane.codecommit;

import org.jspecify.annotations.NullMarked;
