/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Private to kernels-v*.cc, each of which defines KERNEL_WIDTH and includes this file once: no
// include guard.
//
// Eigen's templates are weak symbols. The linker keeps one copy of each, whatever processor it was
// compiled for, so every width renames Eigen's namespace and has a namespace of its own. Nothing
// here may call an inline function of another namespace that the compiler might not inline
// (utils/check-kernel-symbols.sh looks).

#define KERNEL_PASTE(prefix, width) prefix##width
#define KERNEL_NAMESPACE(prefix, width) KERNEL_PASTE(prefix, width)
#define Eigen KERNEL_NAMESPACE(Eigen_, KERNEL_WIDTH)
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
namespace KERNEL_NAMESPACE(kernels_, KERNEL_WIDTH)
{
    namespace
    {

#define KERNEL_STRING(text) #text
#define KERNEL_NAME(width) KERNEL_STRING(width)

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
    void Relu(T* y, uint64_t count)
    {
        for (uint64_t i = 0; i < count; i++)
        {
            y[i] = y[i] < 0 ? T(0) : y[i]; // what is not a number stays so
        }
    }

    template <typename T>
    void MaskRelu(const T* y, uint64_t count, T* delta)
    {
        for (uint64_t i = 0; i < count; i++)
        {
            delta[i] = y[i] <= 0 ? T(0) : delta[i];
        }
    }

    template <typename T>
    void AffineSparse(const Rows<T>& x, const T* w, const T* b, uint32_t out, T* y)
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
    void Affine(const Rows<T>& x, const T* w, const T* b, uint32_t out, bool relu, T* scratch, T* y)
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

    template <typename T>
    void AffineWeightGradient(const Rows<T>& x, const T* delta, uint32_t out, T* gw, T* gb)
    {
        const uint32_t n = x.count;
        for (uint32_t i = 0; i < n; i++)
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
    void AffineInputGradient(const T* delta,
                             const T* w,
                             uint32_t n,
                             uint32_t in,
                             uint32_t out,
                             T* dx)
    {
        std::memset(dx, 0, uint64_t(n) * in * sizeof(T));
        Matrix<T>(dx, in, n).noalias() +=
            ConstMatrix<T>(w, in, out) * ConstMatrix<T>(delta, out, n);
    }

    /// Columns of an output row whose input column stays inside the image, for one column of the
    /// kernel.
    struct Span
    {
        uint32_t begin; ///< first column inside
        uint32_t end;   ///< one past the last
    };

    Span GetSpan(const Windows& g, uint32_t kx)
    {
        // begin: the first ox with ox * stride + kx >= padding; end: likewise with < width +
        // padding
        const uint32_t before = kx < g.padding ? (g.padding - kx + g.stride - 1) / g.stride : 0;
        const uint32_t limit = g.width + g.padding;
        const uint32_t after = kx < limit ? (limit - kx + g.stride - 1) / g.stride : 0;
        Span span;
        span.end = after < g.outWidth ? after : g.outWidth;
        span.begin = before < span.end ? before : span.end;
        return span;
    }

    /**
     * Writes the windows of one sample side by side: columns, (channels x kernel x kernel) x
     * (outHeight x outWidth), row-major.
     */
    template <typename T>
    void WindowsToColumns(const Windows& g, const T* x, T* columns)
    {
        for (uint32_t c = 0; c < g.channels; c++)
        {
            for (uint32_t ky = 0; ky < g.kernel; ky++)
            {
                for (uint32_t kx = 0; kx < g.kernel; kx++)
                {
                    const Span span = GetSpan(g, kx);
                    for (uint32_t oy = 0; oy < g.outHeight; oy++, columns += g.outWidth)
                    {
                        const uint32_t iy = oy * g.stride + ky - g.padding; // wraps above the image
                        if (iy >= g.height)
                        {
                            std::memset(columns, 0, g.outWidth * sizeof(T));
                            continue;
                        }
                        const T* row = x + (uint64_t(c) * g.height + iy) * g.width;
                        for (uint32_t ox = 0; ox < span.begin; ox++)
                        {
                            columns[ox] = 0;
                        }
                        for (uint32_t ox = span.begin; ox < span.end; ox++)
                        {
                            columns[ox] = row[ox * g.stride + kx - g.padding];
                        }
                        for (uint32_t ox = span.end; ox < g.outWidth; ox++)
                        {
                            columns[ox] = 0;
                        }
                    }
                }
            }
        }
    }

    /**
     * The transpose of WindowsToColumns(): adds every column to where it came from.
     */
    template <typename T>
    void ColumnsToWindows(const Windows& g, const T* columns, T* dx)
    {
        for (uint32_t c = 0; c < g.channels; c++)
        {
            for (uint32_t ky = 0; ky < g.kernel; ky++)
            {
                for (uint32_t kx = 0; kx < g.kernel; kx++)
                {
                    const Span span = GetSpan(g, kx);
                    for (uint32_t oy = 0; oy < g.outHeight; oy++, columns += g.outWidth)
                    {
                        const uint32_t iy = oy * g.stride + ky - g.padding;
                        if (iy >= g.height)
                        {
                            continue;
                        }
                        T* row = dx + (uint64_t(c) * g.height + iy) * g.width;
                        for (uint32_t ox = span.begin; ox < span.end; ox++)
                        {
                            row[ox * g.stride + kx - g.padding] += columns[ox];
                        }
                    }
                }
            }
        }
    }

    template <typename T>
    void Convolution(const Windows& g,
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

    /// Sum in eight chains, so that it does not depend on the width of vectors or on alignment.
    template <typename T>
    T Sum(const T* x, uint64_t count)
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
    void ConvolutionGradient(const Windows& g,
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

    template <typename T>
    void MaxPool(const Windows& g, const T* x, uint32_t n, bool relu, T* y, uint32_t* winner)
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
                for (uint32_t ox = 0; ox < g.outWidth; ox++)
                {
                    winner[ox] = top + ox * g.stride;
                    out[ox] = x[winner[ox]];
                }
                for (uint32_t k = 1; k < g.kernel * g.kernel; k++)
                {
                    const uint32_t corner = top + k / g.kernel * g.width + k % g.kernel;
                    for (uint32_t ox = 0; ox < g.outWidth; ox++)
                    {
                        const T value = x[corner + ox * g.stride];
                        const bool larger = !(value <= out[ox]); // what is not a number wins
                        out[ox] = larger ? value : out[ox];
                        winner[ox] = larger ? corner + ox * g.stride : winner[ox];
                    }
                }
            }
        }
        if (relu)
        {
            Relu(y, count);
        }
    }

    template <typename T>
    void MaxPoolGradient(const Windows& g,
                         const T* delta,
                         const uint32_t* winner,
                         uint32_t n,
                         T* dx)
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
    double SoftmaxLoss(const T* targets,
                       uint32_t n,
                       uint32_t classes,
                       T scale,
                       T* scores,
                       uint64_t* correct)
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
    double SumDouble(const T* x, uint32_t count)
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

    /// Scratch memory for n numbers such that more may follow, aligned.
    constexpr uint32_t RoundUp(uint32_t n)
    {
        return (n + 15) / 16 * 16;
    }

    template <typename T>
    double ScalarLoss(Loss loss,
                      const T* targets,
                      uint32_t n,
                      T scale,
                      T* losses,
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
                losses[i] = residual * residual / 2;
                scores[i] = scale * residual;
            }
        }
        else if (loss == Loss::HINGE)
        {
            for (uint32_t i = 0; i < n; i++)
            {
                const T sign = 2 * targets[i] - 1;
                const T slack = 1 - sign * scores[i];
                losses[i] = slack <= 0 ? T(0) : slack;
                scores[i] = slack <= 0 ? T(0) : -scale * sign;
            }
        }
        else
        {
            // softplus(s) = max(0, s) + log(1 + exp(-|s|)), and its derivative 1 / (1 + exp(-s)),
            // without overflow
            T* linear = losses + RoundUp(n);
            AlignedArray<T> decay(losses, n);
            decay = (-AlignedArray<T>(scores, n).abs()).exp();
            for (uint32_t i = 0; i < n; i++)
            {
                const T score = scores[i];
                const T larger =
                    1 / (1 + losses[i]); // the larger one of the two classes' probabilities
                linear[i] = (score < 0 ? T(0) : score) - targets[i] * score;
                scores[i] = scale * ((score < 0 ? losses[i] * larger : larger) - targets[i]);
            }
            decay = decay.log1p() + AlignedArray<T>(linear, n);
        }
        return SumDouble(losses, n);
    }

    template <typename T>
    double GetLoss(Loss loss,
                   const T* targets,
                   uint32_t n,
                   uint32_t outputs,
                   T scale,
                   T* scratch,
                   T* scores,
                   uint64_t* correct)
    {
        return loss == Loss::SOFTMAX
                   ? SoftmaxLoss(targets, n, outputs, scale, scores, correct)
                   : ScalarLoss(loss, targets, n, scale, scratch, scores, correct);
    }

    template <typename T>
    void ScaleInto(const T* parameters, T factor, uint64_t count, T* gradient)
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
    double SquaredNorm(const T* x, uint64_t count)
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
    const Kernels<T>& GetTable()
    {
        static const bool pinned = [] {
            // Products are cut to fit the caches, and the cuts change the bits: the same ones on
            // every machine.
            Eigen::setCpuCacheSizes(32768, 262144, 2097152);
            return true;
        }();
        static const Kernels<T> table = {KERNEL_NAME(KERNEL_WIDTH),
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
                                         SquaredNorm<T>};
        static_cast<void>(pinned);
        return table;
    }

    } // namespace

    const Kernels<float>& GetFloatKernels()
    {
        return GetTable<float>();
    }

#ifdef KERNEL_DOUBLE_PRECISION
    const Kernels<double>& GetDoubleKernels()
    {
        return GetTable<double>();
    }
#endif

} // namespace )
} // namespace learning
} // namespace ns3
