/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// AVX2 and FMA: the build compiles this file with -march=x86-64-v3.
#define KERNEL_WIDTH v3
#include "kernels-implementation.h"
