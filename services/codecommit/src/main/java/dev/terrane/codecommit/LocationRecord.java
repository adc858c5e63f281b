package dev.terrane.codecommit;

/** In which region an account has a repository of a name: clone URLs for this server's address do not say so. */
record LocationRecord(String name, String region) {
    static String key(String name, String region) {
        return name + "/" + region;
    }
}
