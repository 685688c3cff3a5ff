/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// AVX2 and FMA: the build compiles this file with -march=x86-64-v3.
#define KERNEL_WIDTH "v3"
#define KERNEL_VECTOR_BYTES 32
#define KERNEL_NAMESPACE kernels_v3
#define Eigen Eigen_v3
#include "kernels-implementation.h"
