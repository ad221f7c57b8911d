// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gpubench.measure.EngineException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells Prometheus the last readings, over HTTP at {@code /metrics}. It never reads a sensor
 * itself, so that nobody who asks disturbs a device. Serves from a thread of its own until it is
 * closed by whoever opened it.
 */
public final class MetricsServer implements AutoCloseable {
  private static final int PENDING = 16;

  private final HttpServer server;
  private volatile String text = "";

  private MetricsServer(HttpServer server) {
    this.server = server;
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * Listens, and has nothing to tell yet.
   *
   * @param address port 0 for any that is free
   * @throws EngineException when that is not possible, such as when somebody else has the port
   */
  public static MetricsServer open(InetSocketAddress address) {
    try {
      return new MetricsServer(HttpServer.create(address, PENDING));
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "cannot listen at %s: %s".formatted(text(address), e.getMessage()),
          address.getPort() < 1024 && address.getPort() > 0
              ? "ports below 1024 are for root alone on most systems"
              : "choose another port",
          e);
    }
  }

  /** Where it listens. */
  public URI uri() {
    return URI.create("http://" + text(server.getAddress()) + "/metrics");
  }

  private static String text(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** Tells these from now on. */
  void tell(List<Snapshot> snapshots) {
    text = Exposition.of(snapshots);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        respond(exchange, 405, "text/plain", "only GET and HEAD\n");
      } else if (exchange.getRequestURI().getPath().equals("/metrics")) {
        respond(exchange, 200, Exposition.CONTENT_TYPE, text);
      } else {
        respond(exchange, 404, "text/plain", "see /metrics\n");
      }
    }
  }

  private static void respond(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    boolean empty = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, empty ? -1 : bytes.length);
    if (!empty) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
