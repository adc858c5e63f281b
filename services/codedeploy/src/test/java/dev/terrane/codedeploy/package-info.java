@NullMarked
package dev.terrane.codedeploy;

import org.jspecify.annotations.NullMarked;
