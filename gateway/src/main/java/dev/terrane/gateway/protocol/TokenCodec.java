package dev.terrane.gateway.protocol;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.cbor.CBORFactory;

/** Bytes to tokens and back, bounded. Thread-safe. */
final class TokenCodec {

    final TokenReader reader;
    final TokenWriter writer;
    private final TokenStreamFactory factory;

    private TokenCodec(TokenStreamFactory factory, boolean cbor) {
        this.factory = factory;
        this.reader = new TokenReader(cbor);
        this.writer = new TokenWriter(cbor);
    }

    static TokenCodec json(WireLimits limits) {
        return new TokenCodec(
                JsonFactory.builder().streamReadConstraints(constraints(limits)).build(), false);
    }

    static TokenCodec cbor(WireLimits limits) {
        return new TokenCodec(
                CBORFactory.builder().streamReadConstraints(constraints(limits)).build(), true);
    }

    // A string cannot be longer than the body, which is bounded already.
    private static StreamReadConstraints constraints(WireLimits limits) {
        return StreamReadConstraints.builder()
                .maxNestingDepth(limits.depth())
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(50_000)
                .maxNumberLength(1_000)
                .build();
    }

    JsonParser parser(WireBody.Bytes body) {
        return factory.createParser(ObjectReadContext.empty(), body.array(), body.offset(), body.count());
    }

    WireBody.Bytes write(Consumer<JsonGenerator> content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), bytes)) {
            content.accept(generator);
        }
        return WireBody.of(bytes.toByteArray());
    }
}
