// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gpubench.measure.EngineException;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Tells Prometheus the last readings, over HTTP at {@code /metrics}. It never reads a sensor
 * itself, so that nobody who asks disturbs a device. Where there is no reading, or only an old one,
 * it answers 503. Serves from threads of its own until it is closed by whoever opened it.
 */
public final class MetricsServer implements AutoCloseable {
  private static final int PENDING = 16;

  private final HttpServer server;

  /** A thread for each who asks, so that one who is slow keeps nobody waiting. */
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private final Duration current;
  private volatile @Nullable Told told;

  /** What is told, and since when, by {@link System#nanoTime}. */
  private record Told(String text, long nanos) {}

  private MetricsServer(HttpServer server, Duration current) {
    this.server = server;
    this.current = current;
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * Listens, and has nothing to tell yet.
   *
   * @param address port 0 for any that is free
   * @param current for so long a reading is told; later it is too old to be
   * @throws EngineException when that is not possible, such as when somebody else has the port
   */
  public static MetricsServer open(InetSocketAddress address, Duration current) {
    try {
      return new MetricsServer(HttpServer.create(address, PENDING), current);
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
    told =
        new Told(
            """
            # HELP gpubench_last_reading_timestamp_seconds When sensors were read last, since 1970 (in s).
            # TYPE gpubench_last_reading_timestamp_seconds gauge
            gpubench_last_reading_timestamp_seconds %s
            """
                    .formatted(number(System.currentTimeMillis()))
                + Exposition.of(snapshots),
            System.nanoTime());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        respond(exchange, 405, "text/plain", "only GET and HEAD\n");
      } else if (exchange.getRequestURI().getPath().equals("/metrics")) {
        tell(exchange);
      } else {
        respond(exchange, 404, "text/plain", "see /metrics\n");
      }
    }
  }

  private static String number(long millis) {
    return BigDecimal.valueOf(millis, 3).toPlainString();
  }

  private void tell(HttpExchange exchange) throws IOException {
    Told now = told;
    if (now == null) {
      respond(exchange, 503, "text/plain", "no reading yet\n");
    } else if (System.nanoTime() - now.nanos() > current.toNanos()) {
      respond(exchange, 503, "text/plain", "the last reading is too old\n");
    } else {
      respond(exchange, 200, Exposition.CONTENT_TYPE, now.text());
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
    threads.shutdownNow();
  }
}
