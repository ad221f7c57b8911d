// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gpubench.measure.spi.MachineFacts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What gpubench asks of a worker, one line each; the answer is the {@link Reply} of that name. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Request.Hello.class, name = "hello"),
  @JsonSubTypes.Type(value = Request.SelfCheck.class, name = "self-check"),
  @JsonSubTypes.Type(value = Request.Prepare.class, name = "prepare"),
  @JsonSubTypes.Type(value = Request.Verify.class, name = "verify"),
  @JsonSubTypes.Type(value = Request.Measure.class, name = "measure"),
  @JsonSubTypes.Type(value = Request.Telemetry.class, name = "telemetry"),
  @JsonSubTypes.Type(value = Request.Bye.class, name = "bye"),
})
public sealed interface Request {
  /** The newest version of the protocol that this gpubench speaks. */
  int PROTOCOL = 1;

  /**
   * The first one: open the engine.
   *
   * @param threads at most so many processors for one sample
   * @param device as the user named it; null for the engine's own choice
   */
  record Hello(int protocol, int threads, @Nullable String device) implements Request {}

  /** Run known answers. */
  record SelfCheck() implements Request {}

  /**
   * Make a run ready to be sampled.
   *
   * @param inputs file with the inputs in rotation; null for an engine of our own, which makes them
   */
  record Prepare(
      String workload,
      String path,
      Map<String, Object> parameters,
      @Nullable String inputs,
      MachineFacts facts)
      implements Request {}

  /** Compute the answers of these samples. */
  record Verify(List<Long> samples) implements Request {}

  /** Take samples, see {@link io.gpubench.measure.run.Sampler#take}. */
  record Measure(long first, long samples, long nanos, int discard) implements Request {}

  /** Read the sensors. */
  record Telemetry() implements Request {}

  /** End. */
  record Bye() implements Request {}
}
