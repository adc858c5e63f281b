package dev.terrane.gateway.sigv4;

import java.util.List;

/** The text that a signature is made of; signer and verifier share it. */
final class CanonicalRequest {
    private CanonicalRequest() {}

    static String of(
            SignedRequest request,
            boolean asS3,
            String canonicalQuery,
            List<String> signedHeaders,
            boolean forwardedHostTrusted,
            String payload) {
        StringBuilder out = new StringBuilder(512);
        out.append(request.method()).append('\n');
        out.append(path(request.rawPath(), asS3)).append('\n');
        out.append(canonicalQuery).append('\n');
        for (String name : signedHeaders) {
            out.append(name).append(':');
            appendValues(out, values(request, name, forwardedHostTrusted));
            out.append('\n');
        }
        out.append('\n');
        appendJoined(out, signedHeaders);
        return out.append('\n').append(payload).toString();
    }

    static String stringToSign(String time, CredentialScope scope, String canonicalRequest) {
        return SigV4.ALGORITHM + "\n" + time + "\n" + scope + "\n" + SigningKey.sha256Hex(canonicalRequest);
    }

    /** S3 signs the path as sent; other services clean it and encode it once more. */
    private static String path(String rawPath, boolean asS3) {
        String path = rawPath.isEmpty() ? "/" : rawPath;
        return asS3
                ? PercentCoding.normalizePath(path)
                : PercentCoding.encodePath(
                        PercentCoding.withoutDotSegments(path).orElse(path));
    }

    static List<String> values(SignedRequest request, String name, boolean forwardedHostTrusted) {
        if (forwardedHostTrusted && name.equals("host")) {
            List<String> forwarded = request.headers("x-forwarded-host");
            if (!forwarded.isEmpty()) {
                return forwarded;
            }
        }
        return request.headers(name);
    }

    private static void appendValues(StringBuilder out, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            appendFolded(out, values.get(i));
        }
    }

    /** Without white space at the ends, any other run of it as one space; a folded line counts as a value of its own. */
    private static void appendFolded(StringBuilder out, String value) {
        char pending = 0;
        boolean begun = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || (c >= '\t' && c <= '\r')) {
                if (begun && pending != ',') {
                    pending = c == '\n' ? ',' : ' ';
                }
            } else {
                if (pending != 0) {
                    out.append(pending);
                    pending = 0;
                }
                out.append(c);
                begun = true;
            }
        }
    }

    private static void appendJoined(StringBuilder out, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                out.append(';');
            }
            out.append(names.get(i));
        }
    }
}
