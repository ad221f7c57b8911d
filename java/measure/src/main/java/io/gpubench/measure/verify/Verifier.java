// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.result.SealHeader;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.seal.ManifestException;
import io.gpubench.measure.seal.Seal;
import io.gpubench.measure.seal.SignatureCheck;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Verifies run directories: that they are as they were sealed, that every value follows from the
 * samples, and that nothing in them contradicts the rest or cannot be. Reads only. Thread-safe, but
 * for {@link #compare}.
 */
public final class Verifier {
  /** The largest run of the most records is smaller. */
  private static final int MOST_JSON_BYTES = 256 << 20;

  private final RunSchema schema;
  private final Map<String, Engine> engines;
  private final Map<String, Workload> workloads;
  private final Set<String> signers;
  private final Clock clock;
  private final KnownSamples known = new KnownSamples();

  /**
   * Sets it up.
   *
   * @param engines by id, which judge what a run says of them; none is opened
   * @param workloads by id, which know their units
   * @param signers fingerprints of which one has to have signed; empty when a signature is not
   *     demanded
   */
  public Verifier(
      RunSchema schema,
      Map<String, Engine> engines,
      Map<String, Workload> workloads,
      Set<String> signers,
      Clock clock) {
    this.schema = schema;
    this.engines = Map.copyOf(engines);
    this.workloads = Map.copyOf(workloads);
    this.signers = Set.copyOf(signers);
    this.clock = clock;
  }

  /**
   * Verifies a run.
   *
   * @throws ResultFormatException when it is no run directory, or one of a newer format
   */
  public Verification verify(Path directory) {
    return new Inspection(directory).run();
  }

  /**
   * Looks for the samples of a run among those of the runs that were compared before it, and those
   * of its other processes. One thread calls this, in an order that does not change.
   *
   * @return the same, with a finding where samples are there twice
   */
  public Verification compare(Verification verified) {
    String run = verified.run();
    if (run == null) {
      return verified;
    }
    var findings = new Findings();
    findings.addAll(verified.findings());
    verified
        .prints()
        .forEach((file, prints) ->
            known
                .remember(prints, new KnownSamples.Place(run, file))
                .ifPresent(seen ->
                    findings.add(
                        Flaw.REPLAYED,
                        file,
                        "the same durations are in %s of the run %s: one is a copy"
                            .formatted(seen.file(), seen.run()))));
    return new Verification(
        verified.directory(),
        run,
        verified.sealedAt(),
        verified.signer(),
        verified.files(),
        verified.records(),
        verified.processes(),
        verified.samples(),
        Map.of(),
        findings.list());
  }

  /** Of one directory. */
  private final class Inspection {
    private final Path directory;
    private final Findings findings = new Findings();
    private @Nullable Seal seal;
    private int processes;
    private long samples;
    private final Map<String, long[]> prints = new LinkedHashMap<>();

    Inspection(Path directory) {
      this.directory = directory;
    }

    Verification run() {
      if (!Files.isDirectory(directory)) {
        throw new ResultFormatException(
            directory + (Files.exists(directory) ? " is not a folder" : " does not exist"));
      }
      boolean sealed = readSeal();
      if (!sealed && Files.notExists(directory.resolve(RunWriter.RUN_FILE))) {
        throw new ResultFormatException(
            directory + " is not a run directory: it has neither run.json nor manifest.json");
      }
      Manifest manifest = seal == null ? null : seal.manifest();
      checkSignature();
      var files = new SealedFiles(directory, manifest, findings);
      files.compareNames();
      RunReader.Parsed parsed = readRun(files, sealed);
      boolean checked = false;
      if (parsed != null && isInItsFormat(parsed)) {
        check(parsed, files, manifest);
        checked = true;
      }
      files.readRest(checked);
      RunDocument run = parsed == null ? null : parsed.document();
      return new Verification(
          directory,
          run == null ? null : run.id(),
          manifest == null ? null : manifest.sealedAt(),
          seal != null && seal.signature() instanceof SignatureCheck.Valid(var key)
              ? key.fingerprint()
              : null,
          files.compared(),
          run == null ? 0 : run.records().size(),
          processes,
          samples,
          prints,
          findings.list());
    }

    /** Whether there is a manifest, be it broken. */
    private boolean readSeal() {
      try {
        seal = Seal.read(directory).orElse(null);
        if (seal == null) {
          findings.add(
              Flaw.UNSEALED,
              Manifest.FILE,
              "it is not there: the run was cut off, or an older gpubench wrote it");
        }
        return seal != null;
      } catch (ManifestException e) {
        findings.add(Flaw.MANIFEST, Manifest.FILE, String.valueOf(e.getMessage()));
        return true;
      }
    }

    private void checkSignature() {
      switch (seal == null ? new SignatureCheck.None() : seal.signature()) {
        case SignatureCheck.None _ -> {
          if (!signers.isEmpty()) {
            findings.add(
                Flaw.UNSIGNED,
                Manifest.SIGNATURE_FILE,
                "a signature is demanded, and there is none");
          }
        }
        case SignatureCheck.Valid(var key) -> {
          if (!signers.isEmpty() && !signers.contains(key.fingerprint())) {
            findings.add(
                Flaw.OTHER_KEY,
                Manifest.SIGNER_FILE,
                "%s signed, which is none of those demanded".formatted(key.fingerprint()));
          }
        }
        case SignatureCheck.OtherKey(var key) ->
            findings.add(
                Flaw.OTHER_KEY,
                Manifest.SIGNER_FILE,
                "it holds %s, and the manifest names another".formatted(key.fingerprint()));
        case SignatureCheck.Wrong(String reason) ->
            findings.add(Flaw.SIGNATURE, Manifest.SIGNATURE_FILE, reason);
      }
    }

    /** Null when it cannot be read and that was found. */
    private RunReader.@Nullable Parsed readRun(SealedFiles files, boolean sealed) {
      Path file = directory.resolve(RunWriter.RUN_FILE);
      try {
        return files.read(
            RunWriter.RUN_FILE,
            (_, in) -> {
              byte[] json = in.readNBytes(MOST_JSON_BYTES + 1);
              if (json.length > MOST_JSON_BYTES) {
                throw new ResultFormatException(file + ": larger than any run of gpubench");
              }
              return RunReader.parse(file, json);
            });
      } catch (ResultFormatException e) {
        if (!sealed || e.isNewer()) {
          throw e;
        }
        findings.add(Flaw.SCHEMA, RunWriter.RUN_FILE, String.valueOf(e.getMessage()));
        if (files.isShorter(RunWriter.RUN_FILE)) {
          findings.add(Flaw.TRUNCATED, RunWriter.RUN_FILE, "it is shorter than it was sealed");
        }
        return null;
      }
    }

    /** Others make no sense to the checks. Runs of older formats were never sealed. */
    private boolean isInItsFormat(RunReader.Parsed parsed) {
      String written = parsed.tree().path("schema").asString("");
      if (!written.equals(RunDocument.SCHEMA)) {
        findings.add(Flaw.UNSEALED, RunWriter.RUN_FILE, written + " had no seal yet");
        return false;
      }
      Optional<String> mistake = schema.mistake(parsed.tree());
      mistake.ifPresent(text -> findings.add(Flaw.SCHEMA, RunWriter.RUN_FILE, text));
      return mistake.isEmpty();
    }

    private void check(RunReader.Parsed parsed, SealedFiles files, @Nullable Manifest manifest) {
      RunDocument run = parsed.document();
      checkName(run, manifest);
      var plan = new PlanCheck(run, engines, workloads, findings);
      if (manifest != null) {
        plan.status();
      }
      plan.run();
      var ceilings = new CeilingCheck(run, findings);
      ceilings.run();
      var derived = new HashMap<String, List<ProcessPart>>();
      JsonNode records = parsed.tree().path("records");
      for (int i = 0; i < run.records().size(); i++) {
        ResultRecord record = run.records().get(i);
        var check =
            new RecordCheck(run, plan.effort(record), record, records.path(i), files, findings);
        check.run();
        ceilings.share(record, records.path(i));
        prints.putAll(check.prints());
        processes += check.processes();
        samples += check.samples();
        if (derived.putIfAbsent(record.id(), check.derived()) != null) {
          findings.add(Flaw.RECORD, record.id(), "it has two records");
        }
      }
      List<DuetComparison> duets = run.duets() == null ? List.of() : run.duets();
      for (int i = 0; i < duets.size(); i++) {
        new DuetCheck(run, derived, findings)
            .check(duets.get(i), parsed.tree().path("duets").path(i));
      }
      String sealedAt = manifest == null ? null : manifest.sealedAt();
      findings.addAll(DocumentDoubts.of(run, sealedAt, clock.instant()));
    }

    private void checkName(RunDocument run, @Nullable Manifest manifest) {
      Path name = realPath().getFileName();
      if (name == null || !name.toString().equals(run.id())) {
        findings.add(
            Flaw.RENAMED,
            RunWriter.RUN_FILE,
            "the run %s is in a folder named %s".formatted(run.id(), name));
      }
      if (manifest == null) {
        return;
      }
      Manifest.Header expected = SealHeader.of(run);
      if (!manifest.run().equals(run.id())) {
        findings.add(
            Flaw.RENAMED,
            Manifest.FILE,
            "it seals the run %s, and run.json is of %s".formatted(manifest.run(), run.id()));
      } else if (!manifest.header().equals(expected)) {
        findings.add(
            Flaw.MANIFEST,
            Manifest.FILE,
            "it says %s, and run.json %s".formatted(manifest.header(), expected));
      }
    }

    private Path realPath() {
      try {
        return directory.toRealPath();
      } catch (IOException e) {
        return directory.toAbsolutePath().normalize();
      }
    }
  }
}
