/** What FIFO queues and topics have in common. */
@NullMarked
package dev.terrane.kernel.fifo;

import org.jspecify.annotations.NullMarked;
