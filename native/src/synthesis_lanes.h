/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matching, expansion and rewriting, in terms of vectors that the including file defines:
 *
 *   LANES  lanes of `lanes`, vectors of u32, 16 at most
 *   lanes_load, _store, _of (all lanes alike), _from (value, value + 1, ...), _and, _and3, _subtract, _least (unsigned); _bytes (of as many bytes);
 *   lanes_header (kind | arity << 4 | symbol << 8), lanes_gather (base, indices), lanes_evens and
 *   _odds (the lower or the upper halves of words of 64 bits);
 *   lanes_mask (a bit for each lane that is not 0), lanes_equal (for each that is the same), lanes_pack (the lanes of a
 *   mask first; what is behind them may be anything);
 *   row_load, of a table of 16 words, and lanes_digit (what the row has for 4 bits of each lane, from `shift` on)
 *   keys_equal (of 64 keys of 16 bits, which are as wanted under a mask)
 *   TEXT   bytes of `text`; text_load (aligned), _store
 *   DIGITS_AT_ONCE  symbols that digits_store makes to 8 hexadecimal digits each
 *   line_stream, which copies 64 bytes to a line past the caches, and stream_end, which orders that with other stores
 *
 * and KERNEL, the name of the table. Loads and stores need not be aligned, but for those that say so.
 */
#include "synthesis_match_lanes.h"

#include "synthesis_expand_lanes.h"

#include "synthesis_rewrite_lanes.h"

static void end_stream(void)
{
    stream_end();
}

const synthesis_kernel KERNEL = {
    .match_index = match_index,
    .match_brute = match_brute,
    .offsets = offsets,
    .expand = expand,
    .stream = stream,
    .stream_end = end_stream,
    .rewrite = rewrite,
    .rebase = rebase,
};
