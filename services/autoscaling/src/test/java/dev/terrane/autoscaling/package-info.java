/** Auto Scaling by its client interface, with EC2, IAM and the load balancer beside it, on a driver in memory. */
@NullMarked
package dev.terrane.autoscaling;

import org.jspecify.annotations.NullMarked;
