/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synthesis.rewrite: a window of nodes in shared memory, in which trees are folded and what is left of them is queued.
 * synthesis_rewrite.cuh has the mathematics and the idea.
 */
#ifndef GPUBENCH_SYNTHESIS_FOLD_CUH
#define GPUBENCH_SYNTHESIS_FOLD_CUH

#include "synthesis_scan.cuh"

constexpr u32 MOST_TREE = 1024;
constexpr u32 LOADED = 4; /* nodes that a thread loads at once */

/* What the last tree has beyond the window, and what lies before the first one up to a multiple of LOADED. */
constexpr u32 SPARE = MOST_TREE - 1 + LOADED - 1;
constexpr u32 PLACES = 4096;
constexpr u32 MOST_WINDOW = PLACES - SPARE;

/* A node in shared memory: its kind, arity, where its children are, and which node of the window it is. */
constexpr u32 CHILD_SHIFT = 8;
constexpr u32 SELF_SHIFT = 20;
constexpr u32 PLACE_MASK = PLACES - 1;

struct ForestIn {
    const u8 *kind;
    const u8 *arity;
    const u32 *symbol;
    const u32 *first_child;
    const int *value;
    const u32 *tree_start;
    u32 nodes;
    u32 trees;
};

/* The window of a block. */
struct Window {
    u32 first; /* tree */
    u32 last;  /* the first one that is not of it */
    u32 base;  /* the node at place 0, a multiple of LOADED */
    u32 end;   /* the first node behind it */
};

struct Nodes {
    u32 *word;
    int *value;
    u16 *queue;
};

__device__ __forceinline__ u32 child_of(u32 word)
{
    return word >> CHILD_SHIFT & PLACE_MASK;
}

__device__ __forceinline__ u32 with_child(u32 word, u32 child)
{
    return (word & ~(PLACE_MASK << CHILD_SHIFT)) | child << CHILD_SHIFT;
}

__device__ __forceinline__ u32 word_of(u32 kind, u32 arity, u32 child, u32 self)
{
    return kind | arity << ARITY_SHIFT | (child & PLACE_MASK) << CHILD_SHIFT | self << SELF_SHIFT;
}

__device__ __forceinline__ u32 kind_of_word(u32 word)
{
    return word & 15;
}

__device__ __forceinline__ u32 arity_of_word(u32 word)
{
    return word >> ARITY_SHIFT & 15;
}

/* Takes the nodes of a window into shared memory. */
__device__ __forceinline__ void load_window(const ForestIn &in, const Window &window, const Nodes &nodes)
{
    for (u32 i = window.base + LOADED * threadIdx.x; i < window.end; i += LOADED * blockDim.x) {
        const u32 place = i - window.base;
        if (i + LOADED <= in.nodes) {
            const u32 kinds = __ldg(reinterpret_cast<const u32 *>(in.kind + i));
            const u32 arities = __ldg(reinterpret_cast<const u32 *>(in.arity + i));
            const uint4 children = __ldg(reinterpret_cast<const uint4 *>(in.first_child + i));
            const int4 values = __ldg(reinterpret_cast<const int4 *>(in.value + i));
            const u32 both = kinds | arities << ARITY_SHIFT;
            uint4 words;
            words.x = word_of(both & 255, 0, children.x - window.base, place);
            words.y = word_of(both >> 8 & 255, 0, children.y - window.base, place + 1);
            words.z = word_of(both >> 16 & 255, 0, children.z - window.base, place + 2);
            words.w = word_of(both >> 24, 0, children.w - window.base, place + 3);
            *reinterpret_cast<uint4 *>(nodes.word + place) = words;
            *reinterpret_cast<int4 *>(nodes.value + place) = values;
        } else {
            for (u32 j = 0; i + j < in.nodes; j++) {
                nodes.word[place + j] =
                    word_of(in.kind[i + j], in.arity[i + j], in.first_child[i + j] - window.base, place + j);
                nodes.value[place + j] = in.value[i + j];
            }
        }
    }
}

/* What a node with literals for children comes to. With one child, b is a; an `if` has b for the value that it chooses. */
__device__ __forceinline__ int folded(u32 kind, int a, int b)
{
    const u32 x = kind == NEG ? 0 : (u32)a;
    const u32 y = kind == ADD ? (u32)b : 0u - (u32)b;
    u32 result = x + y;
    result = kind == MUL ? (u32)a * (u32)b : result;
    result = kind == MIN ? (u32)min(a, b) : result;
    result = kind == MAX ? (u32)max(a, b) : result;
    return (int)(kind == IF ? (u32)b : result);
}

/* Whether a condition holds in any lane; for lanes that are all of one tree, who have it in common, no question. */
template <u32 LANES> __device__ __forceinline__ bool in_any(bool condition)
{
    return LANES == WARP ? condition : (bool)__any_sync(ALL_LANES, condition);
}

/*
 * Folds the trees of `count` nodes from place `root` on, LANES lanes each; count = root = 0 for none. For a full warp.
 */
template <u32 LANES> __device__ __forceinline__ void fold_trees(const Nodes &nodes, u32 root, u32 count)
{
    static_assert(LITERAL == 0, "the kinds of two words are both LITERAL when their OR is");
    const u32 lane = threadIdx.x % LANES;
    const u32 shift = threadIdx.x % WARP / LANES * LANES; /* of the votes of this tree's lanes */
    const u32 own = (ALL_LANES >> (WARP - LANES)) << shift;
    u32 end = root + (count + LANES - 1) / LANES * LANES;
#pragma unroll 1
    while (in_any<LANES>(end != root)) {
        const u32 begin = end - LANES;
        const u32 place = begin + lane;
        const u32 word = end != root && place < root + count ? nodes.word[place] : (u32)VARIABLE;
        const u32 kind = kind_of_word(word);
        const u32 child = child_of(word);
        const u32 second = child + (kind >= ADD && kind <= MAX);
        bool open = kind >= NEG && kind <= IF;
        const u32 here =
            open && child < end ? (((1u << arity_of_word(word)) - 1) << (child - begin)) << shift & own : 0;
        for (u32 waiting = __ballot_sync(ALL_LANES, open); waiting != 0; waiting = __ballot_sync(ALL_LANES, open)) {
            const bool ready = open && (here & waiting) == 0;
            if (ready && kind_of_word(nodes.word[child] | nodes.word[second]) == LITERAL) {
                const int a = nodes.value[child];
                const u32 other = kind != IF ? second : a != 0 ? child + 1 : child + 2;
                const int b = nodes.value[other];
                nodes.word[place] = kind == IF ? nodes.word[other] : LITERAL | place << SELF_SHIFT;
                nodes.value[place] = folded(kind, a, b);
            }
            open = open && !ready;
            __syncwarp(); /* what was stored is there for whoever waited */
        }
        end = end != root ? begin : end;
    }
}

/*
 * Queues what is left of folded trees, breadth-first, LANES lanes each. The word of each such node then has the place of its
 * children in the queue, that of the root how many nodes are left. `any` says whether these lanes have a tree. For a full warp.
 */
template <u32 LANES> __device__ __forceinline__ void queue_trees(const Nodes &nodes, u32 root, bool any)
{
    const u32 lane = threadIdx.x % LANES;
    u16 *const queue = nodes.queue + root;
    if (any && lane == 0) {
        queue[0] = (u16)root;
    }
    u32 head = 0;
    u32 tail = any ? 1 : 0;
    u32 word_of_root = 0;
    __syncwarp();
#pragma unroll 1
    while (in_any<LANES>(head < tail)) {
        const u32 ready = min(tail - head, LANES);
        u32 node = 0;
        u32 word = 0;
        if (lane < ready) {
            node = queue[head + lane];
            word = nodes.word[node];
        }
        const u32 arity = arity_of_word(word);
        const u32 through = warp_scan<LANES>(arity);
        const u32 place = tail + through - arity;
        const u32 child = child_of(word);
        word = with_child(word, place);
        if (head == 0) {
            word_of_root = word;
        }
        if (arity > 0) {
            nodes.word[node] = word;
            u16 *const to = queue + place;
            to[0] = (u16)child;
            if (arity > 1) {
                to[1] = (u16)(child + 1);
            }
            if (arity > 2) {
                to[2] = (u16)(child + 2);
            }
#pragma unroll 1
            for (u32 j = 3; j < arity; j++) {
                to[j] = (u16)(child + j);
            }
        }
        head += ready;
        tail += __shfl_sync(ALL_LANES, through, LANES - 1, LANES);
        __syncwarp();
    }
    if (any && lane == 0) {
        nodes.word[root] = with_child(word_of_root, tail);
    }
}

#endif
