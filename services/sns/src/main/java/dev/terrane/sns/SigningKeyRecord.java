package dev.terrane.sns;

/** The key that messages are signed with, and its certificate: both Base64, the row itself is encrypted. */
record SigningKeyRecord(String id, String privateKey, String certificate) {
    static final String ONLY = "signing-key";
}
