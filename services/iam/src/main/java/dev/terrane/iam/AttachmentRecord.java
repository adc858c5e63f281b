package dev.terrane.iam;

/**
 * That a managed policy is attached to an identity.
 *
 * @param id the identity's unique id
 * @param boundary whether as its permissions boundary
 */
record AttachmentRecord(String policyArn, Kind kind, String name, String id, boolean boundary) {
    String key() {
        return prefix(policyArn) + (boundary ? "boundary|" : "permissions|") + kind.word() + "|" + Names.key(name);
    }

    static String prefix(String policyArn) {
        return policyArn + "|";
    }
}
