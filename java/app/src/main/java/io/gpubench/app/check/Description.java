// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a compiled file says of itself. Immutable.
 *
 * @param templates kernels that are templates, of which nothing was compiled
 * @param sharedBytes static shared memory of all kernels together
 */
record Description(List<Kernel> kernels, List<Template> templates, long sharedBytes) {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  Description {
    kernels = List.copyOf(kernels);
    templates = List.copyOf(templates);
  }

  /**
   * A kernel.
   *
   * @param name as in the source, with its namespaces
   * @param symbol what the driver finds it by
   * @param line counted from 1
   * @param maxThreads of a block
   * @param bounded whether its launch bounds say so
   * @param dimensions of the indices of threads and blocks that its text uses, 1 to 3
   * @param dynamicShared whether it may use dynamic shared memory
   * @param blockIndex whether its blocks may differ in what they do
   */
  record Kernel(
      String name,
      String symbol,
      String file,
      int line,
      int maxThreads,
      boolean bounded,
      int dimensions,
      boolean dynamicShared,
      boolean blockIndex,
      List<Parameter> parameters) {

    public Kernel {
      parameters = List.copyOf(parameters);
    }

    /** The name by which a user calls a parameter, counted from 0. */
    String parameterName(int index) {
      String own = parameters.get(index).name();
      return own.isEmpty() ? "arg" + (index + 1) : own;
    }
  }

  /** What a value is made of. */
  enum Kind {
    structure,
    bool,
    signed,
    unsigned,
    floating,
    pointer,
    nothing;

    @com.fasterxml.jackson.annotation.JsonCreator
    static Kind of(String word) {
      return switch (word) {
        case "boolean" -> bool;
        case "void" -> nothing;
        default -> valueOf(word);
      };
    }
  }

  /**
   * A parameter.
   *
   * @param name empty where the source gives none
   * @param type as the compiler writes it
   * @param element what a pointer points to; null for all else
   */
  record Parameter(String name, String type, int bytes, Kind kind, @Nullable Element element) {
    /** Whether it is a whole number that could count something. */
    boolean integer() {
      return (kind == Kind.signed || kind == Kind.unsigned) && bytes >= Integer.BYTES;
    }
  }

  /**
   * What a pointer points to.
   *
   * @param bytes 0 of void, and of what is declared only
   */
  record Element(
      String type,
      int bytes,
      int alignment,
      Kind kind,
      @com.fasterxml.jackson.annotation.JsonProperty("const") boolean constant) {}

  /** A kernel that is a template. */
  record Template(String name, String file, int line) {}

  /** From the text that is in an image. */
  static Description parse(String json) {
    return JSON.readValue(json, Description.class);
  }
}
