package dev.terrane.gateway.sigv4;

/** How a signature covers the body. */
public sealed interface Payload {
    /** The value that the canonical request ends with. */
    String canonicalValue();

    /**
     * The signature covers this SHA-256; the body has still to be held against it.
     *
     * @param hex 64 lower-case hexadecimal digits
     */
    record Sha256(String hex) implements Payload {
        @Override
        public String canonicalValue() {
            return hex;
        }
    }

    /** No header declares a hash: the signature covers the SHA-256 of the body, which the verifier needs to be given. */
    record Undeclared() implements Payload {
        /** Always throws: the caller supplies the hash. */
        @Override
        public String canonicalValue() {
            throw new IllegalStateException("The body's hash is needed to verify this request");
        }
    }

    /** The body is not covered. */
    record Unsigned() implements Payload {
        @Override
        public String canonicalValue() {
            return "UNSIGNED-PAYLOAD";
        }
    }

    /**
     * The body comes in chunks of aws-chunked, each with its own signature.
     *
     * @param trailer whether a signed trailer follows the last chunk
     */
    record SignedChunks(boolean trailer) implements Payload {
        @Override
        public String canonicalValue() {
            return trailer ? "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" : "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
        }
    }

    /** The body comes in chunks of aws-chunked without signatures; a trailer carries its checksum. */
    record UnsignedChunks() implements Payload {
        @Override
        public String canonicalValue() {
            return "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
        }
    }
}
