// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.Forgery.Source;
import io.gpubench.measure.seal.Manifest;
import java.util.stream.Stream;

/** Forgeries by who has a key, but not the one that signed. */
final class ForgedSignatures {
  /** Stands for the fingerprint of the key that signed the original. */
  static final String OURS = "OURS";

  private static final String DEMANDED = "--signer=" + OURS;

  private ForgedSignatures() {}

  static Stream<Forgery> all() {
    return Stream.of(
        Forgery.of("nobody signed", Source.SUITE, _ -> {}, "unsigned").with(DEMANDED),
        Forgery.of("signed by the forger", Source.SUITE, run -> run.seal(run.key()), "other-key")
            .with(DEMANDED),
        Forgery.of(
                "signed anew by the forger", Source.SIGNED, run -> run.seal(run.key()), "other-key")
            .with(DEMANDED),
        Forgery.of("its signature taken away", Source.SIGNED, Forger::seal, "unsigned")
            .with(DEMANDED),
        Forgery.of("another fingerprint demanded", Source.SIGNED, _ -> {}, "other-key")
            .with("--signer=ed25519:" + "0".repeat(32)),
        Forgery.of(
                "consistent, signed by the forger",
                Source.SIGNED,
                run -> scaled(run).seal(run.key()),
                "other-key")
            .with(DEMANDED),
        Forgery.of("consistent, unsigned", Source.SIGNED, run -> scaled(run).seal(), "unsigned")
            .with(DEMANDED),
        Forgery.of(
            "consistent, with the signature that was there",
            Source.SIGNED,
            run -> keepingTheSignature(run, () -> scaled(run).seal(run.key())),
            "other-key"),
        Forgery.of(
            "consistent, with the signer's name and the signature that was there",
            Source.SIGNED,
            run ->
                keepingTheSignature(
                    run,
                    () -> {
                      String signer = signer(run);
                      scaled(run).seal(run.key());
                      String forger = signer(run);
                      run.edit(Manifest.FILE, text -> text.replace(forger, signer));
                    }),
            "signature"),
        Forgery.of(
            "the forger's key beside it",
            Source.SIGNED,
            run -> run.edit(Manifest.SIGNER_FILE, _ -> run.key().signer().pem()),
            "other-key"),
        Forgery.of(
            "the forger's name in it",
            Source.SIGNED,
            run -> {
              String signer = signer(run);
              String forger = run.key().signer().fingerprint();
              run.edit(Manifest.FILE, text -> text.replace(signer, forger));
            },
            "other-key"),
        Forgery.of(
            "a manifest changed after it was signed",
            Source.SIGNED,
            run -> run.edit(Manifest.FILE, text -> text + "\n"),
            "signature"),
        Forgery.of(
            "a bit of the signature",
            Source.SIGNED,
            run -> {
              byte[] signature = Forger.bytes(run.file(Manifest.SIGNATURE_FILE));
              signature[40] ^= 1;
              run.write(run.file(Manifest.SIGNATURE_FILE), signature);
            },
            "signature"),
        Forgery.of(
            "half a signature",
            Source.SIGNED,
            run -> run.cut(run.file(Manifest.SIGNATURE_FILE), 32),
            "signature"),
        Forgery.of(
            "no signature",
            Source.SIGNED,
            run -> run.delete(run.file(Manifest.SIGNATURE_FILE)),
            "signature"),
        Forgery.of(
            "no key",
            Source.SIGNED,
            run -> run.delete(run.file(Manifest.SIGNER_FILE)),
            "signature"),
        Forgery.of(
            "neither",
            Source.SIGNED,
            run ->
                run.delete(run.file(Manifest.SIGNER_FILE))
                    .delete(run.file(Manifest.SIGNATURE_FILE)),
            "signature"),
        Forgery.of(
            "a key that is none",
            Source.SIGNED,
            run -> run.edit(Manifest.SIGNER_FILE, text -> text.replace("PUBLIC", "PRIVATE")),
            "signature"));
  }

  /** All times are 3 % shorter, and everything follows from them. */
  static Forger scaled(Forger run) {
    return run.allSamples(raw -> ForgedSamples.times(raw, 0.97, 1)).derive();
  }

  private static String signer(Forger run) {
    return CommandLineFixture.json(CommandLineFixture.read(run.file(Manifest.FILE)))
        .path("signer")
        .asString();
  }

  private static void keepingTheSignature(Forger run, Runnable act) {
    byte[] signature = Forger.bytes(run.file(Manifest.SIGNATURE_FILE));
    byte[] signer = Forger.bytes(run.file(Manifest.SIGNER_FILE));
    act.run();
    run.write(run.file(Manifest.SIGNATURE_FILE), signature);
    run.write(run.file(Manifest.SIGNER_FILE), signer);
  }
}
