/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Any processor: the build compiles this file with -march=x86-64 where there is such a thing.
#define KERNEL_WIDTH "v1"
#define KERNEL_VECTOR_BYTES 16
#define KERNEL_NAMESPACE kernels_v1
#define Eigen Eigen_v1
#define KERNEL_DOUBLE_PRECISION
#include "kernels-implementation.h"
