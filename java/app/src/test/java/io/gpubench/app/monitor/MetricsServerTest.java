// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Sensors;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over HTTP, at a port that is free. */
class MetricsServerTest {
  private final MetricsServer server =
      MetricsServer.open(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Duration.ofMinutes(1));
  private final FakeSensors sensors = new FakeSensors().with(FakeSensors.POWER, 96.25);

  @AfterEach
  void close() {
    server.close();
  }

  private HttpURLConnection ask(String method, URI uri) throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    return connection;
  }

  private String metrics() throws IOException {
    HttpURLConnection answer = ask("GET", server.uri());
    assertEquals(200, answer.getResponseCode());
    assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.getContentType());
    return new String(answer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void theLastReadingIsTold() throws IOException {
    assertEquals(503, ask("GET", server.uri()).getResponseCode(), "there is none yet");
    try (var watch = new Watch(List.of(sensors.gpu()))) {
      server.tell(watch.read());
      assertTrue(metrics().endsWith("} 96.25\n"));
      int asked = sensors.asked.size();
      assertTrue(metrics().endsWith("} 96.25\n"));
      assertEquals(asked, sensors.asked.size(), "who asks disturbs no device");
      sensors.with(FakeSensors.POWER, 97);
      server.tell(watch.read());
      assertTrue(metrics().endsWith("} 97\n"));
      sensors.with(FakeSensors.POWER, Sensors.LOST);
      server.tell(watch.read());
      assertTrue(
          metrics()
              .matches(
                  """
                  # HELP gpubench_last_reading_timestamp_seconds .*
                  # TYPE \\w+ gauge
                  gpubench_last_reading_timestamp_seconds \\d{10,}\\.\\d{3}
                  """));
    }
  }

  @Test
  void aReadingThatIsTooOldIsNotTold() throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (MetricsServer impatient = MetricsServer.open(address, Duration.ofMillis(1))) {
      impatient.tell(List.of());
      Thread.sleep(Duration.ofMillis(20));
      assertEquals(503, ask("GET", impatient.uri()).getResponseCode());
    }
  }

  @Test
  @Timeout(20)
  void whoIsSlowKeepsNobodyWaiting() throws IOException {
    server.tell(List.of());
    try (var slow = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      slow.getOutputStream().write("GET /metr".getBytes(StandardCharsets.US_ASCII));
      slow.getOutputStream().flush();
      HttpURLConnection other = ask("GET", server.uri());
      other.setReadTimeout(10_000);
      assertEquals(200, other.getResponseCode());
    }
  }

  @Test
  void otherPagesAndMethodsAreRefused() throws IOException {
    assertEquals(404, ask("GET", server.uri().resolve("/")).getResponseCode());
    assertEquals(404, ask("GET", server.uri().resolve("/metrics/x")).getResponseCode());
    assertEquals(405, ask("DELETE", server.uri()).getResponseCode());
    server.tell(List.of());
    HttpURLConnection head = ask("HEAD", server.uri());
    assertEquals(200, head.getResponseCode());
    assertEquals(0, head.getInputStream().readAllBytes().length);
  }

  @Test
  void aPortThatSomebodyHasIsOneClearLine() {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.uri().getPort());
    var failure =
        assertThrows(
            EngineException.class, () -> MetricsServer.open(address, Duration.ofMinutes(1)));
    assertEquals(
        "cannot listen at localhost:%d: Address already in use; choose another port"
            .formatted(address.getPort()),
        failure.getMessage());
  }

  @Test
  void afterItIsClosedNobodyAnswers() {
    server.close();
    assertThrows(IOException.class, () -> ask("GET", server.uri()).getResponseCode());
  }
}
