// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.check.FileResult;
import io.gpubench.app.check.Finding;
import io.gpubench.app.check.KernelResult;
import io.gpubench.app.check.KernelResult.Verdict;
import io.gpubench.app.check.LaunchPlan;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** For a program: {@code configs/schemas/check.schema.json}, written at the end. */
public final class CheckJson implements CheckReport {
  private static final String SCHEMA = "gpubench.check/1";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final PrintWriter out;
  private final List<FileResult> files = new ArrayList<>();

  public CheckJson(PrintWriter out) {
    this.out = out;
  }

  private record Document(
      String schema, List<CheckedFile> files, long ok, long accused, long skipped, long problems) {}

  private record CheckedFile(String file, @Nullable String problem, List<Kernel> kernels) {}

  private record Kernel(
      String name,
      String file,
      int line,
      Verdict verdict,
      int launches,
      @Nullable Launch launch,
      @Nullable Accusation finding,
      @Nullable String reason) {}

  private record Launch(
      List<Integer> grid,
      List<Integer> block,
      int sharedBytes,
      boolean cooperative,
      List<String> assumed,
      List<Argument> arguments,
      List<String> notes) {}

  private record Argument(String name, String type, String value, boolean assumed) {}

  private record Accusation(
      String what,
      String detail,
      Finding.@Nullable Place place,
      List<Finding.Place> places,
      @Nullable List<Integer> block,
      @Nullable List<Integer> thread,
      long seed) {}

  @Override
  public void kernel(String file, KernelResult result) {}

  @Override
  public void file(FileResult result) {
    files.add(result);
  }

  @Override
  public void close() {
    var document =
        new Document(
            SCHEMA,
            files.stream()
                .map(file ->
                    new CheckedFile(
                        file.file(),
                        file.problem(),
                        file.kernels().stream().map(CheckJson::kernel).toList()))
                .toList(),
            count(Verdict.ok),
            count(Verdict.accused),
            count(Verdict.skipped),
            files.stream().filter(file -> file.problem() != null).count());
    out.println(JSON.writeValueAsString(document));
    out.flush();
  }

  private long count(Verdict verdict) {
    return files.stream().mapToLong(file -> file.count(verdict)).sum();
  }

  private static Kernel kernel(KernelResult result) {
    return new Kernel(
        result.name(),
        result.file(),
        result.line(),
        result.verdict(),
        result.launches(),
        result.plan() == null ? null : launch(result.plan()),
        result.finding() == null ? null : accusation(result.finding()),
        result.reason());
  }

  private static Launch launch(LaunchPlan plan) {
    return new Launch(
        List.of(plan.grid().x(), plan.grid().y(), plan.grid().z()),
        List.of(plan.block().x(), plan.block().y(), plan.block().z()),
        plan.sharedBytes(),
        plan.cooperative(),
        plan.assumed(),
        plan.arguments().stream()
            .map(argument ->
                new Argument(argument.name(), argument.type(), argument.text(), argument.assumed()))
            .toList(),
        plan.notes());
  }

  private static Accusation accusation(Finding finding) {
    return new Accusation(
        finding.what(),
        finding.detail(),
        finding.place(),
        finding.places(),
        numbers(finding.block()),
        numbers(finding.thread()),
        finding.seed());
  }

  private static @Nullable List<Integer> numbers(@Nullable String triple) {
    return triple == null ? null : Arrays.stream(triple.split(",")).map(Integer::parseInt).toList();
  }
}
