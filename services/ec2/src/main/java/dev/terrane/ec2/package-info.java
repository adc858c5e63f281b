/** Amazon EC2; see docs/services/ec2.md. */
@NullMarked
package dev.terrane.ec2;

import org.jspecify.annotations.NullMarked;
