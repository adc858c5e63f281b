package dev.terrane.ec2;

import java.time.Instant;

/**
 * A key pair, of which only the public half is kept.
 *
 * @param type {@code rsa} or {@code ed25519}
 * @param publicKey in OpenSSH's form, with the name as its comment
 */
record KeyPairRecord(String id, String name, String type, String fingerprint, String publicKey, Instant created) {}
