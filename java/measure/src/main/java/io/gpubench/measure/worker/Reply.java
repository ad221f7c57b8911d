// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gpubench.measure.Printable;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.Amounts;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Stages;
import io.gpubench.measure.telemetry.Column;
import io.gpubench.measure.telemetry.PollLine;
import io.gpubench.measure.telemetry.Polls;
import io.gpubench.measure.telemetry.Recorded;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a worker answers. A stranger leaves out what is nullable here; what is not, is checked by
 * the constructors, whose messages are for the worker's author.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Reply.Hello.class, name = "hello"),
  @JsonSubTypes.Type(value = Reply.SelfCheck.class, name = "self-check"),
  @JsonSubTypes.Type(value = Reply.Prepare.class, name = "prepare"),
  @JsonSubTypes.Type(value = Reply.Verify.class, name = "verify"),
  @JsonSubTypes.Type(value = Reply.Measure.class, name = "measure"),
  @JsonSubTypes.Type(value = Reply.Telemetry.class, name = "telemetry"),
  @JsonSubTypes.Type(value = Reply.Recording.class, name = "recording"),
  @JsonSubTypes.Type(value = Reply.Bye.class, name = "bye"),
  @JsonSubTypes.Type(value = Reply.Failure.class, name = "error"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Reply {
  /**
   * Who the worker is.
   *
   * @param protocol the version that it speaks
   * @param workloads its paths by workload, the preferred one first
   * @param device name of the device that does the work; null for the processors
   * @param deviceId what identifies that hardware; null for the processors
   * @param synthetic whether it only stands for the hardware that it names; null for false
   * @param occupants other processes on the device
   * @param operationsPerSecond what the hardware cannot exceed; null when unknown
   * @param bounds of the hardware by ceiling, in its unit per second; null when unknown
   */
  record Hello(
      Integer protocol,
      String engine,
      String version,
      Map<String, List<String>> workloads,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String device,
      @Nullable String deviceId,
      @Nullable Boolean synthetic,
      @Nullable List<String> occupants,
      @Nullable Double operationsPerSecond,
      @Nullable Map<String, Double> bounds,
      @Nullable Map<String, Object> description)
      implements Reply {
    public Hello {
      need(protocol, "protocol");
      need(engine, "engine");
      need(version, "version");
      need(workloads, "workloads");
      if (occupants != null && occupants.stream().anyMatch(Objects::isNull)) {
        throw new IllegalArgumentException("\"occupants\" has a null");
      }
    }
  }

  /** Whether known answers were right. */
  record SelfCheck(Boolean passed, String detail, @Nullable String remedy) implements Reply {
    public SelfCheck {
      need(passed, "passed");
      need(detail, "detail");
    }
  }

  /**
   * What was prepared.
   *
   * @param clock {@code host}, {@code device} or {@code batch}
   * @param work of an engine of our own; null from a stranger, who is not asked
   * @param pieces that a sample has; null for one
   * @param inputs how many rotate, as {@link PreparedRun#inputs} has it; null from a stranger
   * @param demands what a sample takes at least, by ceiling; null when unknown
   * @param amounts what else a sample does, by name; null for nothing
   * @param stages what it took once to prepare it, in nanoseconds, by name; null for nothing
   * @param verification as {@link PreparedRun#verification} has it; null from a stranger
   * @param paired whether each sample has a baseline; null when none has
   * @param timer what the worker's clock can resolve; null when it has not measured that
   */
  record Prepare(
      String clock,
      @Nullable Map<String, Object> configuration,
      PreparedRun.@Nullable Work work,
      @Nullable Integer pieces,
      @Nullable Long inputs,
      @Nullable Map<String, Double> demands,
      @Nullable Map<String, Double> amounts,
      @Nullable Map<String, Long> stages,
      @Nullable Map<String, Object> verification,
      @Nullable Timer timer,
      @Nullable Boolean paired)
      implements Reply {
    public Prepare {
      need(clock, "clock");
      if (!Request.CLOCKS.contains(clock)) {
        throw new IllegalArgumentException(
            "\"clock\" is \"" + clock + "\"; expected host, device or batch");
      }
      String mistake = amounts == null ? null : Amounts.mistake(amounts);
      if (mistake != null) {
        throw new IllegalArgumentException("\"amounts\": " + Printable.line(mistake));
      }
      mistake = stages == null ? null : Stages.mistake(stages);
      if (mistake != null) {
        throw new IllegalArgumentException("\"stages\": " + Printable.line(mistake));
      }
    }
  }

  /** Answer digests, 16 hexadecimal digits each. */
  record Verify(List<String> digests) implements Reply {
    public Verify {
      need(digests, "digests");
    }
  }

  /**
   * Samples.
   *
   * @param baselineNanos what each sample's baseline took; null where there are none
   * @param discards samples that were taken and are not among these, by reason; null for none
   * @param digests of the answers, one for each sample; null from an engine of our own, which
   *     compares every answer with the oracle's
   * @param verified from an engine of our own, how many answers were right
   * @param mismatch from an engine of our own, what is wrong with the first wrong answer
   * @param implausible from an engine of our own, why these times cannot be believed
   */
  @SuppressWarnings("ArrayRecordComponent") // as many as 65,536 numbers, read once
  record Measure(
      long[] startNanos,
      long[] durationNanos,
      long @Nullable [] baselineNanos,
      @Nullable Map<String, Long> discards,
      @Nullable List<String> digests,
      @Nullable Integer verified,
      @Nullable String mismatch,
      @Nullable String implausible)
      implements Reply {
    /** Samples and nothing else that is worth saying. */
    Measure(
        long[] startNanos,
        long[] durationNanos,
        @Nullable List<String> digests,
        @Nullable Integer verified,
        @Nullable String mismatch) {
      this(startNanos, durationNanos, null, null, digests, verified, mismatch, null);
    }

    public Measure {
      need(startNanos, "startNanos");
      need(durationNanos, "durationNanos");
    }
  }

  /**
   * What the sensors say; null for those that are not there.
   *
   * @param throttledBy why the device is slower than asked for; null when that is not known
   */
  record Telemetry(
      @Nullable Double temperatureCelsius,
      @Nullable Double powerWatts,
      @Nullable Double clockMegahertz,
      @Nullable Double memoryClockMegahertz,
      @Nullable List<String> throttledBy)
      implements Reply {
    public Telemetry {
      if (throttledBy != null && throttledBy.stream().anyMatch(Objects::isNull)) {
        throw new IllegalArgumentException("\"throttledBy\" has a null");
      }
    }
  }

  /**
   * What was recorded of the sensors; only from an engine of our own.
   *
   * @param columns none before the sensors are open
   * @param polls a {@link PollLine} each
   */
  record Recording(List<Column> columns, List<String> polls) implements Reply {
    static Recording of(Recorded recorded) {
      Polls polls = recorded.polls();
      return new Recording(
          recorded.columns(),
          IntStream.range(0, polls.count()).mapToObj(poll -> PollLine.text(polls, poll)).toList());
    }

    /**
     * What was recorded.
     *
     * @throws IllegalArgumentException when a line is no poll of these columns
     */
    Recorded recorded() {
      var read = new Polls(columns.size());
      polls.forEach(line -> PollLine.read(line, read));
      return new Recorded(columns, read);
    }

    public Recording {
      need(columns, "columns");
      need(polls, "polls");
    }
  }

  /** The worker ends now. */
  record Bye() implements Reply {}

  /**
   * In place of any other.
   *
   * @param kind {@code unavailable}, {@code absent} (only in place of {@link Prepare}), {@code
   *     engine}, {@code lost-device} or {@code request}
   * @param recording what was recorded of the sensors and not handed over; only from an engine of
   *     our own
   */
  record Failure(
      String kind, String message, @Nullable String remedy, @Nullable Recording recording)
      implements Reply {
    /** Of a worker that has recorded nothing. */
    Failure(String kind, String message, @Nullable String remedy) {
      this(kind, message, remedy, null);
    }

    public Failure {
      need(kind, "kind");
      need(message, "message");
    }
  }

  private static void need(@Nullable Object value, String field) {
    if (value == null) {
      throw new IllegalArgumentException("\"" + field + "\" is missing");
    }
  }
}
