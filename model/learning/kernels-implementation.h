/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Private to kernels-v*.cc, each of which defines KERNEL_WIDTH and includes this file once: no
// include guard.
//
// Eigen's templates are weak symbols. The linker keeps one copy of each, whatever processor it was
// compiled for, so every width renames Eigen's namespace and has a namespace of its own. Nothing
// here may call an inline function of another namespace that the compiler might not inline
// (utils/check.sh looks).

#define EIGEN_DONT_PARALLELIZE
#define EIGEN_NO_IO
#define EIGEN_STACK_ALLOCATION_LIMIT                                                               \
    (512 * 1024) // of products, in bytes: spares an allocation a product
#define EIGEN_GEMM_TO_COEFFBASED_THRESHOLD 0 // the other path depends on the alignment of arrays

#include "kernels.h"

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <cstring>

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

/// Outputs below which Eigen is faster with the samples along its vectors.
constexpr uint32_t FEW_OUTPUTS = 32;

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

template <typename T>
void
AffineSparse(const Rows<T>& x, const T* w, const T* b, uint32_t out, T* y)
{
    for (uint32_t i = 0; i < x.count; i++)
    {
        const uint32_t begin = x.rowStart[i];
        const uint32_t size = x.rowStart[i + 1] - begin;
        const uint32_t* columns = x.columns + begin;
        const T* values = x.values + begin;
        for (uint32_t o = 0; o < out; o++)
        {
            const T* row = w + uint64_t(o) * x.width;
            T sum[4] = {b[o], 0, 0, 0}; // four chains of additions overlap
            uint32_t j = 0;
            for (; j + 4 <= size; j += 4)
            {
                for (uint32_t k = 0; k < 4; k++)
                {
                    sum[k] += values[j + k] * row[columns[j + k]];
                }
            }
            for (; j < size; j++)
            {
                sum[0] += values[j] * row[columns[j]];
            }
            y[uint64_t(i) * out + o] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        }
    }
}

template <typename T>
void
Affine(const Rows<T>& x, const T* w, const T* b, uint32_t out, bool relu, T* scratch, T* y)
{
    const uint32_t n = x.count;
    if (!x.dense)
    {
        AffineSparse(x, w, b, out, y);
    }
    else if (out == 1)
    {
        Vector<T> scores(y, n);
        scores.setConstant(b[0]);
        scores.noalias() +=
            ConstMatrix<T>(x.dense, x.width, n).transpose() * ConstVector<T>(w, x.width);
    }
    else if (out < FEW_OUTPUTS)
    {
        for (uint32_t o = 0; o < out; o++)
        {
            for (uint32_t i = 0; i < n; i++)
            {
                scratch[uint64_t(o) * n + i] = b[o];
            }
        }
        Matrix<T>(scratch, n, out).noalias() +=
            ConstMatrix<T>(x.dense, x.width, n).transpose() * ConstMatrix<T>(w, x.width, out);
        for (uint32_t i = 0; i < n; i++)
        {
            for (uint32_t o = 0; o < out; o++)
            {
                y[uint64_t(i) * out + o] = scratch[uint64_t(o) * n + i];
            }
        }
    }
    else
    {
        for (uint32_t i = 0; i < n; i++)
        {
            std::memcpy(y + uint64_t(i) * out, b, out * sizeof(T));
        }
        Matrix<T>(y, out, n).noalias() +=
            ConstMatrix<T>(w, x.width, out).transpose() * ConstMatrix<T>(x.dense, x.width, n);
    }
    if (relu)
    {
        Relu(y, uint64_t(n) * out);
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
AffineWeightGradient(const Rows<T>& x, const T* delta, uint32_t out, T* gw, T* gb)
{
    const uint32_t n = x.count;
    if (out == 1)
    {
        gb[0] += Sum(delta, n);
    }
    for (uint32_t i = 0; i < n && out > 1; i++)
    {
        for (uint32_t o = 0; o < out; o++)
        {
            gb[o] += delta[uint64_t(i) * out + o];
        }
    }
    if (x.dense && out == 1)
    {
        Vector<T>(gw, x.width).noalias() +=
            ConstMatrix<T>(x.dense, x.width, n) * ConstVector<T>(delta, n);
        return;
    }
    if (x.dense)
    {
        Matrix<T>(gw, x.width, out).noalias() +=
            ConstMatrix<T>(x.dense, x.width, n) * ConstMatrix<T>(delta, out, n).transpose();
        return;
    }
    for (uint32_t i = 0; i < n; i++)
    {
        for (uint32_t o = 0; o < out; o++)
        {
            const T factor = delta[uint64_t(i) * out + o];
            T* row = gw + uint64_t(o) * x.width;
            for (uint32_t j = x.rowStart[i]; j < x.rowStart[i + 1]; j++)
            {
                row[x.columns[j]] += factor * x.values[j];
            }
        }
    }
}

template <typename T>
void
AffineInputGradient(const T* delta, const T* w, uint32_t n, uint32_t in, uint32_t out, T* dx)
{
    std::memset(dx, 0, uint64_t(n) * in * sizeof(T));
    Matrix<T>(dx, in, n).noalias() += ConstMatrix<T>(w, in, out) * ConstMatrix<T>(delta, out, n);
}

/// Windows along one axis that see the image, and not the padding, through one row or column of the
/// kernel.
struct Span
{
    uint32_t begin; ///< first window
    uint32_t end;   ///< one past the last
};

/**
 * Finds them: those windows o with 0 <= o * stride + offset - padding < size.
 * @param g the windows
 * @param offset row or column of the kernel
 * @param size rows or columns of the image
 * @param count rows or columns of windows
 * @return the windows
 */
Span
GetSpan(const Windows& g, uint32_t offset, uint32_t size, uint32_t count)
{
    const uint32_t first = offset < g.padding ? (g.padding - offset + g.stride - 1) / g.stride : 0;
    const uint32_t limit = size + g.padding;
    const uint32_t last = offset < limit ? (limit - offset + g.stride - 1) / g.stride : 0;
    const uint32_t end = last < count ? last : count;
    return {first < end ? first : end, end};
}

/// Copies a short row: the library's function takes longer to call than to copy.
template <typename T>
void
CopyRow(const T* from, uint32_t count, T* to)
{
    constexpr uint32_t STEP = 8;
    if (count < STEP)
    {
        for (uint32_t i = 0; i < count; i++)
        {
            to[i] = from[i];
        }
        return;
    }
    for (uint32_t i = 0; i + STEP <= count; i += STEP)
    {
        std::memcpy(to + i, from + i, STEP * sizeof(T));
    }
    std::memcpy(to + count - STEP, from + count - STEP, STEP * sizeof(T));
}

/**
 * Writes the windows of one sample side by side: columns, (channels x kernel x kernel) x (outHeight
 * x outWidth), row-major.
 */
template <typename T>
void
WindowsToColumns(const Windows& g, const T* x, T* columns)
{
    if (g.padding > 0)
    {
        std::memset(columns,
                    0,
                    sizeof(T) * g.channels * g.kernel * g.kernel * g.outHeight * g.outWidth);
    }
    for (uint32_t row = 0; row < g.channels * g.kernel; row++)
    {
        const T* channel = x + uint64_t(row / g.kernel) * g.height * g.width;
        const uint32_t ky = row % g.kernel;
        const Span rows = GetSpan(g, ky, g.height, g.outHeight);
        for (uint32_t kx = 0; kx < g.kernel; kx++, columns += g.outHeight * g.outWidth)
        {
            const Span span = GetSpan(g, kx, g.width, g.outWidth);
            const uint32_t count = span.end - span.begin;
            for (uint32_t oy = rows.begin; oy < rows.end; oy++)
            {
                const T* from = channel + (oy * g.stride + ky - g.padding) * g.width +
                                span.begin * g.stride + kx - g.padding;
                T* to = columns + oy * g.outWidth + span.begin;
                if (g.stride == 1)
                {
                    CopyRow(from, count, to);
                    continue;
                }
                for (uint32_t i = 0; i < count; i++)
                {
                    to[i] = from[i * g.stride];
                }
            }
        }
    }
}

/// Adds a short row.
template <typename T>
void
AddRow(const T* from, uint32_t count, T* to)
{
    using Packet = Eigen::Map<Eigen::Array<T, 8, 1>>;
    uint32_t i = 0;
    for (; i + 8 <= count; i += 8)
    {
        Packet(to + i) += Eigen::Map<const Eigen::Array<T, 8, 1>>(from + i);
    }
    for (; i < count; i++)
    {
        to[i] += from[i];
    }
}

/**
 * The transpose of WindowsToColumns(): adds every column to where it came from.
 */
template <typename T>
void
ColumnsToWindows(const Windows& g, const T* columns, T* dx)
{
    for (uint32_t row = 0; row < g.channels * g.kernel; row++)
    {
        T* channel = dx + uint64_t(row / g.kernel) * g.height * g.width;
        const uint32_t ky = row % g.kernel;
        const Span rows = GetSpan(g, ky, g.height, g.outHeight);
        for (uint32_t kx = 0; kx < g.kernel; kx++, columns += g.outHeight * g.outWidth)
        {
            const Span span = GetSpan(g, kx, g.width, g.outWidth);
            const uint32_t count = span.end - span.begin;
            for (uint32_t oy = rows.begin; oy < rows.end; oy++)
            {
                const T* from = columns + oy * g.outWidth + span.begin;
                T* to = channel + (oy * g.stride + ky - g.padding) * g.width +
                        span.begin * g.stride + kx - g.padding;
                if (g.stride == 1)
                {
                    AddRow(from, count, to);
                    continue;
                }
                for (uint32_t i = 0; i < count; i++)
                {
                    to[i * g.stride] += from[i];
                }
            }
        }
    }
}

template <typename T>
void
Convolution(const Windows& g,
            const T* x,
            const T* w,
            const T* b,
            uint32_t n,
            bool relu,
            T* scratch,
            T* y)
{
    const uint64_t pixels = uint64_t(g.outHeight) * g.outWidth;
    const uint64_t patch = uint64_t(g.channels) * g.kernel * g.kernel;
    for (uint32_t i = 0; i < n;
         i++, x += uint64_t(g.channels) * g.height * g.width, y += g.filters * pixels)
    {
        WindowsToColumns(g, x, scratch);
        for (uint32_t f = 0; f < g.filters; f++)
        {
            for (uint64_t p = 0; p < pixels; p++)
            {
                y[f * pixels + p] = b[f];
            }
        }
        Matrix<T>(y, pixels, g.filters).noalias() +=
            ConstMatrix<T>(scratch, pixels, patch) * ConstMatrix<T>(w, patch, g.filters);
        if (relu)
        {
            Relu(y, g.filters * pixels);
        }
    }
}

template <typename T>
void
ConvolutionGradient(const Windows& g,
                    const T* x,
                    const T* w,
                    const T* delta,
                    uint32_t n,
                    T* scratch,
                    T* gw,
                    T* gb,
                    T* dx)
{
    const uint64_t pixels = uint64_t(g.outHeight) * g.outWidth;
    const uint64_t patch = uint64_t(g.channels) * g.kernel * g.kernel;
    const uint64_t image = uint64_t(g.channels) * g.height * g.width;
    for (uint32_t i = 0; i < n; i++, x += image, delta += g.filters * pixels)
    {
        // The columns are made anew: keeping those of a whole batch would not fit a cache.
        WindowsToColumns(g, x, scratch);
        ConstMatrix<T> deltas(delta, pixels, g.filters);
        Matrix<T>(gw, patch, g.filters).noalias() +=
            ConstMatrix<T>(scratch, pixels, patch).transpose() * deltas;
        for (uint32_t f = 0; f < g.filters; f++)
        {
            gb[f] += Sum(delta + f * pixels, pixels);
        }
        if (dx)
        {
            std::memset(scratch, 0, pixels * patch * sizeof(T));
            Matrix<T>(scratch, pixels, patch).noalias() +=
                deltas * ConstMatrix<T>(w, patch, g.filters).transpose();
            std::memset(dx + i * image, 0, image * sizeof(T));
            ColumnsToWindows(g, scratch, dx + i * image);
        }
    }
}

/**
 * One row of windows.
 * @tparam KERNEL,STRIDE as in Windows, known to the compiler so that it can use vectors; 0 if they
 * are not
 * @param g the windows
 * @param x the sample
 * @param top index of the first window's corner
 * @param out outWidth values
 * @param winner outWidth indices
 */
template <uint32_t KERNEL, uint32_t STRIDE, typename T>
void
MaxPoolRow(const Windows& g,
           const T* x,
           uint32_t top,
           T* __restrict out,
           uint32_t* __restrict winner)
{
    const uint32_t kernel = KERNEL > 0 ? KERNEL : g.kernel;
    const uint32_t stride = STRIDE > 0 ? STRIDE : g.stride;
    for (uint32_t ox = 0; ox < g.outWidth; ox++)
    {
        const uint32_t corner = top + ox * stride;
        uint32_t place = corner;
        T best = x[corner];
        for (uint32_t ky = 0; ky < kernel; ky++)
        {
            for (uint32_t kx = 0; kx < kernel; kx++)
            {
                const uint32_t candidate = corner + ky * g.width + kx;
                const T value = x[candidate];
                const bool larger = !(value <= best); // what is not a number wins
                best = larger ? value : best;
                place = larger ? candidate : place;
            }
        }
        out[ox] = best;
        winner[ox] = place;
    }
}

template <typename T>
void
MaxPool(const Windows& g, const T* x, uint32_t n, bool relu, T* y, uint32_t* winner)
{
    const uint64_t count = uint64_t(n) * g.channels * g.outHeight * g.outWidth;
    T* out = y;
    for (uint32_t i = 0; i < n; i++, x += uint64_t(g.channels) * g.height * g.width)
    {
        for (uint32_t row = 0; row < g.channels * g.outHeight;
             row++, out += g.outWidth, winner += g.outWidth)
        {
            const uint32_t top =
                (row / g.outHeight * g.height + row % g.outHeight * g.stride) * g.width;
            if (g.kernel == 2 && g.stride == 2)
            {
                MaxPoolRow<2, 2>(g, x, top, out, winner);
            }
            else
            {
                MaxPoolRow<0, 0>(g, x, top, out, winner);
            }
        }
    }
    if (relu)
    {
        Relu(y, count);
    }
}

template <typename T>
void
MaxPoolGradient(const Windows& g, const T* delta, const uint32_t* winner, uint32_t n, T* dx)
{
    const uint64_t image = uint64_t(g.channels) * g.height * g.width;
    const uint64_t outputs = uint64_t(g.channels) * g.outHeight * g.outWidth;
    std::memset(dx, 0, n * image * sizeof(T));
    for (uint32_t i = 0; i < n; i++, dx += image)
    {
        for (uint64_t o = 0; o < outputs; o++)
        {
            dx[*winner++] += *delta++;
        }
    }
}

template <typename T>
double
SoftmaxLoss(const T* targets, uint32_t n, uint32_t classes, T scale, T* scores, uint64_t* correct)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++)
    {
        T* row = scores + uint64_t(i) * classes;
        const auto target = static_cast<uint32_t>(targets[i]);
        T largest = row[0];
        for (uint32_t k = 1; k < classes; k++)
        {
            largest = row[k] > largest ? row[k] : largest;
        }
        if (correct)
        {
            bool right = true;
            for (uint32_t k = 0; k < classes; k++)
            {
                right = right && (k < target ? row[target] > row[k] : row[target] >= row[k]);
            }
            *correct += right;
        }
        for (uint32_t k = 0; k < classes; k++)
        {
            row[k] -= largest;
        }
        sum -= row[target];
    }
    AlignedArray<T> all(scores, Index(n) * classes);
    all = all.exp();
    for (uint32_t i = 0; i < n; i++)
    {
        T* row = scores + uint64_t(i) * classes;
        T total = 0;
        for (uint32_t k = 0; k < classes; k++)
        {
            total += row[k];
        }
        sum += std::log(double(total));
        const T factor = scale / total;
        for (uint32_t k = 0; k < classes; k++)
        {
            row[k] *= factor;
        }
        row[static_cast<uint32_t>(targets[i])] -= scale;
    }
    return sum;
}

/// Sum in double precision, in four chains.
template <typename T>
double
SumDouble(const T* x, uint32_t count)
{
    double sum[4] = {};
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4)
    {
        for (uint32_t k = 0; k < 4; k++)
        {
            sum[k] += x[i + k];
        }
    }
    for (; i < count; i++)
    {
        sum[0] += x[i];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/**
 * Sum of log(1 + e) over numbers e in [0, 1]: the logarithm of a product in double precision, whose
 * factors are at most 2, so that 500 of them do not overflow.
 */
template <typename T>
double
SumLogOnePlus(const T* e, uint32_t count)
{
    double sum = 0;
    for (uint32_t begin = 0; begin < count; begin += 2000)
    {
        const uint32_t end = count - begin < 2000 ? count : begin + 2000;
        double product[4] = {1, 1, 1, 1};
        uint32_t i = begin;
        for (; i + 4 <= end; i += 4)
        {
            for (uint32_t k = 0; k < 4; k++)
            {
                product[k] *= 1 + double(e[i + k]);
            }
        }
        for (; i < end; i++)
        {
            product[0] *= 1 + double(e[i]);
        }
        sum += std::log(product[0] * product[1]) + std::log(product[2] * product[3]);
    }
    return sum;
}

template <typename T>
double
ScalarLoss(Loss loss,
           const T* targets,
           uint32_t n,
           T scale,
           T* scratch,
           T* scores,
           uint64_t* correct)
{
    if (correct && loss != Loss::SQUARED)
    {
        for (uint32_t i = 0; i < n; i++)
        {
            *correct += targets[i] > 0 ? scores[i] > 0 : scores[i] <= 0;
        }
    }
    if (loss == Loss::SQUARED)
    {
        for (uint32_t i = 0; i < n; i++)
        {
            const T residual = scores[i] - targets[i];
            scratch[i] = residual * residual / 2;
            scores[i] = scale * residual;
        }
        return SumDouble(scratch, n);
    }
    if (loss == Loss::HINGE)
    {
        for (uint32_t i = 0; i < n; i++)
        {
            const T sign = 2 * targets[i] - 1;
            const T slack = 1 - sign * scores[i];
            scratch[i] = slack <= 0 ? T(0) : slack;
            scores[i] = slack <= 0 ? T(0) : -scale * sign;
        }
        return SumDouble(scratch, n);
    }
    // log(1 + exp(s)) = max(0, s) + log(1 + exp(-|s|)), and its derivative 1 / (1 + exp(-s)),
    // without overflow
    AlignedArray<T>(scratch, n) = (-AlignedArray<T>(scores, n).abs()).exp();
    double sum = SumLogOnePlus(scratch, n);
    for (uint32_t i = 0; i < n; i++)
    {
        const T score = scores[i];
        const T larger = 1 / (1 + scratch[i]); // the larger one of the classes' probabilities
        const T smaller = scratch[i] * larger;
        scores[i] = scale * ((score < 0 ? smaller : larger) - targets[i]);
        scratch[i] = (score < 0 ? T(0) : score) - targets[i] * score;
    }
    return sum + SumDouble(scratch, n);
}

template <typename T>
double
GetLoss(Loss loss,
        const T* targets,
        uint32_t n,
        uint32_t outputs,
        T scale,
        T* scratch,
        T* scores,
        uint64_t* correct)
{
    return loss == Loss::SOFTMAX ? SoftmaxLoss(targets, n, outputs, scale, scores, correct)
                                 : ScalarLoss(loss, targets, n, scale, scratch, scores, correct);
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
                                     SquaredNorm<T>};
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
