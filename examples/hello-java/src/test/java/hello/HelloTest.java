package hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class HelloTest {
    @Test
    void greetingNamesTheVersion() {
        assertEquals("Hello from version " + Release.VERSION, Release.greeting());
    }

    @Test
    void healthIsAnswered() throws Exception {
        HttpServer server = Hello.start(0);
        try {
            URI health = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/health");
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
        } finally {
            server.stop(0);
        }
    }
}
