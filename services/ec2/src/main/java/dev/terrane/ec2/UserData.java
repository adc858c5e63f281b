package dev.terrane.ec2;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** User data: opaque to EC2, and a script for the instance's first start when it begins with {@code #!}. */
final class UserData {
    private static final int UNPACKED = 1 << 20;
    /** What cloud-init would act on, and nothing here does. */
    private static final List<String> NOT_RUN = List.of(
            "#cloud-config",
            "#include",
            "#upstart-job",
            "#cloud-boothook",
            "#part-handler",
            "## template:",
            "content-type: multipart",
            "mime-version:");

    private UserData() {}

    /** What is in base64. */
    static byte[] decode(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw Refusals.value("Invalid BASE64 encoding of user data");
        }
    }

    /** Whether it is a script. */
    static boolean isScript(byte[] plain) {
        byte[] text = unpacked(plain);
        return text.length > 2 && text[0] == '#' && text[1] == '!';
    }

    /** Refuses forms that would have to be acted on, and that only the real cloud-init knows. */
    static void requireRunnable(byte[] plain) {
        byte[] text = unpacked(plain);
        String head = new String(text, 0, Math.min(text.length, 64), StandardCharsets.ISO_8859_1)
                .toLowerCase(java.util.Locale.ROOT);
        if (NOT_RUN.stream().anyMatch(head::startsWith)) {
            throw Refusals.unsupported("User data of this form ("
                    + head.lines().findFirst().orElse("") + ") is not run here; a script that begins with #! is.");
        }
    }

    /** cloud-init unpacks what is compressed by gzip. */
    static byte[] unpacked(byte[] plain) {
        if (plain.length < 2 || plain[0] != 0x1f || plain[1] != (byte) 0x8b) {
            return plain;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(plain))) {
            return in.readNBytes(UNPACKED);
        } catch (IOException e) {
            return plain;
        }
    }
}
