/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernels of synthesis share: the layouts of forests and patterns, and the words that nodes are made of. synthesis.cu
 * has the mathematics.
 */
#ifndef GPUBENCH_SYNTHESIS_CUH
#define GPUBENCH_SYNTHESIS_CUH

#include "words.cuh"

typedef unsigned char u8;
typedef unsigned short u16;

enum Kind { LITERAL, VARIABLE, NEG, ADD, SUB, MUL, MIN, MAX, IF, CALL, KINDS };

constexpr u32 MOST_ARITY = 10;
constexpr u32 SYMBOLS = 4096;
constexpr u32 SYMBOL_BITS = 12;

/* Where the fields of a header lie: kind in 4 bits, arity in 4, symbol in 12. */
constexpr u32 ARITY_SHIFT = 4;
constexpr u32 SYMBOL_SHIFT = 8;

__device__ __forceinline__ u32 header_of(u32 kind, u32 arity, u32 symbol)
{
    return kind | arity << ARITY_SHIFT | symbol << SYMBOL_SHIFT;
}

/* How many children a kind has; those of a call differ from node to node. */
__device__ __forceinline__ u32 arity_of(u32 kind)
{
    return kind <= VARIABLE ? 0 : kind == NEG ? 1 : kind <= MAX ? 2 : 3;
}

/* ---- a node before its tree has room for it, from its two words */

/* What samples have in common: the alias table of symbols, the shares of kinds and of literals among leaves. */
struct Grammar {
    const u32 *threshold; /* SYMBOLS of these */
    const u16 *alias;     /* and of these */
    const u32 *bound;     /* of leaf, neg, add, ... call: cumulative shares of 65,536 */
    u32 literal_bound;    /* 0 .. 65,536 */
};

__device__ __forceinline__ u32 symbol_of(u64 w, const Grammar &grammar)
{
    const u32 column = (u32)w & (SYMBOLS - 1);
    return (u32)(w >> 32) < grammar.threshold[column] ? column : grammar.alias[column];
}

/* The kind of a leaf is its own word's business. */
__device__ __forceinline__ u32 leaf_of(u64 v, const Grammar &grammar)
{
    return (v >> 5 & 0xFFFF) < grammar.literal_bound ? LITERAL : VARIABLE;
}

/* Between LITERAL, for a leaf of either kind, and CALL without VARIABLE. */
__device__ __forceinline__ u32 kind_of(u64 w, const Grammar &grammar)
{
    const u32 y = (u32)(w >> 12) & 0xFFFF;
    u32 place = 0;
    while (place < CALL - 1 && y >= grammar.bound[place]) {
        place++;
    }
    return place == 0 ? (u32)LITERAL : place + 1;
}

/* 0 .. most, from 4 bits of the word. */
__device__ __forceinline__ u32 children_of_call(u64 w, u32 most)
{
    return ((u32)(w >> 28) & 15) * (most + 1) >> 4;
}

__device__ __forceinline__ int value_of(u64 v)
{
    return (v >> 2 & 7) == 0 ? 0 : (int)(v >> 32) >> (8 * ((u32)v & 3));
}

#endif
