/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Private to kernels-implementation.h, which includes this file once, after kernels-interleaved.h:
// no include guard. What a residual network does to interleaved images between its convolutions.

namespace ns3
{
namespace learning
{
namespace KERNEL_NAMESPACE
{
namespace
{

/// Added to variances, as is usual.
constexpr double EPSILON = 1e-5;

/// Pixels whose numbers are summed up before the sum is carried over to double precision.
constexpr uint32_t CHAIN = 256;

/// Samples in the last vector.
template <typename T>
uint32_t
GetLastLanes(uint32_t n)
{
    return (n - 1) % LanesOf<T>::COUNT + 1;
}

template <typename T>
void
Interleave(const T* x, uint32_t n, uint32_t channels, uint32_t pixels, T* y)
{
    constexpr uint32_t LANES = LanesOf<T>::COUNT;
    const uint64_t image = uint64_t(channels) * pixels;
    for (uint32_t block = 0; block < CountBlocks<T>(n); block++)
    {
        for (uint32_t p = 0; p < pixels; p++)
        {
            for (uint32_t c = 0; c < channels; c++)
            {
                for (uint32_t lane = 0; lane < LANES; lane++)
                {
                    const uint32_t sample = block * LANES + lane;
                    *y++ = sample < n ? x[sample * image + uint64_t(c) * pixels + p] : T(0);
                }
            }
        }
    }
}

template <typename T>
void
MeanPool(const T* x, uint32_t n, uint32_t channels, uint32_t pixels, T* scratch, T* y)
{
    constexpr uint32_t LANES = LanesOf<T>::COUNT;
    const Lanes<T>* v = reinterpret_cast<const Lanes<T>*>(x);
    Lanes<T>* sums = reinterpret_cast<Lanes<T>*>(scratch);
    for (uint32_t block = 0; block < CountBlocks<T>(n); block++)
    {
        std::memset(scratch, 0, channels * sizeof(Lanes<T>));
        for (uint32_t p = 0; p < pixels; p++)
        {
            for (uint32_t c = 0; c < channels; c++)
            {
                sums[c] += *v++;
            }
        }
        for (uint32_t lane = 0; lane < LANES && block * LANES + lane < n; lane++)
        {
            for (uint32_t c = 0; c < channels; c++)
            {
                *y++ = scratch[c * LANES + lane] / pixels;
            }
        }
    }
}

template <typename T>
void
MeanPoolGradient(const T* delta, uint32_t n, uint32_t channels, uint32_t pixels, T* dx)
{
    constexpr uint32_t LANES = LanesOf<T>::COUNT;
    for (uint32_t block = 0; block < CountBlocks<T>(n); block++)
    {
        T* first = dx;
        for (uint32_t c = 0; c < channels; c++)
        {
            for (uint32_t lane = 0; lane < LANES; lane++)
            {
                const uint32_t sample = block * LANES + lane;
                *dx++ = sample < n ? delta[uint64_t(sample) * channels + c] / pixels : T(0);
            }
        }
        for (uint32_t p = 1; p < pixels; p++, dx += channels * LANES)
        {
            std::memcpy(dx, first, channels * LANES * sizeof(T));
        }
    }
}

/// A number a channel, in all lanes, or in those of the last vector that hold samples.
template <typename T>
struct Spread
{
    Lanes<T>* all;  ///< channels vectors, followed by as many for the last block of samples
    uint32_t last;  ///< lanes of the last block that hold samples
    uint32_t count; ///< channels

    void Set(uint32_t channel, T value)
    {
        for (uint32_t lane = 0; lane < LanesOf<T>::COUNT; lane++)
        {
            all[channel][lane] = value;
            all[count + channel][lane] = lane < last ? value : T(0);
        }
    }

    const Lanes<T>* Get(bool isLast) const
    {
        return all + (isLast ? count : 0);
    }
};

/// Spreads that Normalize() and NormalizeGradient() use at once.
constexpr uint32_t SPREADS = 4;

/// Memory of both, carved out of the caller's.
template <typename T>
struct Workspace
{
    Spread<T> spreads[SPREADS]; ///< see there
    Lanes<T>* parts;            ///< 2 x channels: sums of a few pixels
    double* totals;             ///< 2 x channels: sums of all

    Workspace(T* scratch, uint32_t n, uint32_t channels)
    {
        Lanes<T>* v = reinterpret_cast<Lanes<T>*>(scratch);
        for (auto& spread : spreads)
        {
            spread = {v, GetLastLanes<T>(n), channels};
            v += 2 * channels;
        }
        parts = v;
        totals = reinterpret_cast<double*>(v + 2 * channels);
    }

    /// Numbers of it.
    static uint64_t GetSize(uint64_t channels)
    {
        return channels * ((2 * SPREADS + 2) * LanesOf<T>::COUNT + 2 * sizeof(double) / sizeof(T));
    }
};

/**
 * Sums over all samples and pixels, a sum or two a channel.
 * @param sums 1 or 2
 * @param add add(index of the first vector of a pixel, whether its block is the last, parts): adds
 * what the pixel has to parts, sums x channels
 */
template <typename T, typename Add>
void
SumOverPixels(const Windows& g, uint32_t n, uint32_t sums, Workspace<T>& space, Add add)
{
    const uint64_t pixels = uint64_t(g.outHeight) * g.outWidth;
    const uint32_t blocks = CountBlocks<T>(n);
    std::memset(space.totals, 0, sums * g.filters * sizeof(double));
    for (uint32_t block = 0; block < blocks; block++)
    {
        for (uint64_t begin = 0; begin < pixels; begin += CHAIN)
        {
            const uint64_t end = pixels - begin < CHAIN ? pixels : begin + CHAIN;
            std::memset(space.parts, 0, sums * g.filters * sizeof(Lanes<T>));
            for (uint64_t p = begin; p < end; p++)
            {
                add((block * pixels + p) * g.filters, block + 1 == blocks, space.parts);
            }
            for (uint32_t c = 0; c < sums * g.filters; c++)
            {
                space.totals[c] += double(SumLanes<T>(space.parts[c]));
            }
        }
    }
}

/// Channels and pixels that a shortcut passes on.
template <typename T>
struct Skipped
{
    const Windows& g; ///< windows of the first layer that is skipped

    /// The first vector of the pixel that is added to an output.
    uint64_t GetSource(uint32_t block, uint32_t row, uint32_t column) const
    {
        return ((uint64_t(block) * g.height + uint64_t(row) * g.stride) * g.width +
                uint64_t(column) * g.stride) *
               g.channels;
    }

    uint32_t GetChannels(uint32_t filters) const
    {
        return g.channels < filters ? g.channels : filters;
    }
};

template <typename T>
void
Normalize(const Windows& g,
          const T* z,
          const T* scales,
          uint32_t n,
          const Windows* skipped,
          const T* shortcut,
          T* scratch,
          T* statistics,
          T* y)
{
    using V = Lanes<T>;
    const V* in = reinterpret_cast<const V*>(z);
    const V* skip = reinterpret_cast<const V*>(shortcut);
    V* out = reinterpret_cast<V*>(y);
    const uint32_t channels = g.filters;
    const uint32_t blocks = CountBlocks<T>(n);
    const double count = double(n) * g.outHeight * g.outWidth;
    Workspace<T> space(scratch, n, channels);
    Spread<T>& means = space.spreads[0];
    Spread<T>& factors = space.spreads[1];
    Spread<T>& shifts = space.spreads[2];
    SumOverPixels(g, n, 1, space, [in, channels](uint64_t first, bool, V* part) {
        for (uint32_t c = 0; c < channels; c++)
        {
            part[c] += in[first + c];
        }
    });
    for (uint32_t c = 0; c < channels; c++)
    {
        statistics[c] = T(space.totals[c] / count);
        means.Set(c, statistics[c]);
    }
    SumOverPixels(g, n, 1, space, [in, channels, &means](uint64_t first, bool isLast, V* part) {
        const V* mean = means.Get(isLast);
        for (uint32_t c = 0; c < channels; c++)
        {
            const V difference = in[first + c] - mean[c];
            part[c] += difference * difference;
        }
    });
    for (uint32_t c = 0; c < channels; c++)
    {
        const double inverse = 1 / __builtin_sqrt(space.totals[c] / count + EPSILON);
        statistics[channels + c] = T(inverse);
        factors.Set(c, T(inverse) * scales[c]);
        shifts.Set(c, scales[channels + c]);
    }
    for (uint32_t block = 0; block < blocks; block++)
    {
        const V* mean = means.Get(block + 1 == blocks);
        const V* factor = factors.Get(block + 1 == blocks);
        const V* shift = shifts.Get(block + 1 == blocks);
        for (uint32_t row = 0; row < g.outHeight; row++)
        {
            for (uint32_t column = 0; column < g.outWidth; column++, in += channels)
            {
                uint32_t c = 0;
                if (skipped)
                {
                    const Skipped<T> shape{*skipped};
                    const V* add = skip + shape.GetSource(block, row, column);
                    for (; c < shape.GetChannels(channels); c++)
                    {
                        const V value = (in[c] - mean[c]) * factor[c] + shift[c] + add[c];
                        *out++ = value < 0 ? V{} : value;
                    }
                }
                for (; c < channels; c++)
                {
                    const V value = (in[c] - mean[c]) * factor[c] + shift[c];
                    *out++ = value < 0 ? V{} : value;
                }
            }
        }
    }
}

template <typename T>
void
ShortcutGradient(const Windows& g, const Windows& skipped, const T* delta, uint32_t n, T* dx)
{
    using V = Lanes<T>;
    const uint32_t blocks = CountBlocks<T>(n);
    const V* from = reinterpret_cast<const V*>(delta);
    V* to = reinterpret_cast<V*>(dx);
    const Skipped<T> shape{skipped};
    std::memset(dx, 0, sizeof(V) * blocks * skipped.channels * skipped.height * skipped.width);
    for (uint32_t block = 0; block < blocks; block++)
    {
        for (uint32_t row = 0; row < g.outHeight; row++)
        {
            for (uint32_t column = 0; column < g.outWidth; column++, from += g.filters)
            {
                std::memcpy(to + shape.GetSource(block, row, column),
                            from,
                            shape.GetChannels(g.filters) * sizeof(V));
            }
        }
    }
}

template <typename T>
void
NormalizeGradient(const Windows& g,
                  const T* z,
                  const T* scales,
                  const T* statistics,
                  uint32_t n,
                  T* scratch,
                  T* delta,
                  T* gradient)
{
    using V = Lanes<T>;
    const V* in = reinterpret_cast<const V*>(z);
    V* d = reinterpret_cast<V*>(delta);
    const uint32_t channels = g.filters;
    const uint32_t blocks = CountBlocks<T>(n);
    const uint64_t pixels = uint64_t(g.outHeight) * g.outWidth;
    const double count = double(n) * pixels;
    Workspace<T> space(scratch, n, channels);
    Spread<T>& means = space.spreads[0];
    Spread<T>& factors = space.spreads[1];
    Spread<T>& shifts = space.spreads[2];
    Spread<T>& slopes = space.spreads[3];
    for (uint32_t c = 0; c < channels; c++)
    {
        means.Set(c, statistics[c]);
    }
    SumOverPixels(g, n, 2, space, [in, d, channels, &means](uint64_t first, bool isLast, V* part) {
        const V* mean = means.Get(isLast);
        for (uint32_t c = 0; c < channels; c++)
        {
            part[c] += d[first + c];
            part[channels + c] += d[first + c] * (in[first + c] - mean[c]);
        }
    });
    for (uint32_t c = 0; c < channels; c++)
    {
        const double inverse = statistics[channels + c];
        const double product = space.totals[channels + c] * inverse;
        const double factor = scales[c] * inverse;
        gradient[c] += T(product);
        gradient[channels + c] += T(space.totals[c]);
        factors.Set(c, T(factor));
        shifts.Set(c, T(-factor * space.totals[c] / count));
        slopes.Set(c, T(-factor * inverse * product / count));
    }
    for (uint32_t block = 0; block < blocks; block++)
    {
        const V* mean = means.Get(block + 1 == blocks);
        const V* factor = factors.Get(block + 1 == blocks);
        const V* shift = shifts.Get(block + 1 == blocks);
        const V* slope = slopes.Get(block + 1 == blocks);
        for (uint64_t p = 0; p < pixels; p++, in += channels, d += channels)
        {
            for (uint32_t c = 0; c < channels; c++)
            {
                d[c] = d[c] * factor[c] + (in[c] - mean[c]) * slope[c] + shift[c];
            }
        }
    }
}

/// Numbers of scratch memory that the functions of one layer ask for.
template <typename T>
uint64_t
GetInterleavedScratch(const Windows& g)
{
    constexpr uint64_t LANES = LanesOf<T>::COUNT;
    const uint64_t weights = uint64_t(g.kernel) * g.kernel * g.channels * g.filters;
    const uint64_t windows = uint64_t(GetStripRows(g)) * g.outWidth;
    const uint64_t pixels = uint64_t(GetStripHeight(g)) * g.width;
    const uint64_t convolution = (weights + windows * g.filters + pixels * g.channels) * LANES;
    const uint64_t normalization = Workspace<T>::GetSize(g.filters);
    return convolution > normalization ? convolution : normalization;
}

} // namespace
} // namespace KERNEL_NAMESPACE
} // namespace learning
} // namespace ns3
