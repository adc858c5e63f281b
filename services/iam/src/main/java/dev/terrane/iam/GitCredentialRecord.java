package dev.terrane.iam;

import java.time.Instant;

/**
 * A service-specific credential: user name and password for one service's own protocol, such as Git's.
 *
 * @param serviceUserName the user name that clients send, unique in the installation
 * @param id the credential's id ({@code ACCA…})
 * @param service such as {@code codecommit.amazonaws.com}
 * @param password what the password is checked by
 */
record GitCredentialRecord(
        String serviceUserName,
        String id,
        String service,
        String account,
        String user,
        PasswordHash password,
        Instant created,
        boolean active) {
    GitCredentialRecord with(PasswordHash changed) {
        return new GitCredentialRecord(serviceUserName, id, service, account, user, changed, created, active);
    }

    GitCredentialRecord activated(boolean now) {
        return new GitCredentialRecord(serviceUserName, id, service, account, user, password, created, now);
    }

    GitCredentialRecord of(String newUser) {
        return new GitCredentialRecord(serviceUserName, id, service, account, newUser, password, created, active);
    }
}
