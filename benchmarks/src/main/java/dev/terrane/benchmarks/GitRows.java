package dev.terrane.benchmarks;

import dev.terrane.kernel.clock.Clock;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Clones of a large repository, against {@code git http-backend} behind nginx. Needs git, nginx and fcgiwrap. */
final class GitRows {
    private static final int COMMITS = 1_000;
    private static final int FILES_A_COMMIT = 20;
    private static final int FILES = 4_000;
    private static final int LINES = 80;
    private static final Duration SETTLING = Duration.ofSeconds(3);
    /** The part of a processor that a server with nothing to do may use. */
    private static final double IDLE = 0.2;

    private static final int WARM_UPS = 8;
    private static final int CLONES = 7;

    private final SignedClient client;
    private final TerraneProcess server;
    private final Table table;
    private final Path folder;

    GitRows(SignedClient client, TerraneProcess server, Table table, Path folder) {
        this.client = client;
        this.server = server;
        this.table = table;
        this.folder = folder;
    }

    void run() throws IOException, InterruptedException {
        String name = "git clone";
        if (!table.wants(name)) {
            return;
        }
        if (Tool.find("nginx").isEmpty() || Tool.find("fcgiwrap").isEmpty()) {
            table.line(name + ": not measured, install nginx fcgiwrap");
            return;
        }
        Path repository = Files.createDirectories(folder.resolve("repositories/large.git"));
        fill(repository);
        Load.Result terrane = measure(push(repository), server.processes());
        Load.Result backend;
        int port = Tool.freePort();
        Path socket = folder.resolve("fcgi");
        try (Tool cgi = Tool.start(
                        folder.resolve("fcgiwrap.log"), List.of("fcgiwrap", "-c", "2", "-s", "unix:" + socket));
                Tool nginx = nginx(port, socket)) {
            backend = measure("http://127.0.0.1:" + port + "/large.git", cgi.processes(), nginx.processes());
        }
        table.row(name, terrane, backend.cpuMicros(), "http-backend");
        table.row("  git http-backend", backend, 0, "");
    }

    private Load.Result measure(String url, Processes... servers) throws IOException, InterruptedException {
        double[] seconds = new double[CLONES];
        double cpu = 0;
        for (int n = -WARM_UPS; n < CLONES; n++) {
            Path clone = folder.resolve("clone.git");
            double before = cpuSeconds(servers);
            long begin = Clock.nanos();
            Tool.run(folder, Map.of("GIT_TERMINAL_PROMPT", "0"), "git", "clone", "-q", "--bare", url, clone.toString());
            if (n >= 0) {
                seconds[n] = (Clock.nanos() - begin) / 1e9;
                cpu += cpuSeconds(servers) - before;
            }
            delete(clone);
        }
        Arrays.sort(seconds);
        return new Load.Result(
                CLONES / Arrays.stream(seconds).sum(),
                cpu * 1e6 / CLONES,
                seconds[CLONES / 2] * 1e3,
                seconds[CLONES - 1] * 1e3);
    }

    private static double cpuSeconds(Processes... servers) {
        return Arrays.stream(servers).mapToDouble(Processes::cpuSeconds).sum();
    }

    /** @return the URL, with a Git credential in it, of a new repository that holds the other's commits */
    private String push(Path repository) throws IOException, InterruptedException {
        client.json("codecommit", "1.1", "CodeCommit_20150413.CreateRepository", "{\"repositoryName\":\"large\"}");
        iam("CreateUser&UserName=bench-git");
        iam("AttachUserPolicy&UserName=bench-git&PolicyArn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FAdministratorAccess");
        String credential =
                iam("CreateServiceSpecificCredential&UserName=bench-git&ServiceName=codecommit.amazonaws.com");
        String user = URLEncoder.encode(value("ServiceUserName", credential), StandardCharsets.UTF_8);
        String password = URLEncoder.encode(value("ServicePassword", credential), StandardCharsets.UTF_8);
        String url = server.variable("AWS_ENDPOINT_URL").replace("://", "://" + user + ":" + password + "@")
                + "/v1/repos/large";
        Tool.run(repository, Map.of(), "git", "push", "-q", url, "main");
        settle();
        return url;
    }

    /** Waits until the server has packed what was pushed, as {@code git gc} has done for the other. */
    private void settle() throws IOException, InterruptedException {
        double before;
        double now = server.processes().cpuSeconds();
        do {
            before = now;
            Clock.system().sleep(SETTLING);
            now = server.processes().cpuSeconds();
        } while (now - before > SETTLING.toSeconds() * IDLE);
    }

    private String iam(String action) throws IOException, InterruptedException {
        return new String(client.query("iam", "Version=2010-05-08&Action=" + action), StandardCharsets.UTF_8);
    }

    private static String value(String element, String xml) throws IOException {
        Matcher found = Pattern.compile("<" + element + ">([^<]+)").matcher(xml);
        if (!found.find()) {
            throw new IOException("No " + element + " in an answer");
        }
        return found.group(1);
    }

    /** A history that is the same in every run: text that compresses as text does, changed here and there. */
    private void fill(Path repository) throws IOException, InterruptedException {
        Tool.run(repository, Map.of(), "git", "init", "-q", "--bare", "-b", "main");
        Process process = new ProcessBuilder("git", "fast-import", "--quiet")
                .directory(repository.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Random random = new Random(1);
        try (OutputStream out = new BufferedOutputStream(process.getOutputStream())) {
            for (int commit = 0; commit < COMMITS; commit++) {
                print(
                        out,
                        "commit refs/heads/main\ncommitter Bench <bench@example.com> " + (1_700_000_000 + commit)
                                + " +0000\ndata 6\nchange\n");
                for (int change = 0; change < FILES_A_COMMIT; change++) {
                    int file = random.nextInt(FILES);
                    String text = text(random);
                    print(
                            out,
                            "M 644 inline src/part" + file % 50 + "/File" + file + ".java\ndata " + text.length() + "\n"
                                    + text + "\n");
                }
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("git fast-import failed");
        }
        Tool.run(repository, Map.of(), "git", "gc", "-q");
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < LINES; line++) {
            text.append("    value").append(random.nextInt(500)).append(" = compute(");
            text.append(Integer.toString(random.nextInt(1 << 20), 36))
                    .append(", input")
                    .append(line)
                    .append(");\n");
        }
        return text.toString();
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private Tool nginx(int port, Path socket) throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("git-nginx"));
        Path file = home.resolve("nginx.conf");
        Files.writeString(file, """
                daemon off; user root; worker_processes 2; pid %1$s/pid; error_log %1$s/error.log;
                events { worker_connections 1024; }
                http {
                    access_log off; client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi; uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
                    server {
                        listen 127.0.0.1:%2$d; client_max_body_size 0;
                        location / {
                            fastcgi_pass unix:%3$s; fastcgi_buffering off;
                            fastcgi_param SCRIPT_FILENAME %4$s; fastcgi_param GIT_HTTP_EXPORT_ALL "";
                            fastcgi_param GIT_PROJECT_ROOT %5$s; fastcgi_param PATH_INFO $uri;
                            fastcgi_param QUERY_STRING $query_string; fastcgi_param REQUEST_METHOD $request_method;
                            fastcgi_param CONTENT_TYPE $content_type; fastcgi_param CONTENT_LENGTH $content_length;
                            fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
                            fastcgi_param GIT_PROTOCOL $http_git_protocol; fastcgi_param HTTP_GIT_PROTOCOL $http_git_protocol;
                            fastcgi_param REMOTE_ADDR $remote_addr;
                        }
                    }
                }
                """.formatted(
                        home,
                        port,
                        socket,
                        Tool.run(folder, Map.of(), "git", "--exec-path").strip() + "/git-http-backend",
                        folder.resolve("repositories")));
        return Tool.serve(
                "127.0.0.1",
                port,
                home.resolve("log"),
                List.of(Tool.find("nginx").orElseThrow().toString(), "-c", file.toString()));
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
