/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CONVOLUTION_CHECKS_H
#define CONVOLUTION_CHECKS_H

#include "ns3/kernels.h"

#include <cstdint>
#include <tuple>

namespace ns3
{
namespace learning
{

/// Height, width, kernel, stride and padding.
using Geometry = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, uint32_t>;

inline Windows
MakeWindows(const Geometry& geometry, uint32_t channels, uint32_t filters)
{
    Windows g;
    std::tie(g.height, g.width, g.kernel, g.stride, g.padding) = geometry;
    g.channels = channels;
    g.filters = filters;
    g.outHeight = (g.height + 2 * g.padding - g.kernel) / g.stride + 1;
    g.outWidth = (g.width + 2 * g.padding - g.kernel) / g.stride + 1;
    return g;
}

/**
 * Calls visit(index of an output, of a weight, of an input) for every product of a convolution,
 * straight from its definition.
 */
template <typename Visitor>
void
VisitProducts(const Windows& g, uint32_t n, Visitor visit)
{
    for (uint32_t i = 0; i < n; i++)
    {
        for (uint32_t o = 0; o < g.filters * g.outHeight * g.outWidth; o++)
        {
            const uint32_t f = o / (g.outHeight * g.outWidth);
            const uint32_t oy = o / g.outWidth % g.outHeight;
            const uint32_t ox = o % g.outWidth;
            for (uint32_t k = 0; k < g.channels * g.kernel * g.kernel; k++)
            {
                const uint32_t c = k / (g.kernel * g.kernel);
                const int iy = int(oy * g.stride + k / g.kernel % g.kernel) - int(g.padding);
                const int ix = int(ox * g.stride + k % g.kernel) - int(g.padding);
                if (iy >= 0 && iy < int(g.height) && ix >= 0 && ix < int(g.width))
                {
                    visit(i * g.filters * g.outHeight * g.outWidth + o,
                          f * g.channels * g.kernel * g.kernel + k,
                          ((i * g.channels + c) * g.height + iy) * g.width + ix);
                }
            }
        }
    }
}

} // namespace learning
} // namespace ns3

#endif /* CONVOLUTION_CHECKS_H */
