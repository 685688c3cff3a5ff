/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Private to kernels-implementation.h, which includes this file once: no include guard.
// Convolutions of interleaved images, whose samples lie side by side in vectors: a window's sources
// in one image row are consecutive numbers, so that a convolution is a few short products without
// copies of windows, and no product is spent on padding.

namespace ns3
{
namespace learning
{
namespace KERNEL_NAMESPACE
{
namespace
{

/// Vectors that hold n samples.
template <typename T>
uint32_t
CountBlocks(uint32_t n)
{
    return (n + LanesOf<T>::COUNT - 1) / LanesOf<T>::COUNT;
}

/// Channels that are computed at once, so that sums and operands fit the registers.
constexpr uint32_t TILE = KERNEL_VECTOR_BYTES == 64 ? 8 : 6;

/// Interleaved images.
template <typename T>
struct Images
{
    Lanes<T>* data;    ///< blocks x height x width x channels
    uint32_t channels; ///< of an image
    uint32_t height;   ///< of an image
    uint32_t width;    ///< of an image

    uint64_t GetBlock() const
    {
        return uint64_t(channels) * height * width;
    }
};

/// Along one axis, the consecutive sources that a destination sums up, and the places of their
/// weights, consecutive too.
struct Run
{
    uint32_t source; ///< the first source
    uint32_t weight; ///< place of its weight
    uint32_t count;  ///< number of sources
};

/// Place of a weight in a panel of the derivative by the input: a destination meets every stride-th
/// weight, the last one first.
inline uint32_t
GetTransposedPlace(const Windows& g, uint32_t offset)
{
    uint32_t place = 0;
    for (uint32_t residue = 0; residue < offset % g.stride; residue++)
    {
        place += (g.kernel - residue + g.stride - 1) / g.stride;
    }
    return place + (g.kernel - 1 - offset) / g.stride;
}

/**
 * Finds the sources of a destination.
 * @tparam TRANSPOSED whether the destination is an input of the convolution
 * @param g the windows
 * @param destination row or column
 * @param size rows or columns of the sources
 */
template <bool TRANSPOSED>
Run
GetRun(const Windows& g, uint32_t destination, uint32_t size)
{
    if (!TRANSPOSED)
    {
        const int64_t corner = int64_t(destination) * g.stride - g.padding;
        const int64_t begin = corner < 0 ? -corner : 0;
        const int64_t end = size - corner < g.kernel ? size - corner : g.kernel;
        return begin < end ? Run{uint32_t(corner + begin), uint32_t(begin), uint32_t(end - begin)}
                           : Run{0, 0, 0};
    }
    const uint32_t place = destination + g.padding;
    const uint32_t begin = place >= g.kernel ? (place - g.kernel) / g.stride + 1 : 0;
    const uint32_t end = place / g.stride + 1 < size ? place / g.stride + 1 : size;
    return begin < end ? Run{begin, GetTransposedPlace(g, place - begin * g.stride), end - begin}
                       : Run{0, 0, 0};
}

/// Copies the weights of a tile in the order in which CorrelateRow() reads them.
template <bool TRANSPOSED, typename T>
void
PackPanel(const Windows& g, const T* w, uint32_t first, uint32_t tile, T* panel)
{
    const uint32_t sources = TRANSPOSED ? g.filters : g.channels;
    const uint64_t area = uint64_t(g.kernel) * g.kernel;
    for (uint32_t ky = 0; ky < g.kernel; ky++)
    {
        for (uint32_t kx = 0; kx < g.kernel; kx++)
        {
            const uint32_t row = TRANSPOSED ? GetTransposedPlace(g, ky) : ky;
            const uint32_t column = TRANSPOSED ? GetTransposedPlace(g, kx) : kx;
            T* to = panel + (uint64_t(row) * g.kernel + column) * sources * tile;
            for (uint32_t s = 0; s < sources; s++)
            {
                for (uint32_t t = 0; t < tile; t++)
                {
                    const uint32_t filter = TRANSPOSED ? s : first + t;
                    const uint32_t channel = TRANSPOSED ? first + t : s;
                    *to++ =
                        w[(uint64_t(filter) * g.channels + channel) * area + ky * g.kernel + kx];
                }
            }
        }
    }
}

/**
 * One row of destinations, a tile of channels, one or two blocks of samples.
 * @tparam WIDTH channels of the tile
 * @tparam BLOCKS blocks of samples
 * @tparam TRANSPOSED whether destinations are inputs of the convolution, to which is added
 */
template <uint32_t WIDTH, uint32_t BLOCKS, bool TRANSPOSED, typename T>
void
CorrelateRow(const Windows& g,
             const Images<T>& from,
             const Images<T>& to,
             uint32_t first,
             uint32_t row,
             const T* panel)
{
    using V = Lanes<T>;
    const Run rows = GetRun<TRANSPOSED>(g, row, from.height);
    V* y = to.data + uint64_t(row) * to.width * to.channels + first;
    for (uint32_t column = 0; column < to.width; column++, y += to.channels)
    {
        const Run columns = GetRun<TRANSPOSED>(g, column, from.width);
        V sum[BLOCKS][WIDTH];
        for (uint32_t b = 0; b < BLOCKS; b++)
        {
            for (uint32_t t = 0; t < WIDTH; t++)
            {
                sum[b][t] = TRANSPOSED ? y[b * to.GetBlock() + t] : V{};
            }
        }
        for (uint32_t r = 0; r < rows.count; r++)
        {
            const V* x0 = from.data +
                          (uint64_t(rows.source + r) * from.width + columns.source) * from.channels;
            const V* x1 = x0 + from.GetBlock();
            const T* w = panel + (uint64_t(rows.weight + r) * g.kernel + columns.weight) *
                                     from.channels * WIDTH;
            const uint32_t steps = columns.count * from.channels;
            for (uint32_t j = 0; j < steps; j++, w += WIDTH)
            {
                const V first0 = x0[j];
                const V first1 = BLOCKS > 1 ? x1[j] : V{};
#pragma GCC unroll 16
                for (uint32_t t = 0; t < WIDTH; t++)
                {
                    sum[0][t] += first0 * w[t];
                    if (BLOCKS > 1)
                    {
                        sum[BLOCKS - 1][t] += first1 * w[t];
                    }
                }
            }
        }
        for (uint32_t b = 0; b < BLOCKS; b++)
        {
            for (uint32_t t = 0; t < WIDTH; t++)
            {
                y[b * to.GetBlock() + t] = sum[b][t];
            }
        }
    }
}

/// Calls CorrelateRow() for a tile of any width up to WIDTH.
template <uint32_t WIDTH, uint32_t BLOCKS, bool TRANSPOSED, typename T>
void
CorrelateTile(const Windows& g,
              const Images<T>& from,
              const Images<T>& to,
              uint32_t first,
              uint32_t tile,
              uint32_t row,
              const T* panel)
{
    if (tile == WIDTH)
    {
        CorrelateRow<WIDTH, BLOCKS, TRANSPOSED>(g, from, to, first, row, panel);
    }
    else if constexpr (WIDTH > 1)
    {
        CorrelateTile<WIDTH - 1, BLOCKS, TRANSPOSED>(g, from, to, first, tile, row, panel);
    }
}

/// Forward pass, or derivative by the input, of all samples.
template <bool TRANSPOSED, typename T>
void
Correlate(const Windows& g, Images<T> from, Images<T> to, const T* w, uint32_t blocks, T* panels)
{
    const uint64_t patch = uint64_t(g.kernel) * g.kernel * from.channels;
    for (uint32_t first = 0, tile; first < to.channels; first += tile)
    {
        tile = GetTile(first, to.channels, TILE);
        PackPanel<TRANSPOSED>(g, w, first, tile, panels + first * patch);
    }
    for (uint32_t block = 0; block < blocks; block += 2)
    {
        for (uint32_t row = 0; row < to.height; row++)
        {
            for (uint32_t first = 0, tile; first < to.channels; first += tile)
            {
                tile = GetTile(first, to.channels, TILE);
                const T* panel = panels + first * patch;
                if (block + 1 < blocks)
                {
                    CorrelateTile<TILE, 2, TRANSPOSED>(g, from, to, first, tile, row, panel);
                }
                else
                {
                    CorrelateTile<TILE, 1, TRANSPOSED>(g, from, to, first, tile, row, panel);
                }
            }
        }
        from.data += 2 * from.GetBlock();
        to.data += 2 * to.GetBlock();
    }
}

template <typename T>
Images<T>
GetInputs(const Windows& g, const T* x)
{
    // never written through where the caller's array is constant
    return {reinterpret_cast<Lanes<T>*>(const_cast<T*>(x)), g.channels, g.height, g.width};
}

template <typename T>
Images<T>
GetOutputs(const Windows& g, const T* y)
{
    return {reinterpret_cast<Lanes<T>*>(const_cast<T*>(y)), g.filters, g.outHeight, g.outWidth};
}

template <typename T>
void
InterleavedConvolution(const Windows& g, const T* x, const T* w, uint32_t n, T* scratch, T* y)
{
    Correlate<false>(g, GetInputs(g, x), GetOutputs(g, y), w, CountBlocks<T>(n), scratch);
}

template <typename T>
void
InterleavedInputGradient(const Windows& g,
                         const T* delta,
                         const T* w,
                         uint32_t n,
                         T* scratch,
                         T* dx)
{
    Correlate<true>(g, GetOutputs(g, delta), GetInputs(g, dx), w, CountBlocks<T>(n), scratch);
}

} // namespace
} // namespace KERNEL_NAMESPACE
} // namespace learning
} // namespace ns3
