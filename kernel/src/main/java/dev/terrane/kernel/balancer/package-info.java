/**
 * The load balancer's data plane as its service sees it: what a balancer is configured with, what it counts, and how healthy its targets are.
 * The terms and rules are those of Application Load Balancers.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html">Application Load Balancers</a>
 */
@org.jspecify.annotations.NullMarked
package dev.terrane.kernel.balancer;
