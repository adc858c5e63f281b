package dev.terrane.kernel.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** HTTP that is not an AWS API, such as Git's. The front door asks these before it looks for an AWS operation. */
public interface HttpEndpoint {
    /** Whether this endpoint serves a request. */
    boolean accepts(String method, String path);

    /** Serves it. Called on a virtual thread; blocking is fine.
     *
     * @throws IOException when the connection breaks
     */
    void serve(Exchange exchange) throws IOException;

    /** One request and its response. */
    interface Exchange {
        String method();

        /** The path, still percent-encoded, without the query. */
        String path();

        /** The query without its question mark, still percent-encoded; empty if there is none. */
        String query();

        /** The first value of a header, in any case. */
        Optional<String> header(String name);

        List<String> headers(String name);

        /** The client's IP address. */
        String remoteAddress();

        boolean secure();

        /** The body, bounded in no way: the endpoint bounds what it reads. */
        InputStream body();

        void setHeader(String name, String value);

        /** Sends the status and headers, and gives the stream for the response's body, to be closed by the endpoint. */
        OutputStream respond(int status) throws IOException;
    }
}
