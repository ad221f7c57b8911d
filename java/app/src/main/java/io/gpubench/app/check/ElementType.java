// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.app.check.Description.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the elements of a buffer are. */
public enum ElementType {
  I8(1, false),
  U8(1, false),
  I16(2, false),
  U16(2, false),
  I32(4, false),
  U32(4, false),
  I64(8, false),
  U64(8, false),
  F16(2, true),
  BF16(2, true),
  F32(4, true),
  F64(8, true);

  private final int bytes;
  private final boolean floating;

  ElementType(int bytes, boolean floating) {
    this.bytes = bytes;
    this.floating = floating;
  }

  int bytes() {
    return bytes;
  }

  boolean floating() {
    return floating;
  }

  /** As users write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<ElementType> of(String word) {
    return Stream.of(values()).filter(type -> type.word().equals(word)).findFirst();
  }

  /** The largest whole number, at most 2^53, that it holds. */
  double largest() {
    return switch (this) {
      case I8 -> Byte.MAX_VALUE;
      case U8 -> 0xFF;
      case I16 -> Short.MAX_VALUE;
      case U16 -> 0xFFFF;
      case I32 -> Integer.MAX_VALUE;
      case U32 -> 0xFFFF_FFFFL;
      case F16, BF16 -> 256;
      default -> 1L << 53;
    };
  }

  /** The lowest whole number, at least -2^53, that it holds. */
  double lowest() {
    return switch (this) {
      case U8, U16, U32, U64 -> 0;
      case I8, I16, I32 -> -largest() - 1;
      default -> -largest();
    };
  }

  /**
   * Of what a type is made; null for structures of which that is not known.
   *
   * @param type as the compiler writes it
   */
  static @Nullable ElementType in(Kind kind, int bytes, String type) {
    return switch (kind) {
      case bool -> U8;
      case signed ->
          switch (bytes) {
            case 1 -> I8;
            case 2 -> I16;
            case 4 -> I32;
            case 8 -> I64;
            default -> null;
          };
      case unsigned ->
          switch (bytes) {
            case 1 -> U8;
            case 2 -> U16;
            case 4 -> U32;
            case 8 -> U64;
            default -> null;
          };
      case floating -> bytes == 4 ? F32 : bytes == 8 ? F64 : null;
      case structure -> inVector(type);
      case pointer, nothing -> null;
    };
  }

  /** Of the vectors of CUDA, of half floats, and of arrays of whatever. */
  private static @Nullable ElementType inVector(String type) {
    return switch (type.replaceFirst(" ?\\[.*", "").replaceFirst("^(const|struct) ", "")) {
      case "float", "float1", "float2", "float3", "float4" -> F32;
      case "double", "double1", "double2", "double3", "double4" -> F64;
      case "int", "int1", "int2", "int3", "int4" -> I32;
      case "unsigned int", "uint1", "uint2", "uint3", "uint4" -> U32;
      case "long long int", "long int", "longlong1", "longlong2", "longlong3", "longlong4" -> I64;
      case "long long unsigned int",
          "long unsigned int",
          "ulonglong1",
          "ulonglong2",
          "ulonglong3",
          "ulonglong4" ->
          U64;
      case "short int", "short1", "short2", "short3", "short4" -> I16;
      case "short unsigned int", "ushort1", "ushort2", "ushort3", "ushort4" -> U16;
      case "char", "signed char", "char1", "char2", "char3", "char4" -> I8;
      case "unsigned char", "uchar1", "uchar2", "uchar3", "uchar4" -> U8;
      case "__half", "__half2" -> F16;
      case "__nv_bfloat16", "__nv_bfloat162" -> BF16;
      default -> null;
    };
  }

  /**
   * Writes one element.
   *
   * @param offset in bytes
   * @param value rounded, and its lowest bits taken, where it does not fit
   */
  void write(MemorySegment target, long offset, double value) {
    switch (this) {
      case I8, U8 -> target.set(ValueLayout.JAVA_BYTE, offset, (byte) (long) value);
      case I16, U16 -> target.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) (long) value);
      case I32, U32 -> target.set(ValueLayout.JAVA_INT_UNALIGNED, offset, (int) (long) value);
      case I64, U64 -> target.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, (long) value);
      case F16 ->
          target.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, Float.floatToFloat16((float) value));
      case BF16 ->
          target.set(
              ValueLayout.JAVA_SHORT_UNALIGNED,
              offset,
              (short) (Float.floatToIntBits((float) value) >>> 16));
      case F32 -> target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset, (float) value);
      case F64 -> target.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, offset, value);
    }
  }
}
