/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libgpubench_host: the CPU kernels of the `host` engine.
 *
 * Conventions
 *   - A function that can fail for a reason worth telling returns 0 or a negative GPUBENCH_HOST_ERROR_ code. It never
 *     aborts, prints, or leaves a half-made object behind.
 *   - Whoever creates an object destroys it, what was created with a pool before that pool. Destroying NULL
 *     does nothing. Objects own copies of what they were created from; the caller's arrays are free afterwards.
 *   - Nothing is allocated, locked or freed between creation and destruction.
 *   - Thread rule: a pool, a mailbox and everything created with a pool is used by one thread at a time. Different ones are independent.
 *   - All integers are little-endian, as on every platform this library supports.
 */
#ifndef GPUBENCH_HOST_H
#define GPUBENCH_HOST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define GPUBENCH_API __attribute__((visibility("default")))
#else
#define GPUBENCH_API
#endif

/* The revision of this header. A caller compares it with gpubench_host_abi() before anything else. */
#define GPUBENCH_HOST_ABI 6

/* Error codes. */
enum {
    GPUBENCH_HOST_OK = 0,
    GPUBENCH_HOST_ERROR_ARGUMENT = -1, /* NULL where an object or array is needed, or a number out of its range */
    GPUBENCH_HOST_ERROR_MEMORY = -2,   /* no memory */
    GPUBENCH_HOST_ERROR_THREAD = -3,   /* the system refused a thread */
    GPUBENCH_HOST_ERROR_PROPOSALS = -4, /* proposal_count above GPUBENCH_MAX_PROPOSALS */
    GPUBENCH_HOST_ERROR_MESSAGES = -5,  /* message_count above the context's max_messages */
    GPUBENCH_HOST_ERROR_TIMEOUT = -6,   /* another thread did not answer in time */
    GPUBENCH_HOST_ERROR_ROOM = -7,      /* the caller's array is too small for the answer */
    GPUBENCH_HOST_ERROR_SYSTEM = -8,    /* the system refused a call; an errno says why */
    GPUBENCH_HOST_ERROR_RING = -9       /* no io_uring here; an errno says why: ENOSYS not in this kernel, EPERM forbidden */
};

/* SIMD levels, each including the ones below it. */
enum {
    GPUBENCH_SIMD_SCALAR = 0, /* portable C */
    GPUBENCH_SIMD_AVX2 = 1,   /* AVX2, FMA, BMI, BMI2, POPCNT */
    GPUBENCH_SIMD_AVX512 = 2  /* the above and AVX-512 F, DQ, BW, VL */
};

/* Limits. */
#define GPUBENCH_MAX_THREADS 1024
#define GPUBENCH_MAX_PROPOSALS 16
#define GPUBENCH_MAX_VALIDATORS 1048576
#define GPUBENCH_MAX_WEIGHT 1048576
#define GPUBENCH_MAX_ROUNDS 65536 /* of one call */
#define GPUBENCH_MAX_ELEMENTS (UINT64_C(1) << 48) /* of an array of a ceiling */
#define GPUBENCH_MAX_PAGE_BYTES (UINT64_C(1) << 30)
#define GPUBENCH_MAX_PAGES (UINT64_C(1) << 20) /* of a batch */
#define GPUBENCH_MAX_BATCHES 16 /* of one call */
#define GPUBENCH_MAX_DEPTH 4096 /* of a ring */

/* Whether a message's tag is checked. */
enum {
    GPUBENCH_TAGS_NONE = 0,
    GPUBENCH_TAGS_SIPHASH = 1
};

/* GPUBENCH_HOST_ABI as the library was built. */
GPUBENCH_API int32_t gpubench_host_abi(void);

/* The highest SIMD level that this CPU and operating system support. */
GPUBENCH_API int32_t gpubench_host_simd_best(void);

/* ---- memory -----------------------------------------------------------------------------------------------------*/

/*
 * Memory for inputs: zeroed, aligned to 2 MiB, in huge pages where the system grants them, since the walk of its page
 * tables costs a streaming kernel more than the memory does. Only what is touched is taken from the machine. NULL if the
 * address space or `bytes` (at least 1) does not allow it.
 */
GPUBENCH_API void *gpubench_memory_create(uint64_t bytes);

/* Releases memory of that size. */
GPUBENCH_API void gpubench_memory_destroy(void *memory, uint64_t bytes);

/* ---- thread pool ------------------------------------------------------------------------------------------------ */

/*
 * Workers that join the calling thread in parallel sections. A worker with nothing to do spins for about 150 us, so that
 * back-to-back calls fork in well under a microsecond, and then sleeps until it is needed.
 */
typedef struct gpubench_pool gpubench_pool;

/*
 * Creates a pool of `threads` threads (1 .. GPUBENCH_MAX_THREADS), the calling one included, and stores it in *pool.
 * On failure *pool is NULL.
 */
GPUBENCH_API int32_t gpubench_pool_create(int32_t threads, gpubench_pool **pool);

/* The number of threads, the calling one included. */
GPUBENCH_API int32_t gpubench_pool_threads(const gpubench_pool *pool);

/*
 * Returns when every worker is awake and spinning. Waking a sleeping worker costs tens of microseconds; a caller that
 * measures latency calls this just before its timed window, as a system that never lets its workers sleep would.
 */
GPUBENCH_API void gpubench_pool_wake(gpubench_pool *pool);

/* Stops and joins the workers. */
GPUBENCH_API void gpubench_pool_destroy(gpubench_pool *pool);

/* ---- consensus: a quorum certificate ---------------------------------------------------------------------------- */

/* One vote. 32 bytes; an array of them is aligned to 8 bytes or more. */
typedef struct gpubench_message {
    uint32_t validator;
    uint32_t round;
    uint64_t digest;
    uint32_t phase;
    uint32_t zero;
    uint64_t tag; /* SipHash-2-4 of the 24 bytes before it under the validator's key */
} gpubench_message;

/* One round. 144 bytes, aligned to 8. */
typedef struct gpubench_consensus_header {
    uint32_t round;
    uint32_t phase;
    uint32_t message_count;
    uint32_t proposal_count;                  /* 0 .. GPUBENCH_MAX_PROPOSALS */
    uint64_t digests[GPUBENCH_MAX_PROPOSALS]; /* of equal digests the lowest index counts */
} gpubench_consensus_header;

/*
 * A result is an array of GPUBENCH_RESULT_CERTIFICATE + 2 * B u64 words, B = ceil(validators / 64), aligned to 8 bytes.
 * Every word is written in every successful round. Bit v & 63 of word v >> 6 of a bitmap is validator v. Without a
 * decision the first three words and the certificate are 0.
 */
enum {
    GPUBENCH_RESULT_DECISION = 0, /* 1 in the low 32 bits if decided; the proposal's index in the high 32 bits */
    GPUBENCH_RESULT_DIGEST = 1,
    GPUBENCH_RESULT_WEIGHT = 2, /* of the accepted votes for the decided proposal */
    GPUBENCH_RESULT_ACCEPTED = 3,
    GPUBENCH_RESULT_UNKNOWN_VALIDATOR = 4,
    GPUBENCH_RESULT_WRONG_ROUND = 5,
    GPUBENCH_RESULT_WRONG_PHASE = 6,
    GPUBENCH_RESULT_NON_ZERO_FIELD = 7,
    GPUBENCH_RESULT_UNKNOWN_PROPOSAL = 8,
    GPUBENCH_RESULT_WRONG_TAG = 9,
    GPUBENCH_RESULT_EQUIVOCATION = 10,
    GPUBENCH_RESULT_DUPLICATE = 11,
    GPUBENCH_RESULT_CERTIFICATE = 12 /* B words: whose accepted vote is for the decided proposal; then B: equivocators */
};

/* The resident state of one epoch: weights, keys and working memory. */
typedef struct gpubench_consensus gpubench_consensus;

/*
 * Creates a context, or returns NULL if an argument is out of range or there is no memory.
 *   pool         the threads to use, or NULL for the calling thread alone
 *   simd_level   0 .. gpubench_host_simd_best()
 *   validators   1 .. GPUBENCH_MAX_VALIDATORS
 *   weights      one per validator, 1 .. GPUBENCH_MAX_WEIGHT each, so that no sum of them overflows
 *   keys         two words (k0, k1) per validator; may be NULL without tags
 *   tags         GPUBENCH_TAGS_NONE or GPUBENCH_TAGS_SIPHASH
 *   max_messages the largest message_count of a round
 */
GPUBENCH_API gpubench_consensus *gpubench_consensus_create(gpubench_pool *pool, int32_t simd_level, uint32_t validators,
                                                           const uint32_t *weights, const uint64_t *keys, int32_t tags,
                                                           uint32_t max_messages);

/*
 * The number of threads that a round of `message_count` messages is spread over. More are not used, since the fork would
 * cost more than it saves.
 */
GPUBENCH_API int32_t gpubench_consensus_threads(const gpubench_consensus *consensus, uint32_t message_count);

/*
 * Tallies header->message_count messages and writes the result. `messages` may be NULL if there are none. On an error
 * the result is not touched.
 */
GPUBENCH_API int32_t gpubench_consensus_round(gpubench_consensus *consensus, const gpubench_consensus_header *header,
                                              const gpubench_message *messages, uint64_t *result);

/*
 * Does the same for `count` rounds (0 .. GPUBENCH_MAX_ROUNDS) in one call: headers[i] and messages[i] are those of a round,
 * and its result, of 12 + 2 * ceil(validators / 64) words, follows that of the round before. The threads take whole
 * rounds, without waiting for each other in between; where there are too few rounds for that, round after round is spread
 * over them. All headers are checked first: on an error no result is touched. The arrays may be NULL if count is 0.
 */
GPUBENCH_API int32_t gpubench_consensus_rounds(gpubench_consensus *consensus, uint32_t count,
                                               const gpubench_consensus_header *headers,
                                               const gpubench_message *const *messages, uint64_t *results);

/* The number of threads that `count` rounds of `message_count` messages in all are spread over; 1 if there are none. */
GPUBENCH_API int32_t gpubench_consensus_rounds_threads(const gpubench_consensus *consensus, uint32_t count,
                                                       uint64_t message_count);

GPUBENCH_API void gpubench_consensus_destroy(gpubench_consensus *consensus);

/* ---- ceilings: what the processors can do at all ----------------------------------------------------------------- */

/*
 * Each function uses all threads of the pool (NULL: the calling thread alone), one contiguous part each, and returns
 * GPUBENCH_HOST_OK, or GPUBENCH_HOST_ERROR_ARGUMENT without having touched anything.
 *   simd_level  0 .. gpubench_host_simd_best()
 *   arrays      aligned to 64 bytes, apart from one another, NULL only without elements
 *   counts      0 .. GPUBENCH_MAX_ELEMENTS, of elements
 * word(key, i) = mix64(key + (i + 1) * 0x9E3779B97F4A7C15); mix64 is the finaliser of splitmix64.
 */

/*
 * Zeroes memory, each page by the thread whose part it is for the functions below, so that on a machine of several
 * memories it lies beside that thread. `words` are 64 bits.
 */
GPUBENCH_API int32_t gpubench_memory_touch(gpubench_pool *pool, void *memory, uint64_t words);

/* Reads `words` once; *sum is their sum. */
GPUBENCH_API int32_t gpubench_ceiling_read(gpubench_pool *pool, int32_t simd_level, const uint64_t *words,
                                           uint64_t count, uint64_t *sum);

/* Copies. Arrays of 8 MiB and more are written past the caches. */
GPUBENCH_API int32_t gpubench_ceiling_copy(gpubench_pool *pool, int32_t simd_level, const uint64_t *from, uint64_t *to,
                                           uint64_t count);

/*
 * a[i] = b[i] + 3.0 * c[i]. Whether it is fused depends on the level; for integers below 2^51 the result is exact. Arrays
 * of 8 MiB and more are written past the caches.
 */
GPUBENCH_API int32_t gpubench_ceiling_triad(gpubench_pool *pool, int32_t simd_level, double *a, const double *b,
                                            const double *c, uint64_t count);

/*
 * Reads all words `passes` times (at least 1), each thread its own part again and again, from its cache if it fits. *sum
 * is the sum of word ^ mix64(p + 1) over all words and p = 0 .. passes - 1.
 */
GPUBENCH_API int32_t gpubench_ceiling_passes(gpubench_pool *pool, int32_t simd_level, const uint64_t *words,
                                             uint64_t count, uint64_t passes, uint64_t *sum);

/*
 * Chains of `steps` (at least 1) fused multiply-adds: ends[c] is x = 1 + (word(key, c) >> 41) * 2^-23 after so many times
 * x = fma(x, -0x1.fffff8p-1f, 2.25f). Without SIMD and without such an instruction in software: right, but slow.
 */
GPUBENCH_API int32_t gpubench_ceiling_fp32(gpubench_pool *pool, int32_t simd_level, float *ends, uint64_t chains,
                                           uint64_t key, uint64_t steps);

/* The same with x = the low half of word(key, c) and x = x * 0x915F77F5 + addend modulo 2^32. */
GPUBENCH_API int32_t gpubench_ceiling_int32(gpubench_pool *pool, int32_t simd_level, uint32_t *ends, uint64_t chains,
                                            uint64_t key, uint64_t steps, uint32_t addend);

/*
 * Adds word(key, q) to cell (q * 2654435761) mod cell_count, atomically, for each q in 0 .. operations - 1 (at most
 * GPUBENCH_MAX_ELEMENTS). cell_count is a power of two. The cells are not cleared first.
 */
GPUBENCH_API int32_t gpubench_ceiling_atomic(gpubench_pool *pool, uint64_t *cells, uint64_t cell_count, uint64_t key,
                                             uint64_t operations);

/* ---- utilization: memory and arithmetic, both busy for a while --------------------------------------------------- */

/*
 * `passes` (at least 1) over two arrays of `count` words, to and fro: pass p = 0, 1, ... makes each word of the one, x,
 * the word at the same place of the other, by `steps` times (at least 1) x = x * 0x915F77F5 + b modulo 2^32. b is the low
 * half of word(key, p) plus the sum of all words that the pass before made, 0 before the first, with its lowest bit set.
 * The first pass reads `words`; so does the last one leave its words there where `passes` is even, else in `others`.
 * Threads, levels, limits and errors as with the ceilings above. Arrays of 8 MiB and more are written past the caches.
 */
GPUBENCH_API int32_t gpubench_utilization(gpubench_pool *pool, int32_t simd_level, uint32_t *words, uint32_t *others,
                                          uint64_t count, uint64_t passes, uint64_t steps, uint64_t key);

/* ---- synthesis: matching, expansion and rewriting of syntax trees ------------------------------------------------- */

/* Limits. */
#define GPUBENCH_MAX_NODES (UINT64_C(1) << 30) /* of a forest */
#define GPUBENCH_MAX_TREE_NODES 1024
#define GPUBENCH_MAX_PATTERNS 4096
#define GPUBENCH_MAX_TEMPLATE_BYTES (UINT32_C(1) << 20)

/*
 * Trees one behind the other, each breadth-first, the children of a node side by side. Arrays begin at multiples of the
 * size of their elements. What the functions below read must be such a forest: only the two counts are checked.
 */
typedef struct gpubench_forest {
    uint64_t nodes;           /* 1 .. GPUBENCH_MAX_NODES */
    uint64_t trees;           /* 1 .. nodes */
    uint8_t *kinds;           /* 0 literal, 1 variable, 2 neg, 3 add, 4 sub, 5 mul, 6 min, 7 max, 8 if, 9 call */
    uint8_t *arities;         /* 0 .. 10; that of the kind, if it is not call */
    uint32_t *symbols;        /* 0 .. 4095 */
    uint32_t *first_children; /* index in the forest; 0 without children */
    int32_t *values;          /* of literals, else 0 */
    uint32_t *tree_starts;    /* trees + 1; 1 .. GPUBENCH_MAX_TREE_NODES nodes each, all nodes together */
} gpubench_forest;

/* How patterns are matched. */
enum {
    GPUBENCH_MATCH_BRUTE = 0, /* each pattern is looked at for each node */
    GPUBENCH_MATCH_INDEX = 1  /* 32 patterns are looked at together, with tables of bits */
};

/* A set of patterns with the tables and the working memory to match them. */
typedef struct gpubench_match gpubench_match;

/*
 * Creates one and stores it in *match, NULL on failure.
 *   pool     the threads to use, or NULL for the calling thread alone
 *   variant  GPUBENCH_MATCH_BRUTE or GPUBENCH_MATCH_INDEX
 *   patterns 1 .. GPUBENCH_MAX_PATTERNS
 *   starts   patterns + 1: the first node of each pattern
 *   entries  a pair {mask, want} for each node of a pattern, in reading order. The header of a node of a forest is kind |
 *            arity << 4 | symbol << 8. mask: which of its 20 bits are asked for. want: bits 0 .. 19 what these are to be, 20
 *            .. 23 which child of its parent it is, 24 .. 25 its level (0 of the root, 1, 2), 26 whether it is a wildcard,
 *            27 .. 30 how many children there are at least, never fewer than the pattern's own
 */
GPUBENCH_API int32_t gpubench_match_create(gpubench_pool *pool, int32_t simd_level, int32_t variant, uint32_t patterns,
                                           const uint32_t *starts, const uint32_t *entries, gpubench_match **match);

/*
 * counts[2 * p] is the number of nodes that match pattern p, counts[2 * p + 1] the sum of mix64 of their indices, modulo
 * 2^64.
 */
GPUBENCH_API int32_t gpubench_match_count(gpubench_match *match, const gpubench_forest *forest, uint64_t *counts);

/*
 * The same, and the matches: those of pattern p are nodes[starts[p]] .. nodes[starts[p + 1] - 1], ascending. `starts` has
 * patterns + 1 elements, `nodes` room for `capacity`; if that is too little, GPUBENCH_HOST_ERROR_ROOM, with counts and starts
 * as they ought to be, and `nodes` untouched.
 */
GPUBENCH_API int32_t gpubench_match_list(gpubench_match *match, const gpubench_forest *forest, uint64_t *counts,
                                         uint64_t *starts, uint32_t *nodes, uint64_t capacity);

GPUBENCH_API void gpubench_match_destroy(gpubench_match *match);

/* A set of templates, one for each pattern, with the working memory to expand them. */
typedef struct gpubench_expand gpubench_expand;

/*
 * Creates one and stores it in *expand, NULL on failure.
 *   patterns     1 .. GPUBENCH_MAX_PATTERNS
 *   images       expansions in which holes are any bytes
 *   image_starts the first byte of each image
 *   lengths      bytes of each image, 0 .. GPUBENCH_MAX_TEMPLATE_BYTES
 *   hole_starts  patterns + 1: the first hole of each template
 *   holes        a pair {place in the expansion, path} for each hole, 8 bytes each, ascending and apart. path: bits 0 .. 1 the
 *                level of the node that fills it (0 the match itself, 1, 2), 4 .. 7 which child it or its parent is of the
 *                match, 8 .. 11 which child of that one
 */
GPUBENCH_API int32_t gpubench_expand_create(gpubench_pool *pool, int32_t simd_level, uint32_t patterns,
                                            const uint8_t *images, const uint32_t *image_starts,
                                            const uint32_t *lengths, const uint32_t *hole_starts, const uint32_t *holes,
                                            gpubench_expand **expand);

/*
 * Expands the matches that gpubench_match_list lists: expansion m begins at text[offsets[m]], and offsets[starts[patterns]] is
 * the length of all. A hole is the symbol of its node as 8 lower-case hexadecimal digits. `text` has room for `capacity` bytes;
 * if that is too little, GPUBENCH_HOST_ERROR_ROOM, and nothing was touched. Text of 8 MiB and more is written past the caches.
 */
GPUBENCH_API int32_t gpubench_expand_run(gpubench_expand *expand, const gpubench_forest *forest, const uint64_t *starts,
                                         const uint32_t *nodes, uint64_t *offsets, uint8_t *text, uint64_t capacity);

GPUBENCH_API void gpubench_expand_destroy(gpubench_expand *expand);

/* The working memory to rewrite forests. */
typedef struct gpubench_rewrite gpubench_rewrite;

/* Creates one and stores it in *rewrite, NULL on failure. */
GPUBENCH_API int32_t gpubench_rewrite_create(gpubench_pool *pool, int32_t simd_level, gpubench_rewrite **rewrite);

/*
 * Folds constants from the leaves up: neg, add, sub, mul, min and max of literals become literals, with their own symbol,
 * modulo 2^32; an `if` whose condition is a literal becomes its second child where that is not 0, else its third. `to` has
 * room for as many nodes and trees as `from` has, which its counts say; its trees are breadth-first anew, and
 * to->tree_starts[trees] tells how many nodes it has now. Forests of 2 Mi nodes and more are written past the caches.
 */
GPUBENCH_API int32_t gpubench_rewrite_run(gpubench_rewrite *rewrite, const gpubench_forest *from,
                                          const gpubench_forest *to);

GPUBENCH_API void gpubench_rewrite_destroy(gpubench_rewrite *rewrite);

/* ---- launch: the floor under every latency ----------------------------------------------------------------------- */

/* Hands a task that does nothing to all threads of the pool, and returns when each has done it. The pool may be NULL. */
GPUBENCH_API void gpubench_launch_empty(gpubench_pool *pool);

/* The same with a task: thread t stores the token in rows[t * row_words + index]. */
GPUBENCH_API void gpubench_launch_touch(gpubench_pool *pool, uint64_t *rows, uint64_t row_words, uint64_t index,
                                        uint64_t token);

/* Copies bytes that do not overlap, on the calling thread. */
GPUBENCH_API void gpubench_launch_copy(const void *from, uint64_t from_byte, void *to, uint64_t to_byte,
                                       uint64_t bytes);

/* A thread that spins for tokens, and after about 150 us without any sleeps until the next. */
typedef struct gpubench_mailbox gpubench_mailbox;

/* Creates one and stores it in *mailbox, NULL on failure. */
GPUBENCH_API int32_t gpubench_mailbox_create(gpubench_mailbox **mailbox);

/*
 * Passes a token to the thread and waits for its *answer, mix64(token); not longer than about timeout_nanos (at least 1),
 * after which it is GPUBENCH_HOST_ERROR_TIMEOUT, the answer untouched, and the mailbox good for the next token.
 */
GPUBENCH_API int32_t gpubench_mailbox_exchange(gpubench_mailbox *mailbox, uint64_t token, int64_t timeout_nanos,
                                               uint64_t *answer);

/* Ends the thread. */
GPUBENCH_API void gpubench_mailbox_destroy(gpubench_mailbox *mailbox);

/* The shapes of cuLaunchKernel and cuStreamSynchronize: 0 is success, anything else an error. */
typedef int32_t gpubench_launch_function(void *function, uint32_t grid_x, uint32_t grid_y, uint32_t grid_z,
                                         uint32_t block_x, uint32_t block_y, uint32_t block_z, uint32_t shared_bytes,
                                         void *stream, void **parameters, void **extra);
typedef int32_t gpubench_synchronize_function(void *stream);

/*
 * Launches `calls` times (0 or more), with `extra` NULL, and synchronises once. Stops at the first code that is not 0, and
 * returns it; GPUBENCH_HOST_ERROR_ARGUMENT without a function or with a negative number of calls.
 */
GPUBENCH_API int32_t gpubench_submit_loop(gpubench_launch_function *launch, gpubench_synchronize_function *synchronize,
                                          void *function, uint32_t grid_x, uint32_t grid_y, uint32_t grid_z,
                                          uint32_t block_x, uint32_t block_y, uint32_t block_z, uint32_t shared_bytes,
                                          void *stream, void **parameters, int64_t calls);

/* Stands for a launch: adds 1 to the u64 word that `function` points to, and returns 0. */
GPUBENCH_API int32_t gpubench_launch_shape(void *function, uint32_t grid_x, uint32_t grid_y, uint32_t grid_z,
                                           uint32_t block_x, uint32_t block_y, uint32_t block_z, uint32_t shared_bytes,
                                           void *stream, void **parameters, void **extra);

/* Stands for the synchronisation: adds 1 to the u64 word that `stream` points to, and returns 0. */
GPUBENCH_API int32_t gpubench_synchronize_shape(void *stream);

/* ---- migration: pages between pools in memory and files ---------------------------------------------------------- */

/* How bytes get into a file and out of it. */
enum {
    GPUBENCH_ACCESS_DIRECT = 0, /* O_DIRECT: between the caller's memory and the device */
    GPUBENCH_ACCESS_CACHED = 1, /* through the page cache */
    GPUBENCH_ACCESS_MEMORY = 2  /* there is no device: the file is memory (tmpfs, ramfs) */
};

/* A file without a name, which is gone with the object or the process. */
typedef struct gpubench_file gpubench_file;

/* What gpubench_file_create found. */
typedef struct gpubench_file_facts {
    int32_t access;            /* GPUBENCH_ACCESS_ */
    int32_t error;             /* errno of the step that failed, else 0 */
    int32_t step;              /* GPUBENCH_FILE_, the one that failed */
    int32_t direct_refused;    /* errno of O_DIRECT where the file was opened without, else 0 */
    uint64_t granularity;      /* places in the file and amounts are multiples of it; a power of two, 1 if any will do */
    uint64_t memory_alignment; /* addresses in memory are multiples of it; a power of two */
    uint64_t file_system;      /* statfs's f_type */
    uint64_t free_bytes;       /* what the file system had for this user before the file was made */
} gpubench_file_facts;

/* The steps of gpubench_file_create. */
enum {
    GPUBENCH_FILE_FOLDER = 0,     /* open the folder */
    GPUBENCH_FILE_CREATE = 1,     /* make a file in it */
    GPUBENCH_FILE_PAGES = 2,      /* see whether pages are multiples of the granularity; `granularity` is there then */
    GPUBENCH_FILE_ALLOCATE = 3,   /* take its room from the file system */
    GPUBENCH_FILE_INITIALISE = 4  /* write all of it once */
};

/*
 * Makes a file for pages in a folder, takes its name away, allocates its room and writes all of it once, so that on file systems
 * that write in place no later write has to find room or to mark it as written; stores it in *file, NULL on failure.
 *   bytes       1 .. INT64_MAX / 2; rounded up to the granularity
 *   page_bytes  8 .. GPUBENCH_MAX_PAGE_BYTES, a multiple of 8
 * Direct where the file system allows it and does it: a file whose bytes are found in the page cache afterwards is
 * GPUBENCH_ACCESS_CACHED. GPUBENCH_HOST_ERROR_SYSTEM: see `error` and `step`; nothing is left behind. `facts` may not be NULL;
 * free_bytes and file_system are filled in as soon as the folder is open.
 */
GPUBENCH_API int32_t gpubench_file_create(const char *folder, uint64_t bytes, uint64_t page_bytes,
                                          gpubench_file_facts *facts, gpubench_file **file);

/* Has the drive keep what was written (fdatasync). *error is an errno. */
GPUBENCH_API int32_t gpubench_file_sync(gpubench_file *file, int32_t *error);

/*
 * Writes back what the page cache holds of the file and asks the system to forget it, so that it is read from the device
 * next; as a wish, and of no effect where access is direct.
 */
GPUBENCH_API int32_t gpubench_file_forget(gpubench_file *file, int32_t *error);

GPUBENCH_API void gpubench_file_destroy(gpubench_file *file);

/*
 * One batch: page i goes from frame from_frames[i] of one pool to frame to_frames[i] of another. Frame f lies at f *
 * page_bytes. A pool is memory, or a file. No frame of a target pool occurs twice in one call, nor as a source.
 */
typedef struct gpubench_page_batch {
    uint64_t count;           /* of pages, 0 .. GPUBENCH_MAX_PAGES; without pages nothing else is looked at */
    const void *from;         /* the pool if it is memory, else NULL */
    gpubench_file *from_file; /* the pool if it is a file, else NULL */
    const uint32_t *from_frames;
    void *to;
    gpubench_file *to_file;
    const uint32_t *to_frames;
} gpubench_page_batch;

/*
 * Copies the pages of `count` batches (0 .. GPUBENCH_MAX_BATCHES), all of memory, at once: they are shared by the threads of
 * the pool (NULL: the calling thread alone), large pages in pieces. page_bytes is 8 .. GPUBENCH_MAX_PAGE_BYTES, a multiple of
 * 8; memory is aligned to 8 bytes, and fastest to 64. From 8 MiB in all on, pages are written past the caches.
 */
GPUBENCH_API int32_t gpubench_pages_copy(gpubench_pool *pool, int32_t simd_level, uint32_t count,
                                         const gpubench_page_batch *batches, uint64_t page_bytes);

/* Where a move failed. */
typedef struct gpubench_move_failure {
    int32_t error;    /* errno; EIO also where a file turned out too short */
    uint32_t batch;   /* of the call */
    uint32_t writing; /* 1: while writing its target; 0: while reading its source */
    uint32_t page;    /* of the batch */
} gpubench_move_failure;

/*
 * Moves the pages of `count` batches (0 .. GPUBENCH_MAX_BATCHES), each with a file at one end at least, by pread and pwrite: one
 * call for each page and end, shared by the threads of the pool (NULL: the calling thread alone); where there are fewer pages
 * than threads, pages in pieces. Returns once files have taken all of it: where access is direct, their drives.
 *   page_bytes     8 .. GPUBENCH_MAX_PAGE_BYTES, a multiple of 8 and of the granularity of all files, as addresses in memory
 *                  are of their alignment
 *   staging        for pages from file to file, else NULL: memory aligned to 4096
 *   staging_bytes  shared by the threads: with less than a page for each of them, rounded up to 4096, pages go in pieces; at least
 *                  4096, and the granularity, for each
 *   failure        not NULL
 * GPUBENCH_HOST_ERROR_SYSTEM: *failure tells one that was met. What targets hold is undefined then.
 */
GPUBENCH_API int32_t gpubench_files_move(gpubench_pool *pool, uint32_t count, const gpubench_page_batch *batches,
                                         uint64_t page_bytes, void *staging, uint64_t staging_bytes,
                                         gpubench_move_failure *failure);

/* An io_uring, for one page size. */
typedef struct gpubench_ring gpubench_ring;

/*
 * Creates one and stores it in *ring, NULL on failure.
 *   depth        1 .. GPUBENCH_MAX_DEPTH: reads and writes in flight at once
 *   io_bytes     the largest single one, at most GPUBENCH_MAX_PAGE_BYTES: a multiple of 4096
 *   page_bytes   as above
 * GPUBENCH_HOST_ERROR_RING if there is no io_uring to be had; *error is the errno.
 */
GPUBENCH_API int32_t gpubench_ring_create(uint32_t depth, uint64_t io_bytes, uint64_t page_bytes, gpubench_ring **ring,
                                          int32_t *error);

/*
 * Makes a file, or a pool in memory, known to the ring, of each GPUBENCH_MAX_BATCHES at most: the kernel then need not look it
 * up, nor pin its memory, each time. What is unknown works too. Returns 1; 0 if the kernel refused, such as for the limit
 * on locked memory, which is no error; or GPUBENCH_HOST_ERROR_ARGUMENT. Both stay where they are until the ring is destroyed.
 */
GPUBENCH_API int32_t gpubench_ring_add_file(gpubench_ring *ring, gpubench_file *file);
GPUBENCH_API int32_t gpubench_ring_add_memory(gpubench_ring *ring, void *memory, uint64_t bytes);

/*
 * The same for the memory by way of which pages go from file to file, aligned to 4096 bytes: all requests in flight share it. Other
 * memory takes the place of what was given before.
 */
GPUBENCH_API int32_t gpubench_ring_add_staging(gpubench_ring *ring, void *memory, uint64_t bytes);

/*
 * As gpubench_files_move, by the calling thread with many reads and writes in flight, of all batches in turn. Returns only when
 * none is in flight any more.
 */
GPUBENCH_API int32_t gpubench_ring_move(gpubench_ring *ring, uint32_t count, const gpubench_page_batch *batches,
                                        gpubench_move_failure *failure);

GPUBENCH_API void gpubench_ring_destroy(gpubench_ring *ring);

#ifdef __cplusplus
}
#endif

#endif
