package dev.terrane.kernel.store;

import dev.terrane.kernel.secret.MasterKey;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/** Turns records into sealed CBOR and back. Unknown members are skipped, so that an older program can read a newer row. */
public final class RecordCodec {
    private static final ObjectMapper CBOR = CBORMapper.builder()
            .addModule(new SdkModelModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SdkModelModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final MasterKey.Sealer sealer;

    RecordCodec(MasterKey.Sealer sealer) {
        this.sealer = sealer;
    }

    /** A JSON mapper that also reads and writes the SDK's model objects, under their SDK member names. */
    public static JsonMapper json() {
        return JSON;
    }

    byte[] encode(String table, Record value) {
        return sealer.seal(CBOR.writeValueAsBytes(value), table.getBytes(StandardCharsets.UTF_8));
    }

    <R extends Record> R decode(String table, Class<R> type, byte[] sealed) {
        return CBOR.readValue(sealer.open(sealed, table.getBytes(StandardCharsets.UTF_8)), type);
    }
}
