package dev.terrane.gateway.sigv4;

import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signing keys that made a right signature before. Only those are kept: a caller who knows no secret cannot fill it.
 * When full it starts anew, which costs each scope one derivation.
 */
final class SigningKeys {
    private final int capacity;
    private final Map<Name, Entry> entries = new ConcurrentHashMap<>();

    SigningKeys(int capacity) {
        this.capacity = capacity;
    }

    private record Name(String accessKeyId, CredentialScope scope) {}

    private record Entry(byte[] secret, SigningKey key) {}

    SigningKey get(String accessKeyId, CredentialScope scope, byte[] secret) {
        Entry known = entries.get(new Name(accessKeyId, scope));
        return known != null && MessageDigest.isEqual(known.secret, secret)
                ? known.key
                : SigningKey.derive(secret, scope);
    }

    void keep(String accessKeyId, CredentialScope scope, byte[] secret, SigningKey key) {
        Name name = new Name(accessKeyId, scope);
        Entry known = entries.get(name);
        if (known != null && known.key.equals(key)) {
            return;
        }
        if (entries.size() >= capacity) {
            entries.clear();
        }
        entries.put(name, new Entry(secret.clone(), key));
    }

    int size() {
        return entries.size();
    }
}
