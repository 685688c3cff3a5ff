/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// AVX-512: the build compiles this file with -march=x86-64-v4.
#define KERNEL_WIDTH v4
#include "kernels-implementation.h"
