package dev.terrane.codecommit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.terrane.kernel.call.Authorizer;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.kernel.identity.GitAuthentication;
import dev.terrane.kernel.service.HttpEndpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Git over HTTP: finds out who asks for which repository, whether that is allowed, and hands over to {@link GitService}. See
 * "HTTP transfer protocols" in Git's documentation, and "CodeCommit permissions reference" for the actions.
 */
final class GitHttp implements HttpEndpoint {
    private static final Pattern REGIONAL_HOST = Pattern.compile("git-codecommit(?:-fips)?\\.([^.]+)\\..*");
    private static final String UPLOAD = "git-upload-pack";
    private static final String RECEIVE = "git-receive-pack";

    private final CodeCommitTables tables;
    private final GitService service;
    private final GitAuthentication authentication;
    private final Authorizer authorizer;
    private final Clock clock;

    GitHttp(
            CodeCommitTables tables,
            GitService service,
            GitAuthentication authentication,
            Authorizer authorizer,
            Clock clock) {
        this.tables = tables;
        this.service = service;
        this.authentication = authentication;
        this.authorizer = authorizer;
        this.clock = clock;
    }

    @Override
    public boolean accepts(String method, String path) {
        return GitPath.parse(path).isPresent();
    }

    @Override
    public void serve(Exchange exchange) throws IOException {
        GitPath path = GitPath.parse(exchange.path()).orElseThrow();
        Optional<String> wanted = wanted(exchange, path);
        if (wanted.isEmpty()) {
            refuse(exchange, 403, "Only Git's smart HTTP protocol is served here: upgrade the Git client");
            return;
        }
        Optional<GitAuthentication.Caller> caller = authenticate(exchange, path);
        if (caller.isEmpty()) {
            exchange.setHeader("WWW-Authenticate", "Basic realm=\"CodeCommit\"");
            refuse(exchange, 401, "Authentication failed");
            return;
        }
        Credential credential = caller.get().credential();
        String account = credential.principal().account();
        List<String> all = regions(exchange, account, path.repository());
        List<String> regions =
                caller.get().region().filter(all::contains).map(List::of).orElse(all);
        if (regions.size() > 1) {
            refuse(
                    exchange,
                    409,
                    "Repositories in several regions have this name: " + String.join(", ", regions)
                            + ". Sign for the region with an access key, or name it by the host"
                            + " git-codecommit.REGION.amazonaws.com");
            return;
        }
        Optional<Scope> scope = regions.stream().findFirst().map(region -> new Scope(account, region));
        Optional<RepositoryRecord> repository = scope.flatMap(at -> tables.repository(at, path.repository()));
        if (scope.isEmpty() || repository.isEmpty()) {
            refuse(exchange, 404, path.repository() + " does not exist");
            return;
        }
        Call call = call(exchange, credential, scope.get());
        try {
            call.run(() -> serve(exchange, path, wanted.get(), repository.get()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Which of Git's services the client wants; empty for the dumb protocol and for anything else. */
    private static Optional<String> wanted(Exchange exchange, GitPath path) {
        if (!path.action().equals("info/refs")) {
            return exchange.method().equals("POST") ? Optional.of(path.action()) : Optional.empty();
        }
        return exchange.method().equals("GET")
                ? List.of(exchange.query().split("&")).stream()
                        .filter(parameter -> parameter.startsWith("service="))
                        .map(parameter -> parameter.substring("service=".length()))
                        .filter(name -> name.equals(UPLOAD) || name.equals(RECEIVE))
                        .findFirst()
                : Optional.empty();
    }

    private Optional<GitAuthentication.Caller> authenticate(Exchange exchange, GitPath path) {
        String header = exchange.header("Authorization").orElse("");
        if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(header.substring(6).strip()), UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int colon = pair.indexOf(':');
        return colon < 0
                ? Optional.empty()
                : authentication.authenticate(
                        exchange.header("Host").orElse(""),
                        path.base(),
                        pair.substring(0, colon),
                        pair.substring(colon + 1),
                        account -> tables.regions(account, path.repository()));
    }

    /** The region that the host names, or else all in which the account has a repository of this name. */
    private List<String> regions(Exchange exchange, String account, String name) {
        Matcher host = REGIONAL_HOST.matcher(exchange.header("Host").orElse(""));
        return host.matches() ? List.of(host.group(1)) : tables.regions(account, name);
    }

    private Call call(Exchange exchange, Credential caller, Scope scope) {
        return new Call(
                scope.account(),
                scope.region(),
                caller.principal(),
                caller.accessKeyId(),
                Ids.uuid(),
                exchange.remoteAddress(),
                exchange.header("User-Agent").orElse(""),
                exchange.secure(),
                caller.mfa(),
                caller.issued(),
                clock.instant());
    }

    private void serve(Exchange exchange, GitPath path, String wanted, RepositoryRecord repository) {
        Call call = Call.current();
        exchange.setHeader("x-amzn-RequestId", call.requestId());
        boolean push = wanted.equals(RECEIVE);
        try {
            try {
                authorizer.authorize(
                        call,
                        push ? "codecommit:GitPush" : "codecommit:GitPull",
                        Repositories.arn(call.scope(), repository.name()),
                        Map.of());
                boolean advertise = path.action().equals("info/refs");
                if (!advertise && !isRequest(exchange, wanted)) {
                    refuse(exchange, 415, "Content-Type is not application/x-" + wanted + "-request");
                    return;
                }
                service.serve(exchange, repository, push, advertise);
            } catch (AwsServiceException e) {
                refuse(exchange, 403, AwsErrors.message(e));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRequest(Exchange exchange, String wanted) {
        return exchange.header("Content-Type").orElse("").equals("application/x-" + wanted + "-request");
    }

    private static void refuse(Exchange exchange, int status, String message) throws IOException {
        exchange.setHeader("Content-Type", "text/plain; charset=utf-8");
        try (OutputStream out = exchange.respond(status)) {
            out.write((message + "\n").getBytes(UTF_8));
        }
    }
}
