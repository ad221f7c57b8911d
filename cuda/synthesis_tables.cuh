/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the versions of synthesis.match find the pairs of a node and a pattern that are left to compare. Each of them takes the
 * nodes of a warp's tile, 4 CHUNKS of each lane, and gives a queue words of up to 32 patterns. synthesis.match.md has what
 * each costs.
 *
 *   brute   compares each node with each pattern's root: an operation and a predicated one a pair
 *   masks   ANDs two words of 32 patterns, by kind and arity and by symbol; all words
 *   index   by symbol, which kinds some pattern asks for; then only groups of patterns with the node's kind and symbol, or
 *           with its kind and any symbol, a word by arity
 *   kinds   the same, and a word by the kind of each of the first four children that the group looks at
 *
 * The tables are one array of words that begins with Places.
 */
#ifndef GPUBENCH_SYNTHESIS_TABLES_CUH
#define GPUBENCH_SYNTHESIS_TABLES_CUH

#include "synthesis_pairs.cuh"

/* What tables begin with. Places are counted in words from their begin. */
struct Places {
    u32 everywhere;        /* groups of patterns that ask the root for nothing: first | count << 16 */
    u32 of_kind[KINDS];    /* groups that ask for a kind and no symbol, likewise */
    u32 buckets;           /* for each kind and symbol that is asked for: groups, likewise */
    u32 groups;            /* of these, a Group each, at a multiple of four words */
    u32 roots;             /* brute: mask and want of each root */
    u32 by_low;            /* masks: a word for each kind | arity << 4, for each 32 patterns */
    u32 by_symbol;         /* masks: a word for each symbol, likewise */
    u32 residual_starts;   /* a place for each pattern and one more */
    u32 residuals;         /* two words for each */
    u32 merged;            /* whether buckets have the patterns of their kind without a symbol, too */
    u32 unused;
};

/* Up to 32 patterns with the same root but for its arity. */
struct Group {
    u32 first_slot;
    u32 table; /* a word for each arity 0 .. 10; kinds: then for each child looked at, a word for each of ten kinds */
    u32 children; /* looked at, at most MOST_CHILDREN */
    u32 sure; /* patterns of which nothing is left to compare */
};

constexpr u32 ARITIES = MOST_ARITY + 1;

/* Children whose kinds are looked up; those of others are compared. */
constexpr u32 MOST_CHILDREN = 4;

/* Bits of a word of the directory: the kinds that patterns ask for with that symbol; above, the first of their buckets. */
constexpr u32 BUCKET_SHIFT = 16;

/* What a finder has to look at. */
struct Tables {
    const u32 *word;      /* in shared memory or not */
    const u32 *filter;    /* in shared memory: for each symbol a bit for each kind and odd arity, see filtered() */
    const u32 *directory; /* for each symbol */
    u32 patterns;

    __device__ __forceinline__ const Places &places() const
    {
        return *reinterpret_cast<const Places *>(word);
    }

    __device__ __forceinline__ Residuals residuals() const
    {
        return {word + places().residual_starts, word + places().residuals};
    }
};

/* Whether a tile has nodes beyond the last. */
template <u32 CHUNKS> __device__ __forceinline__ bool ends(const NodeArrays &nodes, u32 tile)
{
    return tile + CHUNKS * CHUNK > nodes.count;
}

template <u32 PLACES> __device__ __forceinline__ void keep_nodes(const u32 (&header)[PLACES], u32 (&word)[PLACES])
{
#pragma unroll
    for (u32 j = 0; j < PLACES; j++) {
        word[j] = header[j] == NOBODY ? 0 : word[j];
    }
}

struct Brute {
    static constexpr bool FILTERED = false;

    template <u32 CHUNKS, class Queue>
    static __device__ __forceinline__ void find(const NodeArrays &nodes, const Tables &tables, u32 tile, u32 *, Queue &queue)
    {
        constexpr u32 PLACES = NODES_OF_LOAD * CHUNKS;
        u32 header[PLACES];
        u32 symbol[PLACES];
        load<CHUNKS>(nodes, tile, header, symbol);
        const uint2 *roots = reinterpret_cast<const uint2 *>(tables.word + tables.places().roots);
#pragma unroll 1
        for (u32 first = 0; first < tables.patterns; first += 32) {
            const u32 some = min(32u, tables.patterns - first);
            u32 word[PLACES] = {};
#pragma unroll 4
            for (u32 p = 0; p < some; p++) {
                const uint2 asked = roots[first + p];
                const u32 bit = 1u << p;
#pragma unroll
                for (u32 j = 0; j < PLACES; j++) {
                    if (((header[j] ^ asked.y) & asked.x) == 0) {
                        word[j] |= bit;
                    }
                }
            }
            if (ends<CHUNKS>(nodes, tile)) {
                keep_nodes(header, word);
            }
            queue.push(word, first);
        }
    }
};

struct Masks {
    static constexpr bool FILTERED = false;

    template <u32 CHUNKS, class Queue>
    static __device__ __forceinline__ void find(const NodeArrays &nodes, const Tables &tables, u32 tile, u32 *, Queue &queue)
    {
        constexpr u32 PLACES = NODES_OF_LOAD * CHUNKS;
        u32 header[PLACES];
        u32 symbol[PLACES];
        load<CHUNKS>(nodes, tile, header, symbol);
        const u32 *by_low = tables.word + tables.places().by_low;
        const u32 *by_symbol = tables.word + tables.places().by_symbol;
#pragma unroll 1
        for (u32 first = 0; first < tables.patterns; first += 32) {
            u32 word[PLACES];
#pragma unroll
            for (u32 j = 0; j < PLACES; j++) {
                word[j] = by_low[header[j] & 0xFF] & by_symbol[header[j] >> SYMBOL_SHIFT];
            }
            if (ends<CHUNKS>(nodes, tile)) {
                keep_nodes(header, word);
            }
            queue.push(word, first);
            by_low += 1u << SYMBOL_SHIFT;
            by_symbol += SYMBOLS;
        }
    }
};

/*
 * Whether some pattern may match a node, in the highest bit. A word of the filter has, from its highest bit down, one for each
 * kind and even arity, then those for odd arity, so that the header's low five bits, which is what a shift takes of it, choose.
 */
__device__ __forceinline__ u32 filtered(u32 word, u32 header)
{
    return __funnelshift_l(0, word, header);
}

/* Groups of patterns for a node, in up to three rows. */
struct Rows {
    u32 first[3];
    u32 count[3];

    __device__ __forceinline__ void set(u32 row, u32 range)
    {
        first[row] = range & 0xFFFF;
        count[row] = range >> 16;
    }

    __device__ __forceinline__ u32 groups() const
    {
        return count[0] + count[1] + count[2];
    }

    __device__ __forceinline__ u32 at(u32 turn) const
    {
        return turn < count[0]              ? first[0] + turn
               : turn < count[0] + count[1] ? first[1] + turn - count[0]
                                            : first[2] + turn - count[0] - count[1];
    }
};

template <bool CHILDREN> struct Index {
    static constexpr bool FILTERED = true;

    static __device__ __forceinline__ Rows rows(const Tables &tables, u32 buckets, u32 everywhere, u32 merged,
                                                u32 header)
    {
        const u32 kind = header & 15;
        const u32 asked = __ldg(tables.directory + (header >> SYMBOL_SHIFT));
        Rows rows;
        rows.set(0, tables.places().of_kind[kind]);
        rows.set(1, 0);
        rows.set(2, everywhere);
        if (asked >> kind & 1) {
            const u32 before = __popc(asked & ((1u << kind) - 1));
            const u32 range = tables.word[buckets + (asked >> BUCKET_SHIFT) + before];
            if (merged) {
                rows.set(0, range);
            } else {
                rows.set(1, range);
            }
        }
        return rows;
    }

    /* The patterns of a group that the node's arity, and the kinds of its children, leave. */
    static __device__ __forceinline__ u32 left(const NodeArrays &nodes, const Tables &tables, const uint4 &group, u32 header,
                                               u32 node)
    {
        const u32 *table = tables.word + group.y;
        const u32 arity = header >> ARITY_SHIFT & 15;
        u32 word = table[arity];
        const u32 children = min(arity, group.z);
        if (CHILDREN && children != 0 && word != 0) {
            const u8 *kind = nodes.kind + __ldg(nodes.first_child + node);
            table += ARITIES;
#pragma unroll
            for (u32 child = 0; child < MOST_CHILDREN; child++) { /* side by side */
                if (child < children) {
                    word &= table[child * KINDS + __ldg(kind + child)];
                }
            }
        }
        return word;
    }

    template <u32 CHUNKS, class Queue>
    static __device__ __forceinline__ void find(const NodeArrays &nodes, const Tables &tables, u32 tile, u32 *active,
                                                Queue &queue)
    {
        constexpr u32 PLACES = NODES_OF_LOAD * CHUNKS;
        const u32 lane = threadIdx.x % WARP;
        u32 header[PLACES];
        u32 symbol[PLACES];
        load<CHUNKS>(nodes, tile, header, symbol);
        u32 some = 0; /* the first place's bit is the highest of PLACES */
#pragma unroll
        for (u32 j = 0; j < PLACES; j++) {
            some = __funnelshift_l(filtered(tables.filter[symbol[j]], header[j]), some, 1);
        }
        if (ends<CHUNKS>(nodes, tile)) {
#pragma unroll
            for (u32 j = 0; j < PLACES; j++) {
                some &= header[j] == NOBODY ? ~(1u << (PLACES - 1 - j)) : ~0u;
            }
        }
        u32 count;
        u32 *next = active + sum_before(__popc(some), count);
        u32 place = lane * NODES_OF_LOAD << 20;
        asm volatile("" : "+r"(place)); /* or it is made anew for each node */
#pragma unroll
        for (u32 j = 0; j < PLACES; j++) {
            if (some & 1u << (PLACES - 1 - j)) {
                *next++ = header[j] | place | (j / NODES_OF_LOAD * CHUNK + j % NODES_OF_LOAD) << 20;
            }
        }
        __syncwarp();
        const uint4 *groups = reinterpret_cast<const uint4 *>(tables.word + tables.places().groups);
        const u32 buckets = tables.places().buckets;
        const u32 everywhere = tables.places().everywhere;
        const u32 merged = tables.places().merged;
#pragma unroll 1
        for (u32 i = lane; i - lane < count; i += WARP) {
            u32 local = 0;
            u32 of = 0;
            u32 turns = 0;
            Rows row = {};
            if (i < count) {
                const u32 entry = active[i];
                of = entry & HEADER_MASK;
                local = entry >> 20;
                row = rows(tables, buckets, everywhere, merged, of);
                turns = row.groups();
            }
#pragma unroll 1
            for (u32 turn = 0; __any_sync(ALL_LANES, turn < turns); turn++) {
                u32 word = 0;
                uint4 group = make_uint4(0, 0, 0, 0);
                if (turn < turns) {
                    group = groups[row.at(turn)];
                    word = left(nodes, tables, group, of, tile + local);
                }
                queue.push(word, group.w, group.x, local);
            }
        }
        __syncwarp();
    }
};

#endif
