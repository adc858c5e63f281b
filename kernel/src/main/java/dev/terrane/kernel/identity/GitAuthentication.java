package dev.terrane.kernel.identity;

import java.util.Optional;

/** Knows who a Git client is by the user name and password that it sends. */
public interface GitAuthentication {
    /**
     * Verifies a user name and password: a service-specific Git credential of IAM, or what AWS's credential helper and
     * git-remote-codecommit make of an access key by signing the URL.
     *
     * @param host the Host header that the client sent
     * @param path the repository's path: {@code /v1/repos/NAME}
     * @return the credential, whose access key id is empty for service-specific ones; empty when it is wrong, unknown or expired
     */
    Optional<Credential> authenticate(String host, String path, String userName, String password);
}
