/** EC2 by its client interface, on a driver in memory and in real sandboxes. */
@NullMarked
package dev.terrane.ec2;

import org.jspecify.annotations.NullMarked;
