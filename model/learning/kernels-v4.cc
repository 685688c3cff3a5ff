/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// AVX-512: the build compiles this file with -march=x86-64-v4.
#define KERNEL_WIDTH "v4"
#define KERNEL_VECTOR_BYTES 64
#define KERNEL_NAMESPACE kernels_v4
#define Eigen Eigen_v4
#include "kernels-implementation.h"
