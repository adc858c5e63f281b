package dev.terrane.kms;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.secret.MasterKey.SealBroken;
import dev.terrane.kernel.secret.MasterKey.Sealer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

/**
 * Material that comes from outside, for symmetric encryption and HMAC keys. It is encrypted for its way here under a pair of keys made for one import; the pair's
 * private key travels in the import token, sealed, and is kept nowhere.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html">Importing key material</a>
 */
final class Imports {
    private static final Set<String> WRAPPINGS = Set.of("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256");
    private static final Duration TOKEN_LIFE = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final byte[] PLACE = "import-token".getBytes(StandardCharsets.UTF_8);

    private final KmsTables tables;
    private final Keys keys;
    private final Materials materials;
    private final Sealer sealer;

    Imports(KmsTables tables, Keys keys, Materials materials, MasterKey masterKey) {
        this.tables = tables;
        this.keys = keys;
        this.materials = materials;
        sealer = masterKey.sealer("kms-import");
    }

    GetParametersForImportResponse parameters(GetParametersForImportRequest request) {
        Keys.Found found = external(request.keyId());
        String wrapping = request.wrappingAlgorithmAsString();
        if (!WRAPPINGS.contains(wrapping) || !KeySpecs.known(request.wrappingKeySpecAsString())) {
            throw KmsErrors.unsupported("Key material of spec " + found.key().spec() + " is wrapped with "
                    + String.join(" or ", WRAPPINGS.stream().sorted().toList()) + " under an RSA key here.");
        }
        KeyPair pair = KeyPairs.make(request.wrappingKeySpecAsString());
        Instant end = Call.current().time().plus(TOKEN_LIFE);
        Token token = new Token(
                found.arn(),
                wrapping,
                request.wrappingKeySpecAsString(),
                end,
                pair.getPrivate().getEncoded());
        return GetParametersForImportResponse.builder()
                .keyId(found.arn())
                .publicKey(SdkBytes.fromByteArrayUnsafe(pair.getPublic().getEncoded()))
                .importToken(SdkBytes.fromByteArrayUnsafe(sealer.seal(token.bytes(), PLACE)))
                .parametersValidTo(end)
                .build();
    }

    private Keys.Found external(String name) {
        Keys.Found found = keys.changeable(keys.own(name));
        if (found.key().imported().isEmpty()) {
            throw KmsErrors.unsupported(found.arn() + " origin is AWS_KMS which is not valid for this operation.");
        }
        return found;
    }

    ImportKeyMaterialResponse take(ImportKeyMaterialRequest request) {
        Keys.Found found = external(request.keyId());
        KeyRecord key = found.key();
        Optional<Instant> validTo = validTo(request.expirationModel(), request.validTo());
        Token token = opened(request.importToken());
        if (!token.keyArn().equals(found.arn())) {
            throw invalidToken();
        }
        if (!Call.current().time().isBefore(token.end())) {
            throw ExpiredImportTokenException.builder()
                    .message("The import token is no longer valid.")
                    .build();
        }
        byte[] secret = Rsa.decrypt(
                        token.spec(),
                        token.secret(),
                        token.wrapping(),
                        request.encryptedKeyMaterial().asByteArrayUnsafe())
                .filter(bytes -> bytes.length == Materials.length(key.spec()))
                .orElseThrow(() -> InvalidCiphertextException.builder().build());
        String id = idOf(key, secret);
        Optional<String> first = key.imported().flatMap(KeyRecord.Import::materialId);
        boolean anew = first.isPresent() && request.importType() == ImportType.NEW_KEY_MATERIAL;
        if (anew) {
            throw KmsErrors.unsupported("A key takes one key material here, however often it is imported.");
        }
        if (first.filter(known -> !known.equals(id)).isPresent()
                || (request.keyMaterialId() != null && !request.keyMaterialId().equals(id))) {
            throw IncorrectKeyMaterialException.builder()
                    .message("The key material is not the one that was imported into this key before.")
                    .build();
        }
        KeyRecord.Material material = materials.imported(
                found.scope(), key, secret, id, Call.current().time());
        tables.put(found.scope(), key.withImport(List.of(material), new KeyRecord.Import(Optional.of(id), validTo)));
        return ImportKeyMaterialResponse.builder()
                .keyId(found.arn())
                .keyMaterialId(key.symmetric() ? id : null)
                .build();
    }

    private static Optional<Instant> validTo(@Nullable ExpirationModelType model, @Nullable Instant validTo) {
        boolean expires = model != ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE;
        if (expires == (validTo == null)) {
            throw AwsErrors.validation(
                    expires
                            ? "A ValidTo value is required when ExpirationModel is KEY_MATERIAL_EXPIRES."
                            : "A ValidTo value is not valid when ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE.");
        }
        Instant now = Call.current().time();
        if (validTo != null && (!validTo.isAfter(now) || validTo.isAfter(now.plus(LONGEST)))) {
            throw AwsErrors.validation(
                    "ValidTo must be in the future, and at most " + LONGEST.toDays() + " days from now.");
        }
        return Optional.ofNullable(validTo);
    }

    /** What AWS documents: an identifier of the key's id and the material. */
    private static String idOf(KeyRecord key, byte[] secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key.keyId().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(secret));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    DeleteImportedKeyMaterialResponse delete(DeleteImportedKeyMaterialRequest request) {
        Keys.Found found = external(request.keyId());
        KeyRecord key = found.key();
        String id = key.materials().isEmpty() ? null : key.newest().id();
        if (request.keyMaterialId() != null && !request.keyMaterialId().equals(id)) {
            throw KmsErrors.notFound("Key material " + request.keyMaterialId() + " is not found.");
        }
        tables.put(found.scope(), without(key));
        materials.forget(found.scope(), key);
        return DeleteImportedKeyMaterialResponse.builder()
                .keyId(found.arn())
                .keyMaterialId(key.symmetric() ? id : null)
                .build();
    }

    /** A key that waits for its material to be imported again. */
    static KeyRecord without(KeyRecord key) {
        return key.withImport(
                List.of(),
                new KeyRecord.Import(key.imported().flatMap(KeyRecord.Import::materialId), Optional.empty()));
    }

    private static RuntimeException invalidToken() {
        return InvalidImportTokenException.builder()
                .message("The import token is not valid for this key.")
                .build();
    }

    private Token opened(SdkBytes token) {
        try {
            return Token.read(sealer.open(token.asByteArrayUnsafe(), PLACE));
        } catch (SealBroken e) {
            throw invalidToken();
        }
    }

    /** What an import token holds. */
    private record Token(String keyArn, String wrapping, String spec, Instant end, byte[] secret) {
        byte[] bytes() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeUTF(keyArn);
                out.writeUTF(wrapping);
                out.writeUTF(spec);
                out.writeLong(end.toEpochMilli());
                out.writeInt(secret.length);
                out.write(secret);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        static Token read(byte[] bytes) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                return new Token(
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        Instant.ofEpochMilli(in.readLong()),
                        in.readNBytes(in.readInt()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
