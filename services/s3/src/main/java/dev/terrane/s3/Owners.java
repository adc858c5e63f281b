package dev.terrane.s3;

import dev.terrane.kernel.checksum.Checksum;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.Owner;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.Type;

/** Accounts as S3 names them: by a canonical user id of 64 hexadecimal digits, which is a digest of the account's id here. */
final class Owners {
    private Owners() {}

    static String canonicalId(String account) {
        byte[] text = ("canonical-user:" + account).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Base64.getDecoder().decode(Checksum.SHA256.of(text)));
    }

    static Owner owner(String account) {
        return Owner.builder().id(canonicalId(account)).build();
    }

    /** The only grant there is: full control for the owner. */
    static List<Grant> fullControl(String account) {
        return List.of(Grant.builder()
                .grantee(grantee -> grantee.id(canonicalId(account)).type(Type.CANONICAL_USER))
                .permission(Permission.FULL_CONTROL)
                .build());
    }
}
