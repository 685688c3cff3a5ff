/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Private to kernels-implementation.h, which includes this file once, after kernels-interleaved.h:
// no include guard. Derivative of an interleaved convolution by its weights.

namespace ns3
{
namespace learning
{
namespace KERNEL_NAMESPACE
{
namespace
{

/// Filters and channels of a tile of products.
constexpr uint32_t TILE_FILTERS = 4;
constexpr uint32_t TILE_CHANNELS = KERNEL_VECTOR_BYTES == 64 ? 4 : 3;

/// Windows of a strip, about: what a tile reads of them stays in the nearest cache.
constexpr uint32_t STRIP = 64;

/// Some rows of windows of one block of samples, and the rows of the image that they see.
struct Strip
{
    uint32_t begin;  ///< first row of windows
    uint32_t end;    ///< one past the last
    uint32_t top;    ///< first row of the image
    uint32_t bottom; ///< one past the last
};

inline uint32_t
GetStripRows(const Windows& g)
{
    return g.outWidth < STRIP ? STRIP / g.outWidth : 1;
}

/// Most rows of the image that a strip sees.
inline uint32_t
GetStripHeight(const Windows& g)
{
    const uint64_t rows = (uint64_t(GetStripRows(g)) - 1) * g.stride + g.kernel;
    return rows < g.height ? uint32_t(rows) : g.height;
}

inline Strip
GetStrip(const Windows& g, uint32_t begin)
{
    const uint32_t rows = GetStripRows(g);
    const uint32_t end = g.outHeight - begin < rows ? g.outHeight : begin + rows;
    const int64_t top = int64_t(begin) * g.stride - g.padding;
    const int64_t bottom = int64_t(end - 1) * g.stride + g.kernel - g.padding;
    const uint32_t lowest = bottom < 0 ? 0 : bottom < g.height ? uint32_t(bottom) : g.height;
    const uint32_t highest = top < 0 ? 0 : top < lowest ? uint32_t(top) : lowest;
    return {begin, end, highest, lowest};
}

/// Copies rows of a block so that each tile of channels is contiguous.
template <typename T>
void
PackRows(const Images<T>& from, uint32_t begin, uint32_t end, uint32_t most, Lanes<T>* to)
{
    const uint64_t pixels = uint64_t(end - begin) * from.width;
    const Lanes<T>* source = from.data + uint64_t(begin) * from.width * from.channels;
    for (uint32_t first = 0, tile; first < from.channels; first += tile)
    {
        tile = GetTile(first, from.channels, most);
        for (uint64_t p = 0; p < pixels; p++)
        {
            for (uint32_t t = 0; t < tile; t++)
            {
                *to++ = source[p * from.channels + first + t];
            }
        }
    }
}

/**
 * Adds the products of a strip to the sums of a tile of filters and channels and one place of the
 * kernel.
 * @param delta windows of the strip x FILTERS
 * @param x pixels of the strip x CHANNELS
 * @param sums FILTERS x CHANNELS
 */
template <uint32_t FILTERS, uint32_t CHANNELS, typename T>
void
AddProducts(const Windows& g,
            const Strip& strip,
            uint32_t ky,
            uint32_t kx,
            const Lanes<T>* delta,
            const Lanes<T>* x,
            Lanes<T>* sums)
{
    using V = Lanes<T>;
    const Span columns = GetSpan(g, kx, g.width, g.outWidth);
    const Span rows = GetSpan(g, ky, g.height, g.outHeight);
    const uint32_t begin = rows.begin > strip.begin ? rows.begin : strip.begin;
    const uint32_t end = rows.end < strip.end ? rows.end : strip.end;
    if (columns.begin == columns.end)
    {
        return;
    }
    V sum[FILTERS][CHANNELS];
    for (uint32_t i = 0; i < FILTERS * CHANNELS; i++)
    {
        sum[i / CHANNELS][i % CHANNELS] = sums[i];
    }
    for (uint32_t row = begin; row < end; row++)
    {
        const V* d = delta + (uint64_t(row - strip.begin) * g.outWidth + columns.begin) * FILTERS;
        const V* v = x + (uint64_t(row * g.stride + ky - g.padding - strip.top) * g.width +
                          (columns.begin * g.stride + kx - g.padding)) *
                             CHANNELS;
        for (uint32_t i = columns.begin; i < columns.end; i++, d += FILTERS)
        {
#pragma GCC unroll 8
            for (uint32_t f = 0; f < FILTERS; f++)
            {
#pragma GCC unroll 8
                for (uint32_t c = 0; c < CHANNELS; c++)
                {
                    sum[f][c] += d[f] * v[c];
                }
            }
            v += g.stride * CHANNELS;
        }
    }
    for (uint32_t i = 0; i < FILTERS * CHANNELS; i++)
    {
        sums[i] = sum[i / CHANNELS][i % CHANNELS];
    }
}

/// All places of the kernel, for a tile of any width up to FILTERS x CHANNELS.
template <uint32_t FILTERS, uint32_t CHANNELS, typename T>
void
AddTile(const Windows& g,
        const Strip& strip,
        uint32_t filters,
        uint32_t channels,
        const Lanes<T>* delta,
        const Lanes<T>* x,
        Lanes<T>* sums)
{
    if (filters == FILTERS && channels == CHANNELS)
    {
        for (uint32_t k = 0; k < g.kernel * g.kernel; k++, sums += FILTERS * CHANNELS)
        {
            AddProducts<FILTERS, CHANNELS, T>(g, strip, k / g.kernel, k % g.kernel, delta, x, sums);
        }
        return;
    }
    if constexpr (FILTERS > 1)
    {
        if (filters < FILTERS)
        {
            AddTile<FILTERS - 1, CHANNELS, T>(g, strip, filters, channels, delta, x, sums);
            return;
        }
    }
    if constexpr (CHANNELS > 1)
    {
        AddTile<FILTERS, CHANNELS - 1, T>(g, strip, filters, channels, delta, x, sums);
    }
}

/// Calls visit(first filter, filters, first channel, channels, place of its sums) for every tile.
template <typename Visitor>
void
VisitTiles(const Windows& g, Visitor visit)
{
    const uint64_t area = uint64_t(g.kernel) * g.kernel;
    uint64_t place = 0;
    for (uint32_t filter = 0, filters; filter < g.filters; filter += filters)
    {
        filters = GetTile(filter, g.filters, TILE_FILTERS);
        for (uint32_t channel = 0, channels; channel < g.channels; channel += channels)
        {
            channels = GetTile(channel, g.channels, TILE_CHANNELS);
            visit(filter, filters, channel, channels, place);
            place += filters * channels * area;
        }
    }
}

template <typename T>
void
InterleavedWeightGradient(const Windows& g,
                          const T* x,
                          const T* delta,
                          uint32_t n,
                          T* scratch,
                          T* gw)
{
    using V = Lanes<T>;
    Images<T> inputs = GetInputs(g, x);
    Images<T> outputs = GetOutputs(g, delta);
    const uint64_t area = uint64_t(g.kernel) * g.kernel;
    const uint64_t weights = area * g.channels * g.filters;
    V* sums = reinterpret_cast<V*>(scratch);
    V* packedOutputs = sums + weights;
    V* packedInputs = packedOutputs + uint64_t(GetStripRows(g)) * g.outWidth * g.filters;
    std::memset(sums, 0, weights * sizeof(V));
    for (uint32_t block = 0; block < CountBlocks<T>(n); block++)
    {
        for (uint32_t row = 0; row < g.outHeight; row += GetStripRows(g))
        {
            const Strip strip = GetStrip(g, row);
            const uint64_t windows = uint64_t(strip.end - strip.begin) * g.outWidth;
            const uint64_t pixels = uint64_t(strip.bottom - strip.top) * g.width;
            PackRows(outputs, strip.begin, strip.end, TILE_FILTERS, packedOutputs);
            PackRows(inputs, strip.top, strip.bottom, TILE_CHANNELS, packedInputs);
            VisitTiles(g,
                       [&](uint32_t filter,
                           uint32_t filters,
                           uint32_t channel,
                           uint32_t channels,
                           uint64_t place) {
                           AddTile<TILE_FILTERS, TILE_CHANNELS, T>(g,
                                                                   strip,
                                                                   filters,
                                                                   channels,
                                                                   packedOutputs + filter * windows,
                                                                   packedInputs + channel * pixels,
                                                                   sums + place);
                       });
        }
        inputs.data += inputs.GetBlock();
        outputs.data += outputs.GetBlock();
    }
    VisitTiles(g,
               [&](uint32_t filter,
                   uint32_t filters,
                   uint32_t channel,
                   uint32_t channels,
                   uint64_t place) {
                   const V* sum = sums + place;
                   for (uint64_t k = 0; k < area; k++)
                   {
                       for (uint32_t i = 0; i < filters * channels; i++)
                       {
                           const uint64_t f = filter + i / channels;
                           const uint64_t c = channel + i % channels;
                           gw[(f * g.channels + c) * area + k] += SumLanes<T>(*sum++);
                       }
                   }
               });
}

} // namespace
} // namespace KERNEL_NAMESPACE
} // namespace learning
} // namespace ns3
