package dev.terrane.sns;

import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.service.HttpEndpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What endpoints visit without a signature: the URLs to confirm and to unsubscribe, which carry a sealed token, and the certificate. */
final class SnsPages implements HttpEndpoint {
    private final SnsTables tables;
    private final Subscriptions subscriptions;
    private final Signer signer;

    SnsPages(SnsTables tables, Subscriptions subscriptions, Signer signer) {
        this.tables = tables;
        this.subscriptions = subscriptions;
        this.signer = signer;
    }

    @Override
    public boolean accepts(String method, String path) {
        return method.equals("GET") && (path.equals(Envelopes.PATH + "/") || path.equals(Envelopes.CERTIFICATE));
    }

    @Override
    public void serve(Exchange exchange) throws IOException {
        if (exchange.path().equals(Envelopes.CERTIFICATE)) {
            answer(exchange, 200, "application/x-pem-file", signer.certificate());
            return;
        }
        try {
            Map<String, String> query = query(exchange.query());
            answer(exchange, 200, "text/xml", act(query.getOrDefault("Action", ""), query.getOrDefault("Token", "")));
        } catch (AwsServiceException e) {
            answer(
                    exchange,
                    400,
                    "text/xml",
                    "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type>"
                            + "<Code>InvalidParameter</Code><Message>" + AwsErrors.message(e)
                            + "</Message></Error></ErrorResponse>");
        }
    }

    private String act(String action, String token) {
        return switch (action) {
            case "ConfirmSubscription" -> {
                SubscriptionRecord confirmed = tables.transact(() -> subscriptions.confirm(token, false));
                yield "<ConfirmSubscriptionResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">"
                        + "<ConfirmSubscriptionResult><SubscriptionArn>" + confirmed.arn()
                        + "</SubscriptionArn></ConfirmSubscriptionResult></ConfirmSubscriptionResponse>";
            }
            case "Unsubscribe" -> {
                tables.transact(() -> subscriptions.end(token));
                yield "<UnsubscribeResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"></UnsubscribeResponse>";
            }
            default -> throw Errors.invalid("Action");
        };
    }

    private static Map<String, String> query(String query) {
        Map<String, String> all = new HashMap<>();
        for (String part : query.split("&")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                try {
                    all.put(
                            part.substring(0, equals),
                            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw Errors.invalid(part.substring(0, equals));
                }
            }
        }
        return all;
    }

    private static void answer(Exchange exchange, int status, String type, String text) throws IOException {
        exchange.setHeader("Content-Type", type);
        try (OutputStream body = exchange.respond(status)) {
            body.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
