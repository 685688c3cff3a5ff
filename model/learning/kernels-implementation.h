/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Private to kernels-v*.cc, each of which names its width (KERNEL_WIDTH, and
// KERNEL_VECTOR_BYTES of its vectors), its namespace (KERNEL_NAMESPACE) and Eigen's, and includes
// this file once: no include guard.
//
// Eigen's templates are weak symbols. The linker keeps one copy of each, whatever processor it was
// compiled for, so every width renames Eigen's namespace and has a namespace of its own. Nothing
// here may call an inline function of another namespace that the compiler might not inline
// (utils/check.sh looks).

#define EIGEN_DONT_PARALLELIZE
#define EIGEN_NO_IO
// In bytes: spares an allocation a product, but for large ones.
#define EIGEN_STACK_ALLOCATION_LIMIT (512 * 1024)
#define EIGEN_GEMM_TO_COEFFBASED_THRESHOLD 0 // the other path depends on the alignment of arrays

#include "kernels.h"

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace ns3
{
namespace learning
{
namespace KERNEL_NAMESPACE
{
namespace
{

using Eigen::Dynamic;
using Eigen::Index;

template <typename T>
using Matrix = Eigen::Map<Eigen::Matrix<T, Dynamic, Dynamic>>;
template <typename T>
using ConstMatrix = Eigen::Map<const Eigen::Matrix<T, Dynamic, Dynamic>>;
template <typename T>
using Vector = Eigen::Map<Eigen::Matrix<T, Dynamic, 1>>;
template <typename T>
using ConstVector = Eigen::Map<const Eigen::Matrix<T, Dynamic, 1>>;
template <typename T>
using AlignedArray = Eigen::Map<Eigen::Array<T, Dynamic, 1>, Eigen::Aligned64>;

template <typename T>
void
Relu(T* y, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
    {
        y[i] = y[i] < 0 ? T(0) : y[i]; // what is not a number stays so
    }
}

template <typename T>
void
MaskRelu(const T* y, uint64_t count, T* delta)
{
    for (uint64_t i = 0; i < count; i++)
    {
        delta[i] = y[i] <= 0 ? T(0) : delta[i];
    }
}

/// Sum in eight chains, so that it does not depend on the width of vectors or on alignment.
template <typename T>
T
Sum(const T* x, uint64_t count)
{
    T sum[8] = {};
    uint64_t i = 0;
    for (; i + 8 <= count; i += 8)
    {
        for (uint64_t k = 0; k < 8; k++)
        {
            sum[k] += x[i + k];
        }
    }
    for (; i < count; i++)
    {
        sum[0] += x[i];
    }
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

template <typename T>
void
ScaleInto(const T* parameters, T factor, uint64_t count, T* gradient)
{
    if (factor == 0)
    {
        std::memset(gradient, 0, count * sizeof(T));
        return;
    }
    for (uint64_t i = 0; i < count; i++)
    {
        gradient[i] = factor * parameters[i];
    }
}

template <typename T>
void
Product(const T* a, const T* b, uint32_t m, uint32_t n, uint32_t k, T* c)
{
    Matrix<T>(c, m, n).noalias() += ConstMatrix<T>(a, m, k) * ConstMatrix<T>(b, k, n);
}

template <typename T>
double
SquaredNorm(const T* x, uint64_t count)
{
    double sum[8] = {};
    uint64_t i = 0;
    for (; i + 8 <= count; i += 8)
    {
        for (uint64_t k = 0; k < 8; k++)
        {
            sum[k] += double(x[i + k]) * double(x[i + k]);
        }
    }
    for (; i < count; i++)
    {
        sum[0] += double(x[i]) * double(x[i]);
    }
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

} // namespace
} // namespace KERNEL_NAMESPACE
} // namespace learning
} // namespace ns3

#include "kernels-dense.h"

// After kernels-dense.h, on whose products they rest.
#include "kernels-affine.h"
#include "kernels-convolution.h"
#include "kernels-interleaved.h"
#include "kernels-loss.h"
#include "kernels-lstm.h"

// After kernels-interleaved.h, on which they rest.
#include "kernels-interleaved-gradient.h"
#include "kernels-normalization.h"

namespace ns3
{
namespace learning
{
namespace KERNEL_NAMESPACE
{
namespace
{

template <typename T>
const Kernels<T>&
GetTable()
{
    static const bool pinned = [] {
        // Products are cut to fit the caches, and the cuts change the bits: the same ones on
        // every machine.
        Eigen::setCpuCacheSizes(32768, 262144, 2097152);
        return true;
    }();
    static const Kernels<T> table = {KERNEL_WIDTH,
                                     Affine<T>,
                                     AffineWeightGradient<T>,
                                     AffineInputGradient<T>,
                                     Convolution<T>,
                                     ConvolutionGradient<T>,
                                     MaxPool<T>,
                                     MaxPoolGradient<T>,
                                     MaskRelu<T>,
                                     GetLoss<T>,
                                     ScaleInto<T>,
                                     Product<T>,
                                     SquaredNorm<T>,
                                     Lstm<T>,
                                     LstmGradient<T>,
                                     LanesOf<T>::COUNT,
                                     GetInterleavedScratch<T>,
                                     Interleave<T>,
                                     InterleavedConvolution<T>,
                                     InterleavedInputGradient<T>,
                                     InterleavedWeightGradient<T>,
                                     Normalize<T>,
                                     NormalizeGradient<T>,
                                     ShortcutGradient<T>,
                                     MeanPool<T>,
                                     MeanPoolGradient<T>};
    static_cast<void>(pinned);
    return table;
}

} // namespace

const Kernels<float>&
GetFloatKernels()
{
    return GetTable<float>();
}

#ifdef KERNEL_DOUBLE_PRECISION
const Kernels<double>&
GetDoubleKernels()
{
    return GetTable<double>();
}
#endif

} // namespace KERNEL_NAMESPACE
} // namespace learning
} // namespace ns3
