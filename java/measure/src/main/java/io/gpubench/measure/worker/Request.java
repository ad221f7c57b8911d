// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What gpubench asks of a worker, one line each; the answer is the {@link Reply} of that name. The
 * constructors refuse what makes no sense in a request that was read.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Request.Hello.class, name = "hello"),
  @JsonSubTypes.Type(value = Request.SelfCheck.class, name = "self-check"),
  @JsonSubTypes.Type(value = Request.Prepare.class, name = "prepare"),
  @JsonSubTypes.Type(value = Request.Verify.class, name = "verify"),
  @JsonSubTypes.Type(value = Request.Measure.class, name = "measure"),
  @JsonSubTypes.Type(value = Request.Telemetry.class, name = "telemetry"),
  @JsonSubTypes.Type(value = Request.Recording.class, name = "recording"),
  @JsonSubTypes.Type(value = Request.Bye.class, name = "bye"),
})
public sealed interface Request {
  /** The newest version of the protocol that this gpubench speaks. */
  int PROTOCOL = 1;

  /** The words of the clocks. */
  List<String> CLOCKS = List.of("host", "device", "batch");

  /** The words for what caches hold. */
  List<String> CACHES = List.of("hot", "cold");

  /**
   * The first one: open the engine.
   *
   * @param threads at most so many processors for one sample
   * @param device as the user named it; null for the engine's own choice
   */
  record Hello(int protocol, int threads, @Nullable String device) implements Request {
    public Hello {
      need(protocol >= 1 && threads >= 1, "\"protocol\" and \"threads\" are 1 or more");
    }
  }

  /** Run known answers. */
  record SelfCheck() implements Request {}

  /**
   * Make a run ready to be sampled.
   *
   * @param clock {@code host}, {@code device} or {@code batch}; null for the host's
   * @param cache {@code hot} or {@code cold}; null for hot
   * @param inputs file with the inputs in rotation; null for an engine of our own, which makes them
   * @param slowdown factor by which each sample is slowed down on purpose, for engines of our own;
   *     null for none
   */
  record Prepare(
      String workload,
      String path,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clock,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String cache,
      Map<String, Object> parameters,
      @Nullable String inputs,
      MachineFacts facts,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double slowdown)
      implements Request {
    /** A run that is not slowed down. */
    public Prepare(
        String workload,
        String path,
        @Nullable String clock,
        @Nullable String cache,
        Map<String, Object> parameters,
        @Nullable String inputs,
        MachineFacts facts) {
      this(workload, path, clock, cache, parameters, inputs, facts, null);
    }

    /** How the run is to be executed and timed. */
    Mode mode() {
      return new Mode(
          path,
          clock == null ? PreparedRun.Clock.HOST : PreparedRun.Clock.of(clock),
          cache == null ? Mode.Cache.HOT : Mode.Cache.of(cache));
    }

    @SuppressWarnings("ConstantConditions") // a message that was read lacks what it lacks
    public Prepare {
      need(workload != null && path != null, "\"workload\" or \"path\" is missing");
      need(clock == null || CLOCKS.contains(clock), "\"clock\" is host, device or batch");
      need(cache == null || CACHES.contains(cache), "\"cache\" is hot or cold");
      need(parameters != null && facts != null, "\"parameters\" or \"facts\" is missing");
    }
  }

  /** Compute the answers of these samples. */
  record Verify(List<Long> samples) implements Request {
    @SuppressWarnings("ConstantConditions") // a message that was read lacks what it lacks
    public Verify {
      need(samples != null, "\"samples\" is missing");
      for (Long sample : samples) {
        need(sample != null && sample >= 0, "\"samples\" are whole numbers from 0 on");
      }
    }
  }

  /**
   * Take samples, see {@link io.gpubench.measure.run.Sampler#take}.
   *
   * @param warmup true while warming up, which an engine of our own is told for the profiler that
   *     looks on; null otherwise
   */
  record Measure(
      long first,
      long samples,
      long nanos,
      int discard,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean warmup)
      implements Request {
    /** Samples of which nothing more is said. */
    public Measure(long first, long samples, long nanos, int discard) {
      this(first, samples, nanos, discard, null);
    }

    public Measure {
      need(
          first >= 0 && samples >= 1 && nanos >= 0 && discard >= 0,
          "\"first\", \"samples\", \"nanos\" or \"discard\" is out of range");
    }
  }

  /** Read the sensors. */
  record Telemetry() implements Request {}

  /**
   * Hand over what was recorded of the sensors, see {@link
   * io.gpubench.measure.run.Measurer#record}. Engines of others are not asked.
   */
  record Recording(long everyNanos, boolean last) implements Request {
    public Recording {
      need(everyNanos > 0, "\"everyNanos\" is above 0");
    }
  }

  /** End. */
  record Bye() implements Request {}

  private static void need(boolean right, String otherwise) {
    if (!right) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
