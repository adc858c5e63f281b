/** The checksums by which AWS clients and S3 tell each other that bytes arrived whole. */
@NullMarked
package dev.terrane.kernel.checksum;

import org.jspecify.annotations.NullMarked;
