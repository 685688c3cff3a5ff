/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Private to kernels-implementation.h, which includes this file once: no include guard. Affine
// maps.

namespace ns3
{
namespace learning
{
namespace KERNEL_NAMESPACE
{
namespace
{

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
Affine(const Rows<T>& x, const T* w, const T* b, uint32_t out, bool relu, T* y)
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
    else
    {
        for (uint32_t i = 0; i < n; i++)
        {
            std::memcpy(y + uint64_t(i) * out, b, out * sizeof(T));
        }
        AddInnerProducts(x.dense, w, n, x.width, out, y);
    }
    if (relu)
    {
        Relu(y, uint64_t(n) * out);
    }
}

template <typename T>
void
AffineWeightGradient(const Rows<T>& x,
                     const T* delta,
                     const T* w,
                     const T* b,
                     T penalty,
                     uint32_t out,
                     T* gw,
                     T* gb)
{
    const uint32_t n = x.count;
    ScaleInto(b, penalty, out, gb);
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
    const bool penalized = penalty != 0;
    if (penalized || !x.dense || out == 1)
    {
        ScaleInto(w, penalty, uint64_t(out) * x.width, gw);
    }
    if (x.dense && out == 1)
    {
        Vector<T>(gw, x.width).noalias() +=
            ConstMatrix<T>(x.dense, x.width, n) * ConstVector<T>(delta, n);
        return;
    }
    if (x.dense)
    {
        SumOuterProducts<T>({delta, 1, out}, x.dense, out, x.width, n, penalized, gw);
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
    SumOuterProducts<T>({delta, out, 1}, w, n, in, out, false, dx);
}

} // namespace
} // namespace KERNEL_NAMESPACE
} // namespace learning
} // namespace ns3
