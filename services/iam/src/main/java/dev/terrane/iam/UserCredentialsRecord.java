package dev.terrane.iam;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a user has to prove who it is beside password, access keys and Git credentials. It is kept by the user's id, so that another name changes nothing here.
 *
 * @param sshKeys oldest first
 * @param certificates its signing certificates, oldest first
 * @param mfaDevices keys of the records of its MFA devices
 */
record UserCredentialsRecord(
        String userId, List<SshKey> sshKeys, List<UserCertificate> certificates, List<String> mfaDevices) {
    /**
     * An SSH public key.
     *
     * @param id {@code APKA…}
     * @param line as OpenSSH writes it
     */
    record SshKey(String id, String line, String fingerprint, boolean active, Instant uploaded) {
        SshKey activated(boolean now) {
            return new SshKey(id, line, fingerprint, now, uploaded);
        }
    }

    /**
     * A certificate that requests of some services may be signed with.
     *
     * @param body in PEM, as uploaded
     */
    record UserCertificate(String id, String body, boolean active, Instant uploaded) {
        UserCertificate activated(boolean now) {
            return new UserCertificate(id, body, now, uploaded);
        }
    }

    UserCredentialsRecord {
        sshKeys = List.copyOf(sshKeys);
        certificates = List.copyOf(certificates);
        mfaDevices = List.copyOf(mfaDevices);
    }

    static UserCredentialsRecord none(String userId) {
        return new UserCredentialsRecord(userId, List.of(), List.of(), List.of());
    }

    Optional<SshKey> sshKey(String id) {
        return sshKeys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    Optional<UserCertificate> certificate(String id) {
        return certificates.stream().filter(found -> found.id().equals(id)).findFirst();
    }

    /** With a key, in the place of the one with its id where there is one. */
    UserCredentialsRecord with(SshKey key) {
        List<SshKey> changed = sshKey(key.id()).isEmpty()
                ? Stream.concat(sshKeys.stream(), Stream.of(key)).toList()
                : sshKeys.stream()
                        .map(old -> old.id().equals(key.id()) ? key : old)
                        .toList();
        return new UserCredentialsRecord(userId, changed, certificates, mfaDevices);
    }

    UserCredentialsRecord withoutSshKey(String id) {
        return new UserCredentialsRecord(
                userId, sshKeys.stream().filter(key -> !key.id().equals(id)).toList(), certificates, mfaDevices);
    }

    /** With a certificate, in the place of the one with its id where there is one. */
    UserCredentialsRecord with(UserCertificate certificate) {
        List<UserCertificate> changed = certificate(certificate.id()).isEmpty()
                ? Stream.concat(certificates.stream(), Stream.of(certificate)).toList()
                : certificates.stream()
                        .map(old -> old.id().equals(certificate.id()) ? certificate : old)
                        .toList();
        return new UserCredentialsRecord(userId, sshKeys, changed, mfaDevices);
    }

    UserCredentialsRecord withoutCertificate(String id) {
        return new UserCredentialsRecord(
                userId,
                sshKeys,
                certificates.stream().filter(found -> !found.id().equals(id)).toList(),
                mfaDevices);
    }

    UserCredentialsRecord withMfaDevices(List<String> changed) {
        return new UserCredentialsRecord(userId, sshKeys, certificates, changed);
    }
}
