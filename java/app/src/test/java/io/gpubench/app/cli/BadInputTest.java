// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A user's mistake is one clear line, exit code 2, and nothing measured. */
class BadInputTest {
  @TempDir private Path temp;
  private CommandLineFixture line;
  private FakeEngine engine;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    engine = FakeEngine.passing("fake");
    line.engines = List.of(engine);
    line.environment.put("GPUBENCH_OUT", line.store.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run consenus                           | unknown workload 'consenus'; did you mean 'consensus'?
          run consensus nothing                  | unknown workload 'nothing'; known: consensus
          run --set consensus.validatrs=5        | --set consensus.validatrs=5: unknown parameter 'validatrs'; did you mean 'validators'?
          run --set consenus.validators=5        | --set consenus.validators=5: unknown workload 'consenus'; did you mean 'consensus'?
          run --engine fke                       | unknown engine 'fke'; did you mean 'fake'?
          run --engine cuda                      | unknown engine 'cuda'; known: fake, example-cpp, example-javascript, example-python, auto
          run --profile quik                     | unknown profile 'quik'; did you mean 'quick'?
          run --suite defalt                     | unknown suite 'defalt'; did you mean 'default'?
          run --suite default consensus          | --suite and workloads cannot be combined; leave one out
          run --path cal                         | --path: unknown path 'cal'; did you mean 'call'? (consensus on fake)
          list workload                          | unknown list 'workload'; did you mean 'workloads'?
          run --set consensus.validators=3       | --set consensus.validators=3: 3 is out of range; expected 4 .. 1048576
          run --set consensus.byzantine=0.5      | --set consensus.byzantine=0.5: 0.5 is out of range; expected 0 .. 0.33
          run --set consensus.tags=sipash        | --set consensus.tags=sipash: unknown value 'sipash'; did you mean 'siphash'?
          run --samples 0                        | --samples 0 is out of range; expected 1 .. 10000000
          run --warmup -1                        | --warmup -1 is out of range; expected 0 .. 10000000
          run --seed -1                          | --seed -1: -1 is out of range; expected an integer from 0
          run --seed 1 --set consensus.seed=2    | --seed 1: 'seed' is set a second time
          run --duration 5x                      | --duration: '5x' is not a duration; expected numbers with units, such as 500ms, 45s, 1m30s
          run --duration 0s                      | --duration: expected more than 0
          run --memory-limit 5                   | --memory-limit: '5' has no unit; expected one of B, KiB, MiB, GiB, TiB
          run --memory-limit 5MB                 | --memory-limit: unknown unit 'MB'; did you mean 'MiB'?
          run --set foo                          | --set foo: missing '='; expected workload.parameter=values, such as consensus.validators=1000,10000
          run --set =5                           | --set =5: no parameter before '='; expected workload.parameter=values, such as consensus.validators=1000,10000
          run --set validators=5,                | --set validators=5,: empty value; expected 4 .. 1048576
          run --set validators=x                 | --set validators=x: 'x' is not an integer; expected 4 .. 1048576
          run --set validators=4:8               | --set validators=4:8: '4:8' is not a range; expected start:end:xFACTOR or start:end:+STEP
          run --suite nowhere.yaml               | nowhere.yaml: file does not exist
          run --profile nowhere.yaml             | nowhere.yaml: file does not exist
          duet engine=hots engine=host           | engine=hots: unknown engine 'hots'; known: fake, example-cpp, example-javascript, example-python, auto
          duet engine=fak engine=fake            | engine=fak: unknown engine 'fak'; did you mean 'fake'?
          duet engine=fake fake                  | fake: missing '=' in 'fake'; expected settings such as engine=host,path=call,consensus.tags=none, separated by commas
          duet engine=fake,path= engine=fake     | engine=fake,path=: no value in 'path='; expected settings such as engine=host,path=call,consensus.tags=none, separated by commas
          duet engin=fake engine=fake            | engin=fake: unknown setting 'engin'; did you mean 'engine'?
          duet engine=fake,validators=4 engine=fake | engine=fake,validators=4: unknown setting 'validators'; known: engine, path, clock, cache, device, threads, telemetry, version, slowdown, WORKLOAD.PARAMETER
          duet engine=fake,engine=fake engine=fake | engine=fake,engine=fake: 'engine' is set a second time
          duet engine=fake,path=cal engine=fake  | engine=fake,path=cal: unknown path 'cal'; did you mean 'call'? (consensus on fake)
          duet engine=fake,device=0 engine=fake  | engine=fake,device=0: the engine 'fake' uses no device
          duet engine=fake,threads=x engine=fake | engine=fake,threads=x: threads: 'x' is not an integer
          duet engine=fake engine=fake consenus  | unknown workload 'consenus'; did you mean 'consensus'?
          duet engine=fake engine=fake,consenus.tags=none | engine=fake,consenus.tags=none: unknown workload 'consenus'; did you mean 'consensus'?
          duet engine=fake engine=fake,consensus.tag=none | engine=fake,consensus.tag=none: unknown parameter 'tag'; did you mean 'tags'?
          duet engine=fake engine=fake,consensus.tags=nun | engine=fake,consensus.tags=nun: unknown value 'nun'; known: siphash, none
          duet engine=fake,consensus.validators=4:8:+4 engine=fake | engine=fake,consensus.validators=4:8:+4: consensus.validators: expected one value; several go with --set
          duet engine=fake engine=fake,consensus.validators=4 | engine=fake: consensus.validators has 2 values here, and the other side sets it; give it one value here too
          duet engine=fake engine=fake,consensus.tags=none --set tags=none | engine=fake,consensus.tags=none: consensus.tags is set by --set too
          duet engine=fake engine=fake,consensus.seed=3 --seed 3 | engine=fake,consensus.seed=3: consensus.seed is set by --seed too
          duet engine=fake engine=fake --duets 0 | --duets 0 is out of range; expected 1 .. 1000
          duet engine=fake engine=fake --samples 1000001 | --samples 1000001 is out of range; expected 1 .. 1000000
          duet engine=fake engine=fake --slice 0s | --slice: expected more than 0
          duet engine=fake engine=fake --slice 3 | --slice: '3' is not a duration; expected numbers with units, such as 500ms, 45s, 1m30s
          show nowhere                           | nowhere is not a run directory: run.json: it does not exist
          """)
  void aMistakeIsOneLine(String command, String message) {
    Answer answer = line.execute(command.split(" "));
    assertEquals(new Answer(2, "", "gpubench: " + message + "\n"), answer);
    assertEquals(0, engine.opened);
    assertTrue(Files.notExists(line.store));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rum                         | gpubench      | unknown command 'rum'; did you mean 'run'?
          measure                     | gpubench      | unknown command 'measure'; known: run, validate, plan, duet, compare, gate, replay, show, verify, profile, placement, calibrate, ceilings, list, keys, doctor, monitor, check, conformance, worker, bundle, generate-completion
          ''                          | gpubench      | a command is missing
          run --smaples 5             | gpubench run  | unknown option '--smaples'; did you mean '--samples'?
          run --smaples=5             | gpubench run  | unknown option '--smaples'; did you mean '--samples'?
          plan --nothing-like-it      | gpubench plan | unknown option '--nothing-like-it'
          run --samples               | gpubench run  | Missing required parameter for option '--samples' (N)
          run --samples many          | gpubench run  | Invalid value for option '--samples': 'many' is not a long
          run --format jsn            | gpubench run  | Invalid value for option '--format': expected one of [table, json, csv] (case-sensitive) but was 'jsn'
          doctor --format csv         | gpubench doctor | Invalid value for option '--format': expected one of [table, json] (case-sensitive) but was 'csv'
          monitor --count x           | gpubench monitor | Invalid value for option '--count': 'x' is not a long
          run --format csv --format json | gpubench run  | option '--format' (FORMAT) should be specified only once
          show                        | gpubench show | Missing required parameter: 'DIR'
          duet engine=host            | gpubench duet | Missing required parameter: 'SIDE'
          list                        | gpubench list | Missing required parameter: 'WHAT'
          """)
  void aMistakeOfUsageNamesTheHelp(String command, String where, String message) {
    Answer answer = line.execute(command.isEmpty() ? new String[0] : command.split(" "));
    String expected = "gpubench: " + message + "\nSee '" + where + " --help'.\n";
    assertEquals(new Answer(2, "", expected), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.zip", "x", "/tmp"})
  void aBundleIsATarXz(String output) {
    assertEquals(
        new Answer(
            2,
            "",
            "gpubench: --output "
                + output
                + ": expected the name of a file that ends in .tar.xz\n"),
        line.execute("bundle", "--output", output));
  }

  @Test
  void threadsBeyondTheMachineAreRefused() {
    String most = " is out of range; expected 1 .. " + Runtime.getRuntime().availableProcessors();
    for (String threads : List.of("0", "-3", "100000")) {
      assertEquals(
          new Answer(2, "", "gpubench: --threads " + threads + most + "\n"),
          line.run("--threads", threads));
    }
  }

  @Test
  void aTypoInASuiteNamesFileLineAndKey() throws IOException {
    Path suite = temp.resolve("mine.yaml");
    Files.writeString(
        suite,
        """
        schema: 1
        runs:
          - workload: consensus
            set:
              validators: [1000]
            engin: fake
        """);
    assertEquals(
        new Answer(
            2,
            "",
            "gpubench: " + suite + ":6: runs[0].engin: unknown key; did you mean 'engine'?\n"),
        line.execute("run", "--suite", suite.toString()));
    Files.writeString(
        suite,
        """
        schema: 1
        runs:
          - workload: consensus
            set:
              validators: [1000, 2]
        """);
    assertEquals(
        new Answer(
            2,
            "",
            "gpubench: "
                + suite
                + ":5: runs[0].set.validators: 2 is out of range; expected 4 .. 1048576\n"),
        line.execute("run", "--suite", suite.toString()));
    Files.writeString(suite, "schema: 1\nruns: [\n");
    Answer broken = line.execute("run", "--suite", suite.toString());
    assertEquals(2, broken.exit());
    assertTrue(broken.err().startsWith("gpubench: " + suite + ":"), broken.err());
    assertEquals(1, broken.err().lines().count(), broken.err());
  }

  @Test
  void aSizeThatCannotFitNamesWhatDoes() {
    Pattern expected =
        Pattern.compile(
            "gpubench: --set consensus.validators=1048576: consensus validators=1048576 needs \\S+ [MG]iB"
                + " but 64 MiB are available; (no value of validators|validators=\\d+) fits\n");
    Answer answer =
        line.execute(
            "run", "--memory-limit", "64MiB", "--set", "consensus.validators=1048576", "--seed=1");
    assertEquals(2, answer.exit());
    assertTrue(expected.matcher(answer.err()).matches(), answer.err());
    assertEquals(0, engine.opened);
    assertTrue(Files.notExists(line.store));
  }

  @Test
  void theLargestSizeThatFitsDoesFit() {
    // about what the largest size needs, less a little: the rotation depends on this machine's
    // cache
    String message =
        line.execute("plan", "--memory-limit", "64MiB", "--set", "consensus.validators=1048576")
            .err();
    Matcher needs = Pattern.compile("needs (\\S+) MiB").matcher(message);
    assertTrue(needs.find(), message);
    String limit = (int) (Double.parseDouble(needs.group(1)) * 0.9) + "MiB";
    message =
        line.execute("plan", "--memory-limit", limit, "--set", "consensus.validators=1048576")
            .err();
    Matcher fits = Pattern.compile("; validators=(\\d+) fits\n").matcher(message);
    assertTrue(fits.find(), message);
    long largest = Long.parseLong(fits.group(1));
    assertEquals(0, planned(limit, largest).exit());
    assertEquals(2, planned(limit, largest + 1).exit());
  }

  private Answer planned(String limit, long validators) {
    return line.execute(
        "plan", "--memory-limit", limit, "--set", "consensus.validators=" + validators);
  }

  @Test
  void aStoreThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    String[][] stores = {
      {file.toString(), "a file of that name is in the way"},
      {file + "/below", "Not a directory"},
      {"/dev/null/x", "Not a directory"},
      {"/proc/x", "it does not exist"}
    };
    for (String[] store : stores) {
      line.store = Path.of(store[0]);
      Answer answer = line.run();
      assertEquals(2, answer.exit());
      assertEquals("", answer.out());
      assertEquals(
          "gpubench: cannot write results to "
              + store[0]
              + ": "
              + store[1]
              + "; choose another folder with --out",
          answer.err().lines().toList().getLast());
    }
    assertEquals(0, engine.prepared, "nothing is measured that could not be kept");
    assertEquals(stores.length, engine.opened);
    assertEquals(stores.length, engine.closed);
    assertEquals(
        new Answer(2, "", "gpubench: " + file + " is not a folder\n"),
        line.execute("list", "runs", "--out", file.toString()));
  }
}
