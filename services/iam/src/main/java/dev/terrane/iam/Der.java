package dev.terrane.iam;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** As much of DER (X.690) as it takes to wrap a key in the form that the JDK reads. */
final class Der {
    static final byte SEQUENCE = 0x30;
    static final byte OCTET_STRING = 0x04;
    private static final byte BIT_STRING = 0x03;
    private static final byte[] ZERO = {0x02, 0x01, 0x00};
    /** AlgorithmIdentifier of rsaEncryption (RFC 8017, appendix A.1). */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    private Der() {}

    static byte[] of(byte tag, byte[]... contents) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            inner.writeBytes(content);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = inner.size();
        if (length < 0x80) {
            whole.write(length);
        } else if (length < 0x100) {
            whole.write(0x81);
            whole.write(length);
        } else {
            whole.write(length < 0x10000 ? 0x82 : 0x83);
            if (length >= 0x10000) {
                whole.write(length >> 16);
            }
            whole.write(length >> 8);
            whole.write(length);
        }
        whole.writeBytes(inner.toByteArray());
        return whole.toByteArray();
    }

    /** SubjectPublicKeyInfo (RFC 5280) of an RSAPublicKey of PKCS #1. */
    static byte[] rsaPublicKey(byte[] pkcs1) {
        return of(SEQUENCE, RSA, of(BIT_STRING, new byte[1], pkcs1));
    }

    /** PrivateKeyInfo (PKCS #8) of a private key of PKCS #1 or SEC 1, given the public key to it, whose algorithm is its own. */
    static byte[] privateKey(byte[] key, byte[] subjectPublicKeyInfo) {
        return of(SEQUENCE, ZERO, algorithm(subjectPublicKeyInfo), of(OCTET_STRING, key));
    }

    /** The AlgorithmIdentifier, which is the first element of SubjectPublicKeyInfo and shorter than 128 bytes. */
    private static byte[] algorithm(byte[] subjectPublicKeyInfo) {
        int lengthByte = subjectPublicKeyInfo[1] & 0xff;
        int begin = lengthByte < 0x80 ? 2 : 2 + (lengthByte & 0x7f);
        return Arrays.copyOfRange(subjectPublicKeyInfo, begin, begin + 2 + subjectPublicKeyInfo[begin + 1]);
    }
}
