package dev.terrane.kernel.identity;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Knows who a Git client is by the user name and password that it sends. */
public interface GitAuthentication {
    /**
     * Verifies a user name and password: a service-specific Git credential of IAM, or what AWS's credential helper and
     * git-remote-codecommit make of an access key by signing the URL for a region: the one that the host names, or else the
     * client's own.
     *
     * @param host the Host header that the client sent
     * @param path the repository's path: {@code /v1/repos/NAME}
     * @param regions of an account, the regions that may have been signed for, this server's apart
     * @return the caller; empty when user name or password is wrong, unknown or expired
     */
    Optional<Caller> authenticate(
            String host, String path, String userName, String password, Function<String, List<String>> regions);

    /**
     * Who a Git client is.
     *
     * @param credential its access key id is empty for service-specific ones
     * @param region the one that was signed for; empty where nothing was signed
     */
    record Caller(Credential credential, Optional<String> region) {}
}
