/** CodeCommit through its client interface, and through a real Git client. */
@NullMarked
package dev.terrane.codecommit;

import org.jspecify.annotations.NullMarked;
