package dev.terrane.benchmarks;

import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests through an application load balancer to one target, against nginx and HAProxy before the same target. Needs them, and wrk. */
final class BalancerRows {
    private static final Pattern SENT = Pattern.compile("(\\d+) requests in ([\\d.]+)(ms|s|m)");
    private static final Pattern PERCENTILE = Pattern.compile("(50|99)% +([\\d.]+)(us|ms|s)");
    private static final int WARM_UPS = 4;
    private static final int PATIENCE = 200;

    private final SignedClient client;
    private final Processes server;
    private final Table table;
    private final Path folder;
    private final int seconds;

    BalancerRows(SignedClient client, Processes server, Table table, Path folder, Duration measured) {
        this.client = client;
        this.server = server;
        this.table = table;
        this.folder = folder;
        this.seconds = (int) measured.toSeconds();
    }

    void run() throws IOException, InterruptedException {
        String name = "through the balancer";
        if (!table.wants(name)) {
            return;
        }
        List<String> missing = new ArrayList<>();
        for (String tool : List.of("wrk", "nginx", "haproxy")) {
            if (Tool.find(tool).isEmpty()) {
                missing.add(tool);
            }
        }
        if (!missing.isEmpty()) {
            table.line(name + ": not measured, install " + String.join(" ", missing));
            return;
        }
        String address = address();
        int port = Tool.freePort();
        try (Tool target = nginx("target", address, port, "", "return 200 \"hello\\n\";")) {
            Load.Result balancer = measure(balancer(address, port), server, WARM_UPS);
            Load.Result nginx;
            int front = Tool.freePort();
            try (Tool proxy = nginx(
                    "proxy",
                    address,
                    front,
                    "upstream target { server " + address + ":" + port + "; keepalive 64; }",
                    "proxy_pass http://target; proxy_http_version 1.1; proxy_set_header Connection \"\";")) {
                nginx = measure("http://" + address + ":" + front + "/", proxy.processes(), 1);
            }
            Load.Result haproxy;
            front = Tool.freePort();
            try (Tool proxy = haproxy(address, front, port)) {
                haproxy = measure("http://" + address + ":" + front + "/", proxy.processes(), 1);
            }
            table.row(name, balancer, nginx.cpuMicros(), "nginx");
            table.row("  nginx", nginx, 0, "");
            table.row("  HAProxy", haproxy, 0, "");
        }
    }

    private Load.Result measure(String url, Processes proxy, int warmUps) throws IOException, InterruptedException {
        for (int i = 0; i < warmUps; i++) {
            wrk(url);
        }
        double cpu = proxy.cpuSeconds();
        String said = wrk(url);
        double used = proxy.cpuSeconds() - cpu;
        Matcher sent = SENT.matcher(said);
        if (!sent.find() || said.contains("Non-2xx") || said.contains("Socket errors")) {
            throw new IOException("wrk met errors: " + said);
        }
        double count = Double.parseDouble(sent.group(1));
        double[] millis = new double[2];
        Matcher percentile = PERCENTILE.matcher(said);
        while (percentile.find()) {
            double unit = switch (percentile.group(3)) {
                case "us" -> 1e-3;
                case "ms" -> 1;
                default -> 1e3;
            };
            millis[percentile.group(1).equals("50") ? 0 : 1] = Double.parseDouble(percentile.group(2)) * unit;
        }
        return new Load.Result(count / seconds, used * 1e6 / count, millis[0], millis[1]);
    }

    private String wrk(String url) throws IOException, InterruptedException {
        return Tool.run(folder, Map.of(), "wrk", "-t1", "-c64", "-d" + seconds + "s", "--latency", url);
    }

    /** @return the URL of a load balancer with the target behind it */
    private String balancer(String address, int port) throws IOException, InterruptedException {
        String subnets = call("ec2", "Action=DescribeSubnets&Version=2016-11-15");
        Matcher subnet = Pattern.compile("<subnetId>([^<]+)").matcher(subnets);
        StringBuilder two = new StringBuilder();
        for (int i = 1; i <= 2 && subnet.find(); i++) {
            two.append("&Subnets.member.").append(i).append('=').append(subnet.group(1));
        }
        String group = value(
                "TargetGroupArn",
                elb(
                        "CreateTargetGroup&Name=bench&Protocol=HTTP&TargetType=ip&HealthCheckIntervalSeconds=5&HealthCheckTimeoutSeconds=2&Port="
                                + port + "&VpcId=" + value("vpcId", subnets)));
        elb("RegisterTargets&TargetGroupArn=" + group + "&Targets.member.1.Id=" + address);
        String made = elb("CreateLoadBalancer&Name=bench" + two);
        int front = Tool.freePort();
        elb("CreateListener&LoadBalancerArn=" + value("LoadBalancerArn", made) + "&Protocol=HTTP&Port=" + front
                + "&DefaultActions.member.1.Type=forward&DefaultActions.member.1.TargetGroupArn=" + group);
        for (int attempt = 0; attempt < PATIENCE; attempt++) {
            if (elb("DescribeTargetHealth&TargetGroupArn=" + group).contains("<State>healthy")) {
                return "http://" + value("DNSName", made) + ":" + front + "/";
            }
            Clock.system().sleep(Duration.ofMillis(200));
        }
        throw new IOException("The target does not become healthy");
    }

    private String elb(String action) throws IOException, InterruptedException {
        return call("elasticloadbalancing", "Version=2015-12-01&Action=" + action);
    }

    private String call(String service, String form) throws IOException, InterruptedException {
        return new String(client.query(service, form.replace(":", "%3A").replace("/", "%2F")), StandardCharsets.UTF_8);
    }

    private static String value(String element, String xml) throws IOException {
        Matcher found = Pattern.compile("<" + element + ">([^<]+)").matcher(xml);
        if (!found.find()) {
            throw new IOException("No " + element + " in " + xml);
        }
        return found.group(1);
    }

    private Tool nginx(String name, String address, int port, String http, String location)
            throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve(name));
        Path file = home.resolve("nginx.conf");
        Files.writeString(file, """
                daemon off; worker_processes 2; pid %1$s/pid; error_log %1$s/error.log;
                events { worker_connections 4096; }
                http {
                    access_log off; keepalive_requests 1000000; client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi; uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
                    %2$s
                    server { listen %3$s:%4$d; location / { %5$s } }
                }
                """.formatted(home, http, address, port, location));
        return Tool.serve(
                address,
                port,
                home.resolve("log"),
                List.of(Tool.find("nginx").orElseThrow().toString(), "-c", file.toString()));
    }

    private Tool haproxy(String address, int port, int target) throws IOException, InterruptedException {
        Path file = folder.resolve("haproxy.cfg");
        Files.writeString(file, """
                global
                    nbthread 2
                    maxconn 4096
                defaults
                    mode http
                    timeout connect 5s
                    timeout client 60s
                    timeout server 60s
                    http-reuse always
                frontend front
                    bind %1$s:%2$d
                    default_backend targets
                backend targets
                    server target %1$s:%3$d
                """.formatted(address, port, target));
        return Tool.serve(
                address,
                port,
                folder.resolve("haproxy.log"),
                List.of(Tool.find("haproxy").orElseThrow().toString(), "-db", "-f", file.toString()));
    }

    /** An address of this machine that a target may have: not its loopback. */
    private static String address() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(a -> a instanceof Inet4Address && a.isSiteLocalAddress())
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElseThrow(() -> new IOException("This machine has no private IPv4 address"));
    }
}
