/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "kernels.h"

#include <atomic>
#include <cstdlib>
#include <stdexcept>

namespace ns3
{
namespace learning
{

// One function a width, each from its own source file.
namespace kernels_v1
{
const Kernels<float>& GetFloatKernels();
const Kernels<double>& GetDoubleKernels();
} // namespace kernels_v1

#ifdef __x86_64__
namespace kernels_v3
{
const Kernels<float>& GetFloatKernels();
}

namespace kernels_v4
{
const Kernels<float>& GetFloatKernels();
}
#endif

namespace
{

/// Functions in use; null until they are asked for.
std::atomic<const Kernels<float>*> g_kernels{nullptr};

/**
 * Functions of a width.
 * @param width name of the width
 * @return the functions
 * @throws std::invalid_argument if there is no such width here
 */
const Kernels<float>&
FindKernels(const std::string& width)
{
    std::string legal;
    for (const auto& name : GetKernelWidths())
    {
        if (name == width)
        {
#ifdef __x86_64__
            if (name == "v4")
            {
                return kernels_v4::GetFloatKernels();
            }
            if (name == "v3")
            {
                return kernels_v3::GetFloatKernels();
            }
#endif
            return kernels_v1::GetFloatKernels();
        }
        legal += (legal.empty() ? "" : ", ") + name;
    }
    throw std::invalid_argument(
        "vector width '" + width +
        "' (VectorWidth, DISTRIBUTED_LEARNING_WIDTH) does not exist on this machine, "
        "which has: " +
        legal);
}

} // namespace

std::vector<std::string>
GetKernelWidths()
{
    std::vector<std::string> widths{"v1"};
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
        __builtin_cpu_supports("lzcnt") && __builtin_cpu_supports("f16c") &&
        __builtin_cpu_supports("movbe"))
    {
        widths.emplace_back("v3");
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
            __builtin_cpu_supports("avx512vl"))
        {
            widths.emplace_back("v4");
        }
    }
#endif
    return widths;
}

void
SelectKernelWidth(const std::string& width)
{
    g_kernels = &FindKernels(width);
}

template <>
const Kernels<float>&
GetKernels<float>()
{
    const Kernels<float>* kernels = g_kernels.load(std::memory_order_acquire);
    if (!kernels)
    {
        const char* pinned = std::getenv("DISTRIBUTED_LEARNING_WIDTH");
        kernels = &FindKernels(pinned && *pinned ? pinned : GetKernelWidths().back());
        g_kernels.store(kernels, std::memory_order_release);
    }
    return *kernels;
}

template <>
const Kernels<double>&
GetKernels<double>()
{
    return kernels_v1::GetDoubleKernels();
}

} // namespace learning
} // namespace ns3
