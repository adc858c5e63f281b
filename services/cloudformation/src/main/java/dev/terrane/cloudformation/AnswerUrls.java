package dev.terrane.cloudformation;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.service.HttpEndpoint;
import dev.terrane.kernel.service.Platform;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** URLs to which whoever knows them tells something by HTTP PUT, as to presigned ones in AWS: wait conditions' handles, and answers of custom resources. */
final class AnswerUrls implements HttpEndpoint {
    /** How much of a body is read; whoever hears it sees by one byte more that it was longer. */
    static final int LONGEST = 4_096;

    private static final String PREFIX = "/cloudformation-";
    private static final String SIGNATURE = "Signature=";

    private final Platform platform;
    private final Map<String, Hearer> hearers;

    AnswerUrls(Platform platform, Map<String, Hearer> hearers) {
        this.platform = platform;
        this.hearers = hearers;
    }

    /** Who is told. */
    interface Hearer {
        /** Takes what was told under an id.
         *
         * @param body of one byte more than {@link #LONGEST} where it was longer
         * @return the HTTP status */
        int hear(Scope scope, String id, byte[] body);
    }

    /** The URL under which a hearer of a kind is told of an id. */
    static String url(Platform platform, String kind, Scope scope, String id) {
        return platform.endpoint().workloadUrl() + PREFIX + kind + "/" + scope.account() + "/" + scope.region() + "/"
                + id + "?" + SIGNATURE + platform.pages().encode(listing(kind, id), id);
    }

    @Override
    public boolean accepts(String method, String path) {
        return path.startsWith(PREFIX);
    }

    @Override
    public void serve(Exchange exchange) throws IOException {
        exchange.respond(answer(exchange)).close();
    }

    private int answer(Exchange exchange) throws IOException {
        if (!exchange.method().equals("PUT")) {
            return 405;
        }
        String[] parts = exchange.path().substring(PREFIX.length()).split("/", -1);
        Optional<Hearer> hearer = Optional.of(parts).filter(p -> p.length == 4).map(p -> hearers.get(p[0]));
        Optional<String> id = hearer.isPresent() && exchange.query().startsWith(SIGNATURE)
                ? platform.pages()
                        .decode(listing(parts[0], parts[3]), exchange.query().substring(SIGNATURE.length()))
                : Optional.empty();
        if (id.isEmpty()) {
            return 403;
        }
        byte[] body = exchange.body().readNBytes(LONGEST + 1);
        return hearer.get().hear(new Scope(parts[1], parts[2]), id.get(), body);
    }

    private static String listing(String kind, String id) {
        return kind + "|" + id;
    }
}
