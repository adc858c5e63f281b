/** How a service is written and wired. */
@NullMarked
package dev.terrane.kernel.service;

import org.jspecify.annotations.NullMarked;
