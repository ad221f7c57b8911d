/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synthesis: pattern matching, template expansion and constant folding over forests of syntax trees.
 * Oracles: io.gpubench.workloads.synthesis.MatchOracle, ExpandOracle, RewriteOracle and ForestGenerator.
 *
 * A forest of N nodes and T trees is a structure of arrays: kind u8, arity u8 (0 .. 10), symbol u32 (0 .. 4,095), first_child
 * u32 (index in the forest, 0 for a node without children), value i32 (0 unless literal), each of N; tree_start u32[T + 1].
 * Trees lie one after the other, each breadth-first, with the children of a node side by side. N <= 2^30; arrays begin at
 * multiples of 16 bytes.
 *
 *   generator  this file               makes the forest of a sample from two keys; not timed
 *   expand     synthesis_expand.cuh    fills the templates of patterns that match
 *   rewrite    synthesis_rewrite.cuh   folds constants
 *
 * The generator. Node g has the words w = word(k1, g) and v = word(k2, g) of words.cuh, which say symbol, kind, arity and value
 * (synthesis.cuh). A tree of n nodes has `made` nodes when its node i is reached, r = n - made are to be made, and made - i - 1
 * wait. r = 0: a leaf. No children and nobody waits: a call with 1 .. 10 children, at most r. More children than r: a call with
 * r. So a tree has n nodes, and each parent comes before its children. A thread makes a tree.
 * Bytes written 14 N, read 4 T.
 *
 * For `gpubench check`: two trees, of 5 and 33 nodes.
 * gpubench-check: grid=2 block=256 trees=2 key1=5 key2=6
 * gpubench-check: tree_start=u32[3]=hex:000000000500000026000000
 * gpubench-check: kernel=synthesis_generate kind=u8[38] arity=u8[38] symbol=u32[38] first_child=u32[38] value=i32[38]
 * gpubench-check: threshold=u32[4096]=random alias=u16[4096]=1..4096 literal_bound=32768
 * gpubench-check: bound=u32[9]=hex:004000000050000000700000008000000090000000a0000000b0000000c0000000000100
 *
 * For looking for patterns: 700 nodes that are no trees, 32 patterns; the tables serve all versions: places, a group for `add` and
 * `call`, words by arity and by kind of a child, and one thing that is left to compare. A list has room for all pairs.
 * gpubench-check: kind=u8[700]=0..9 arity=u8[700]=0..10 symbol=u32[700]=0..3 first_child=u32[700]=5..600 count=700
 * gpubench-check: table_words=280 children=1 patterns=32 order=u32[32]=0.. filter=u32[4096]=4294967295 directory=u32[4096]=zero
 * gpubench-check: tables=u32[4200]=hex:000000000000000000000000000000000000010000000000000000000000000000000000000001000000000014000000140000001400000014000000140000002d0000004e00000000000000000000000000000018000000010000000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0000000001000000010000000100000001000000010000000100000001000000010000000100000001000000010000000100000001000000010000000100000001000000010000000100000001000000010000000100000001000000010000000100000001000000010000000100000001000000010000000100000001000000010000000f00102203000000
 * gpubench-check: found=u64[65]=zero out=u64[64] segments=1 starts=u64[33] list=u32[22400]
 * gpubench-check: places=u64[33]=hex:0000000000000000bc0200000000000078050000000000003408000000000000f00a000000000000ac0d00000000000068100000000000002413000000000000e0150000000000009c18000000000000581b000000000000141e000000000000d0200000000000008c2300000000000048260000000000000429000000000000c02b0000000000007c2e0000000000003831000000000000f433000000000000b0360000000000006c39000000000000283c000000000000e43e000000000000a0410000000000005c440000000000001847000000000000d449000000000000904c0000000000004c4f0000000000000852000000000000c4540000000000008057000000000000
 * gpubench-check: kernel=synthesis_match_brute_n8 grid=2 block=64 shared=4992 in_shared=0
 * gpubench-check: kernel=synthesis_match_brute_n16 grid=2 block=64 shared=6112 in_shared=1
 * gpubench-check: kernel=synthesis_match_brute_survey grid=2 block=64 shared=6240 in_shared=1
 * gpubench-check: kernel=synthesis_match_brute_scatter grid=2 block=64 shared=5120 in_shared=0
 * gpubench-check: kernel=synthesis_match_masks_n8 grid=2 block=64 shared=4992 in_shared=0
 * gpubench-check: kernel=synthesis_match_masks_n16 grid=2 block=64 shared=6112 in_shared=1
 * gpubench-check: kernel=synthesis_match_masks_survey grid=2 block=64 shared=6240 in_shared=1
 * gpubench-check: kernel=synthesis_match_masks_scatter grid=2 block=64 shared=5120 in_shared=0
 * gpubench-check: kernel=synthesis_match_index_n8 grid=2 block=64 shared=23424 in_shared=0
 * gpubench-check: kernel=synthesis_match_index_n16 grid=2 block=64 shared=26592 in_shared=1
 * gpubench-check: kernel=synthesis_match_index_survey grid=2 block=64 shared=26720 in_shared=1
 * gpubench-check: kernel=synthesis_match_index_scatter grid=2 block=64 shared=25600 in_shared=0
 * gpubench-check: kernel=synthesis_match_kinds_n8 grid=2 block=64 shared=23424 in_shared=0
 * gpubench-check: kernel=synthesis_match_kinds_n16 grid=2 block=64 shared=26592 in_shared=1
 * gpubench-check: kernel=synthesis_match_kinds_survey grid=2 block=64 shared=26720 in_shared=1
 * gpubench-check: kernel=synthesis_match_kinds_scatter grid=2 block=64 shared=25600 in_shared=0
 * gpubench-check: kernel=synthesis_match_places grid=3 block=256 places=u64[5000]=0..9 words=5000 state=u64[5]=zero
 *
 * For rewriting: if(literal, add(literal, literal), variable) and neg(literal), in one window.
 * gpubench-check: kernel=synthesis_rewrite_lookback grid=1 block=64 shared=20516 nodes=8 trees=2 window=1024 state=u64[3]=zero
 * gpubench-check: kernel=synthesis_rewrite_lookback kind=u8[8]=hex:0800030100000200 arity=u8[8]=hex:0300020000000100 symbol=u32[8]=7..14 first_child=u32[8]=hex:0100000000000000040000000000000000000000000000000700000000000000 value=i32[8]=0..7 tree_start=u32[3]=hex:000000000600000008000000
 * gpubench-check: kernel=synthesis_rewrite_lookback out_kind=u8[8] out_arity=u8[8] out_symbol=u32[8] out_first_child=u32[8] out_value=i32[8] out_tree_start=u32[3]
 * gpubench-check: kernel=synthesis_rewrite_count grid=1 block=64 shared=20516 nodes=8 trees=2 window=1024 totals=u32[1]
 * gpubench-check: kernel=synthesis_rewrite_count kind=u8[8]=hex:0800030100000200 arity=u8[8]=hex:0300020000000100 first_child=u32[8]=hex:0100000000000000040000000000000000000000000000000700000000000000 value=i32[8]=0..7 tree_start=u32[3]=hex:000000000600000008000000
 * gpubench-check: kernel=synthesis_rewrite_write grid=1 block=64 shared=20516 nodes=8 trees=2 window=1024 totals=u32[1]=zero
 * gpubench-check: kernel=synthesis_rewrite_write kind=u8[8]=hex:0800030100000200 arity=u8[8]=hex:0300020000000100 symbol=u32[8]=7..14 first_child=u32[8]=hex:0100000000000000040000000000000000000000000000000700000000000000 value=i32[8]=0..7 tree_start=u32[3]=hex:000000000600000008000000
 * gpubench-check: kernel=synthesis_rewrite_write out_kind=u8[8] out_arity=u8[8] out_symbol=u32[8] out_first_child=u32[8] out_value=i32[8] out_tree_start=u32[3]
 * gpubench-check: kernel=synthesis_rewrite_scan grid=1 block=1024 totals=u32[1500]=1..9 count=1500
 *
 * For expanding: both matches of one pattern, whose template has 10 bytes with a hole from the second one on.
 * gpubench-check: kernel=synthesis_expand_prepare grid=2 block=1024 patterns=1 match_start=u64[2]=hex:00000000000000000200000000000000 image_start=u32[2]=hex:0000000010000000 length=u32[1]=10 images=u8[16] extended=u32[12] offset=null closed=1
 * gpubench-check: kernel=synthesis_expand_prepare slice_bits=0 text_start=u64[2] span_start=u64[2]
 * gpubench-check: kernel=synthesis_expand_offsets grid=1 block=256 patterns=1 match_start=u64[2]=hex:00000000000000000200000000000000 length=u32[1]=10 offset=u64[4] state=u64[3]=zero
 * gpubench-check: kernel=synthesis_expand_text grid=2 block=32 shared=4640 patterns=1 match_start=u64[2]=hex:00000000000000000200000000000000 image_start=u32[2]=hex:0000000010000000 length=u32[1]=10 node=u32[2]=hex:0000000006000000
 * gpubench-check: kernel=synthesis_expand_text extended=u32[12] hole_start=u32[2]=0.. holes=u32[2]=hex:0100000001000000 symbol=u32[8]=7..14
 * gpubench-check: kernel=synthesis_expand_text first_child=u32[8]=hex:0100000000000000040000000000000000000000000000000700000000000000 text_start=u64[2]=hex:00000000000000001400000000000000
 * gpubench-check: kernel=synthesis_expand_text span_start=u64[2]=hex:00000000000000000100000000000000 slice_bits=0 with_offsets=1 offset=u64[4] text=u8[32]
 *
 * For the comparison.
 * gpubench-check: kernel=synthesis_begin grid=1 block=32 sample=u64[80]=zero key0=1 key1=2 poison=3
 * gpubench-check: kernel=synthesis_check in=u32[100] bytes=399 weight=3 key=5 expected0=1 expected1=2 sums=u64[2]=zero verdict=u64[8]=zero
 */
#include "synthesis.cuh"
#include "synthesis_check.cuh"
#include "synthesis_list.cuh"
#include "synthesis_match.cuh"
#include "synthesis_rewrite.cuh"
#include "synthesis_text.cuh"

constexpr u32 BLOCK = 256;

extern "C" __global__ void __launch_bounds__(BLOCK)
    synthesis_generate(u8 *kind, u8 *arity, u32 *symbol, u32 *first_child, int *value, const u32 *tree_start, u32 trees,
                       u64 key1, u64 key2, const u32 *threshold, const u16 *alias, const u32 *bound, u32 literal_bound)
{
    const Grammar grammar = {threshold, alias, bound, literal_bound};
    for (u64 tree = first_thread(); tree < trees; tree += all_threads()) {
        const u32 begin = tree_start[tree];
        const u32 nodes = tree_start[tree + 1] - begin;
        u32 made = 1;
        for (u32 i = 0; i < nodes; i++) {
            const u32 node = begin + i;
            const u64 w = word(key1, node);
            const u64 v = word(key2, node);
            const u32 rest = nodes - made;
            u32 of_kind = kind_of(w, grammar);
            u32 children = of_kind == CALL ? children_of_call(w, MOST_ARITY) : arity_of(of_kind);
            if (rest == 0) {
                of_kind = LITERAL;
                children = 0;
            } else if (children == 0 && made == i + 1) {
                of_kind = CALL;
                children = min(rest, 1 + children_of_call(w, MOST_ARITY - 1));
            } else if (children > rest) {
                of_kind = CALL;
                children = rest;
            }
            if (of_kind == LITERAL) {
                of_kind = leaf_of(v, grammar);
            }
            kind[node] = (u8)of_kind;
            arity[node] = (u8)children;
            symbol[node] = symbol_of(w, grammar);
            first_child[node] = children == 0 ? 0 : begin + made;
            value[node] = of_kind == LITERAL ? value_of(v) : 0;
            made += children;
        }
    }
}
