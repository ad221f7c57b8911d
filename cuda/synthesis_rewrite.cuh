/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synthesis.rewrite: constant folding from the leaves to the roots, and the compacted forest. Oracle:
 * io.gpubench.workloads.synthesis.RewriteOracle. synthesis.rewrite.md has what it is expected to take, and why.
 *
 * The mathematics. In the order of descending indices, in which children come before their parents: neg, add, sub, mul, min, max
 * whose children are all literals become a literal, by arithmetic modulo 2^32; an `if` whose condition is a literal stands for
 * what its second child (condition not 0) or third child stands for. What the root stands for is the new root, and what the
 * children of a node that stays stand for are its new children, in breadth-first order.
 *
 * The idea. A block takes a window of nodes, or rather the trees that begin in it, into its shared memory: 8 bytes a node,
 * and 2 for a queue. From then on a warp takes a tree at a time, whichever is next, large trees first; of small trees, four at a
 * time with 8 lanes each, for which the steps below are of 8 nodes.
 *
 *   fold      32 nodes a step, from the last ones on, which look at the words of their children. Nodes with children among
 *             the same 32 wait until these are done: votes say who is not. An `if` that goes takes over the word and the value of
 *             what it stands for.
 *   queue     breadth-first: up to 32 nodes a step from the queue, their children behind it; the places of these are sums of
 *             arities over the lanes. The node's word then has the place of its children.
 *   write     32 nodes of a tree's queue a step, each array in consecutive addresses.
 *
 * Between queue and write a block needs to know how many nodes all trees before its own leave:
 *
 *   lookback  synthesis_rewrite_lookback. One launch: blocks tell each other (synthesis_scan.cuh).
 *   twopass   synthesis_rewrite_count, _scan, _write. The first one does all but write, the third one does all of it again.
 *
 * With N nodes, N' that are left, T trees, bytes:
 *   lookback  read 14 N + 4 T, write 14 N' + 4 T
 *   twopass   read 24 N + 8 T, write 14 N' + 4 T
 *
 * Launch shape: a block for each window, of any number of warps up to MOST_REWRITE_THREADS; dynamic shared memory of
 * 10 bytes for each node of a window and SPARE more, with the first two arrays rounded up to 16 bytes each. A window is at
 * least a tree, MOST_TREE nodes, and at most MOST_WINDOW, since a node's place in shared memory has 12 bits. Input arrays begin at
 * multiples of 16 bytes.
 */
#ifndef GPUBENCH_SYNTHESIS_REWRITE_CUH
#define GPUBENCH_SYNTHESIS_REWRITE_CUH

#include "synthesis_fold.cuh"
#include "synthesis_scan.cuh"

constexpr u32 MOST_REWRITE_THREADS = 512;

/* Trees of at least so many nodes come first, and those of fewer than so many, several to a warp, last. */
constexpr u32 LARGE_TREE = 256;
constexpr u32 MEDIUM_TREE = 65;
constexpr u32 FEW_LANES = 8;
constexpr u32 SMALL_AT_ONCE = 8; /* trees that a warp looks at to find small ones */

struct ForestOut {
    u8 *kind;
    u8 *arity;
    u32 *symbol;
    u32 *first_child;
    int *value;
    u32 *tree_start;
};

/* What the threads of a block share besides its nodes. */
struct RewriteDesk {
    Ticket ticket;
    u32 first;
    u32 last;
    u32 next[2];  /* the tree that is next to be folded, written */
    u32 total;    /* nodes that are left */
    u32 before;   /* those of all windows before */
};

/* Writes what is left of a tree to its places from `first` on. For a full warp. */
__device__ __forceinline__ void write_tree(const ForestIn &in, const ForestOut &out, const Window &window, const Nodes &nodes,
                                           u32 root, u32 first, u32 count)
{
    for (u32 i = threadIdx.x % WARP; i < count; i += WARP) {
        const u32 node = nodes.queue[root + i];
        const u32 word = nodes.word[node];
        const u32 symbol = __ldg(in.symbol + window.base + (word >> SELF_SHIFT));
        const u32 arity = arity_of_word(word);
        const u32 child = i == 0 ? 1 : child_of(word); /* the root's word has something else there */
        const u32 to = first + i;
        out.kind[to] = (u8)kind_of_word(word);
        out.arity[to] = (u8)arity;
        out.symbol[to] = symbol;
        out.first_child[to] = arity == 0 ? 0 : first + child;
        out.value[to] = nodes.value[node];
    }
}

/* The next number of a count in shared memory. For a full warp. */
__device__ __forceinline__ u32 next_of(u32 *count)
{
    u32 next = 0;
    if (threadIdx.x % WARP == 0) {
        next = atomicAdd(count, 1u);
    }
    return __shfl_sync(ALL_LANES, next, 0);
}

/* Folds and queues the small ones of SMALL_AT_ONCE trees, a few lanes each. For a full warp. */
__device__ __forceinline__ void fold_small(const ForestIn &in, const Window &window, const Nodes &nodes, u32 first)
{
    const u32 lane = threadIdx.x % WARP;
    u32 start = 0;
    u32 count = 0;
    if (lane < SMALL_AT_ONCE && first + lane < window.last) {
        start = __ldg(in.tree_start + first + lane);
        count = __ldg(in.tree_start + first + lane + 1) - start;
    }
    u32 small = __ballot_sync(ALL_LANES, count > 0 && count < MEDIUM_TREE);
    while (small != 0) {
        u32 from = WARP; /* the lane that knows the tree of this lane's group */
#pragma unroll
        for (u32 group = 0; group < WARP / FEW_LANES; group++) {
            from = lane / FEW_LANES == group && small != 0 ? (u32)__ffs((int)small) - 1 : from;
            small &= small - 1;
        }
        const bool any = from < WARP;
        const u32 root = __shfl_sync(ALL_LANES, start, from % WARP) - window.base;
        const u32 size = __shfl_sync(ALL_LANES, count, from % WARP);
        fold_trees<FEW_LANES>(nodes, any ? root : 0, any ? size : 0);
        queue_trees<FEW_LANES>(nodes, any ? root : 0, any);
        __syncwarp();
    }
}

/* Folds and queues the trees of a window: first the large ones, so that none is left when all others are done. */
__device__ __forceinline__ void fold_window(const ForestIn &in, const Window &window, const Nodes &nodes, RewriteDesk *desk)
{
    const u32 trees = window.last - window.first;
    const u32 turns = 2 * trees + (trees + SMALL_AT_ONCE - 1) / SMALL_AT_ONCE;
#pragma unroll 1
    for (u32 turn = next_of(&desk->next[0]); turn < turns; turn = next_of(&desk->next[0])) {
        if (turn >= 2 * trees) {
            fold_small(in, window, nodes, window.first + (turn - 2 * trees) * SMALL_AT_ONCE);
            continue;
        }
        const u32 tree = window.first + (turn < trees ? turn : turn - trees);
        const u32 start = __ldg(in.tree_start + tree);
        const u32 count = __ldg(in.tree_start + tree + 1) - start;
        if (turn < trees ? count >= LARGE_TREE : count < LARGE_TREE && count >= MEDIUM_TREE) {
            fold_trees<WARP>(nodes, start - window.base, count);
            queue_trees<WARP>(nodes, start - window.base, true);
        }
    }
}

/* Where each tree's nodes begin among those of the window, in the word of its root; returns their sum. For a full warp. */
__device__ __forceinline__ u32 place_trees(const ForestIn &in, const Window &window, const Nodes &nodes)
{
    const u32 lane = threadIdx.x % WARP;
    u32 all = 0;
    for (u32 first = window.first; first < window.last; first += WARP) {
        u32 word = 0;
        u32 root = 0;
        if (first + lane < window.last) {
            root = __ldg(in.tree_start + first + lane) - window.base;
            word = nodes.word[root];
        }
        const u32 count = child_of(word);
        const u32 sum = warp_scan(count);
        if (first + lane < window.last) {
            nodes.word[root] = with_child(word, all + sum - count);
        }
        all += __shfl_sync(ALL_LANES, sum, WARP - 1);
    }
    return all;
}

/* Writes the trees of a window. */
__device__ __forceinline__ void write_window(const ForestIn &in, const ForestOut &out, const Window &window,
                                             const Nodes &nodes, RewriteDesk *desk)
{
    const u32 trees = window.last - window.first;
    for (u32 turn = next_of(&desk->next[1]); turn < trees; turn = next_of(&desk->next[1])) {
        const u32 tree = window.first + turn;
        const u32 root = __ldg(in.tree_start + tree) - window.base;
        const u32 begin = child_of(nodes.word[root]);
        const u32 end =
            turn + 1 < trees ? child_of(nodes.word[__ldg(in.tree_start + tree + 1) - window.base]) : desk->total;
        const u32 first = desk->before + begin;
        if (threadIdx.x % WARP == 0) {
            out.tree_start[tree] = first;
        }
        write_tree(in, out, window, nodes, root, first, end - begin);
    }
    if (trees > 0 && window.last == in.trees && threadIdx.x == 0) { /* windows behind the last tree have none */
        out.tree_start[in.trees] = desk->before + desk->total;
    }
}

enum RewriteMode { LOOKBACK, COUNT, WRITE };

template <RewriteMode MODE>
__device__ __forceinline__ void rewrite(const ForestIn &in, const ForestOut &out, u32 window_nodes, ScanState *state,
                                        u32 *totals)
{
    extern __shared__ uint4 rewrite_memory[];
    __shared__ RewriteDesk desk;

    const u32 warp = threadIdx.x / WARP;
    if (threadIdx.x == 0) {
        desk.ticket = MODE == LOOKBACK ? take_ticket(state) : Ticket{blockIdx.x, 0};
        desk.next[0] = 0;
        desk.next[1] = 0;
    }
    __syncthreads();
    const u32 tile = desk.ticket.tile;
    if (warp < 2) { /* the first tree of this window, and of the next one */
        const u64 from = (u64)(tile + warp) * window_nodes;
        const u32 tree = warp_below(in.trees, [&](u32 i) { return __ldg(in.tree_start + i) < from; });
        if (threadIdx.x % WARP == 0) {
            (warp == 0 ? desk.first : desk.last) = tree;
        }
    }
    __syncthreads();
    Window window;
    window.first = desk.first;
    window.last = desk.last;
    window.base = __ldg(in.tree_start + window.first) / LOADED * LOADED;
    window.end = __ldg(in.tree_start + window.last);
    const u32 quads = (window_nodes + SPARE + LOADED - 1) / LOADED;
    Nodes nodes;
    nodes.word = reinterpret_cast<u32 *>(rewrite_memory);
    nodes.value = reinterpret_cast<int *>(rewrite_memory + quads);
    nodes.queue = reinterpret_cast<u16 *>(rewrite_memory + 2 * quads);

    load_window(in, window, nodes);
    __syncthreads();
    fold_window(in, window, nodes, &desk);
    __syncthreads();
    if (warp == 0) {
        const u32 total = place_trees(in, window, nodes);
        u32 before = 0;
        if (MODE == LOOKBACK) {
            before = (u32)look_back(reinterpret_cast<u64 *>(state + 1), desk.ticket, total);
        } else if (MODE == WRITE) {
            before = totals[tile];
        } else if (threadIdx.x == 0) {
            totals[tile] = total;
        }
        if (threadIdx.x == 0) {
            desk.total = total;
            desk.before = before;
        }
    }
    if (MODE != COUNT) {
        __syncthreads();
        write_window(in, out, window, nodes, &desk);
    }
}

extern "C" __global__ void __launch_bounds__(MOST_REWRITE_THREADS)
    synthesis_rewrite_lookback(const u8 *kind, const u8 *arity, const u32 *symbol, const u32 *first_child, const int *value,
                               const u32 *tree_start, u32 nodes, u32 trees, u32 window, ScanState *state, u8 *out_kind,
                               u8 *out_arity, u32 *out_symbol, u32 *out_first_child, int *out_value, u32 *out_tree_start)
{
    const ForestIn in = {kind, arity, symbol, first_child, value, tree_start, nodes, trees};
    const ForestOut out = {out_kind, out_arity, out_symbol, out_first_child, out_value, out_tree_start};
    rewrite<LOOKBACK>(in, out, window, state, nullptr);
}

extern "C" __global__ void __launch_bounds__(MOST_REWRITE_THREADS)
    synthesis_rewrite_count(const u8 *kind, const u8 *arity, const u32 *first_child, const int *value,
                            const u32 *tree_start, u32 nodes, u32 trees, u32 window, u32 *totals)
{
    const ForestIn in = {kind, arity, nullptr, first_child, value, tree_start, nodes, trees};
    rewrite<COUNT>(in, ForestOut(), window, nullptr, totals);
}

extern "C" __global__ void __launch_bounds__(MOST_REWRITE_THREADS)
    synthesis_rewrite_write(const u8 *kind, const u8 *arity, const u32 *symbol, const u32 *first_child, const int *value,
                            const u32 *tree_start, u32 nodes, u32 trees, u32 window, u32 *totals, u8 *out_kind,
                            u8 *out_arity, u32 *out_symbol, u32 *out_first_child, int *out_value, u32 *out_tree_start)
{
    const ForestIn in = {kind, arity, symbol, first_child, value, tree_start, nodes, trees};
    const ForestOut out = {out_kind, out_arity, out_symbol, out_first_child, out_value, out_tree_start};
    rewrite<WRITE>(in, out, window, nullptr, totals);
}

/* Exclusive sums of the windows' totals, in place. One block of SCAN_THREADS. */
constexpr u32 SCAN_THREADS = 1024;

extern "C" __global__ void __launch_bounds__(SCAN_THREADS) synthesis_rewrite_scan(u32 *totals, u32 count)
{
    __shared__ u32 of_warp[SCAN_THREADS / WARP];
    __shared__ u32 all;
    const u32 warp = threadIdx.x / WARP;
    const u32 lane = threadIdx.x % WARP;
    u32 before = 0;
    for (u32 first = 0; first < count; first += SCAN_THREADS) {
        const u32 i = first + threadIdx.x;
        const u32 own = i < count ? totals[i] : 0;
        const u32 sum = warp_scan(own);
        if (lane == WARP - 1) {
            of_warp[warp] = sum;
        }
        __syncthreads();
        if (warp == 0) {
            const u32 of_this = of_warp[lane];
            const u32 sums = warp_scan(of_this);
            of_warp[lane] = sums - of_this;
            if (lane == WARP - 1) {
                all = sums;
            }
        }
        __syncthreads();
        if (i < count) {
            totals[i] = before + of_warp[warp] + sum - own;
        }
        before += all;
        __syncthreads();
    }
}

#endif
