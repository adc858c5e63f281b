package dev.terrane.cloudformation.stackset;

/** Where a stack of a set is, or is to be. */
record Target(String account, String region) {
    /** Orders by account, then region. */
    String key() {
        return account + "/" + region;
    }
}
