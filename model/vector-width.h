/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef VECTOR_WIDTH_H
#define VECTOR_WIDTH_H

/**
 * @file
 * @ingroup distributed-learning
 *
 * Marks an elementwise loop that is compiled for several vector widths, of which the machine's own
 * is taken at start. Only for loops whose results do not depend on the width (no sums across
 * elements, no fused multiply-add).
 */

#if defined(__x86_64__) && defined(__linux__) && !defined(__SANITIZE_ADDRESS__) &&                 \
    !defined(__SANITIZE_THREAD__)
#define DISTRIBUTED_LEARNING_WIDTHS __attribute__((target_clones("default", "avx2")))
#else
#define DISTRIBUTED_LEARNING_WIDTHS
#endif

#endif /* VECTOR_WIDTH_H */
