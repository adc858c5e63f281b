/** {@code terrane demo}: the whole chain, driven by git and public AWS APIs alone. */
@NullMarked
package dev.terrane.app.demo;

import org.jspecify.annotations.NullMarked;
