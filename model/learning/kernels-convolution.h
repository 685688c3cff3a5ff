/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Private to kernels-implementation.h, which includes this file once: no include guard. Convolution
// and pooling.

namespace ns3
{
namespace learning
{
namespace KERNEL_NAMESPACE
{
namespace
{

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

} // namespace
} // namespace KERNEL_NAMESPACE
} // namespace learning
} // namespace ns3
