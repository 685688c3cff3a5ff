/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Private to kernels-implementation.h, which includes this file once: no include guard. Long
// short-term memory.

namespace ns3
{
namespace learning
{
namespace KERNEL_NAMESPACE
{
namespace
{

/**
 * exp(-x) for x >= 0, at most two units in the last place off; what is below 2^-126 is 2^-126.
 *
 * Single precision by operations that every processor rounds alike, since the mathematical library
 * chooses its functions by processor: x = n log 2 + r with |r| <= log(2) / 2, the Taylor polynomial
 * of r to degree 7, whose remainder is below 6e-9, and n into the exponent's bits.
 */
template <typename T>
inline T
ExpOfNegative(T x)
{
    if constexpr (sizeof(T) == sizeof(double))
    {
        return std::exp(-x);
    }
    else
    {
        constexpr T SHIFT = 12582912; // 1.5 x 2^23: makes the last bit of a sum that of an integer
        constexpr T LOG2_HIGH = 0.693359375;
        constexpr T LOG2_LOW = -2.12194440e-4;
        x = x > T(87.3) ? T(87.3) : x; // what is not a number stays so
        const T shifted = SHIFT - x * T(1.44269504);
        const T n = shifted - SHIFT;
        const T r = (-x - n * LOG2_HIGH) - n * LOG2_LOW;
        T sum = T(1) / 5040;
        sum = sum * r + T(1) / 720;
        sum = sum * r + T(1) / 120;
        sum = sum * r + T(1) / 24;
        sum = sum * r + T(1) / 6;
        sum = sum * r + T(1) / 2;
        sum = sum * r + 1;
        sum = sum * r + 1;
        int32_t bits;
        std::memcpy(&bits, &shifted, sizeof(bits));
        bits = int32_t((uint32_t(bits) + 127) << 23); // the low bits of SHIFT are 0
        T power;
        std::memcpy(&power, &bits, sizeof(power));
        return sum * power;
    }
}

template <typename T>
inline T
Sigmoid(T x)
{
    const T e = ExpOfNegative(x < 0 ? -x : x);
    const T larger = 1 / (1 + e);
    return x < 0 ? e * larger : larger;
}

/**
 * tanh(x): near 0, where the exponentials cancel, the fifth convergent of its continued fraction,
 * x / (1 + x^2 / (3 + ...)), whose relative error at 1/2 is below 1e-10.
 */
template <typename T>
inline T
Tanh(T x)
{
    if constexpr (sizeof(T) == sizeof(double))
    {
        return std::tanh(x);
    }
    else
    {
        const T size = x < 0 ? -x : x;
        const T e = ExpOfNegative(2 * size);
        const T square = x * x;
        const bool small = size < T(0.5);
        const T above = x < 0 ? e - 1 : 1 - e;
        const T numerator = small ? x * ((square + 105) * square + 945) : above;
        const T denominator = small ? (15 * square + 420) * square + 945 : 1 + e;
        return numerator / denominator;
    }
}

/// One row of lstm(): gates hold the four sums before, sigmoids and tanh afterwards.
template <typename T>
void
LstmRow(uint32_t hidden,
        const T* __restrict before,
        T* __restrict gates,
        T* __restrict cell,
        T* __restrict y)
{
    T* __restrict input = gates;
    T* __restrict forget = gates + hidden;
    T* __restrict candidate = gates + 2 * hidden;
    T* __restrict output = gates + 3 * hidden;
    T* __restrict squashed = cell + hidden;
    for (uint32_t j = 0; j < hidden; j++)
    {
        input[j] = Sigmoid(input[j]);
        forget[j] = Sigmoid(forget[j]);
        candidate[j] = Tanh(candidate[j]);
        output[j] = Sigmoid(output[j]);
    }
    if (before)
    {
        for (uint32_t j = 0; j < hidden; j++)
        {
            cell[j] = forget[j] * before[j] + input[j] * candidate[j];
        }
    }
    else
    {
        for (uint32_t j = 0; j < hidden; j++)
        {
            cell[j] = input[j] * candidate[j];
        }
    }
    for (uint32_t j = 0; j < hidden; j++)
    {
        squashed[j] = Tanh(cell[j]);
        y[j] = output[j] * squashed[j];
    }
}

/**
 * One row of lstmGradient(): gates are overwritten with their sums' derivatives, dc, the derivative
 * by the cell as far as later rows see it, with that as far as this and later ones do.
 */
template <typename T>
void
LstmRowGradient(uint32_t hidden,
                const T* __restrict before,
                const T* __restrict cell,
                const T* __restrict dy,
                T* __restrict gates,
                T* __restrict dc)
{
    T* __restrict input = gates;
    T* __restrict forget = gates + hidden;
    T* __restrict candidate = gates + 2 * hidden;
    T* __restrict output = gates + 3 * hidden;
    const T* __restrict squashed = cell + hidden;
    for (uint32_t j = 0; j < hidden; j++)
    {
        const T i = input[j];
        const T f = forget[j];
        const T g = candidate[j];
        const T o = output[j];
        const T s = squashed[j];
        const T d = dc[j] + dy[j] * o * (1 - s * s);
        const T c = before ? before[j] : T(0);
        output[j] = dy[j] * s * o * (1 - o);
        input[j] = d * g * i * (1 - i);
        candidate[j] = d * i * (1 - g * g);
        forget[j] = d * c * f * (1 - f);
        dc[j] = d * f;
    }
}

template <typename T>
void
Lstm(const Steps& steps,
     const T* x,
     const T* wx,
     const T* wh,
     const T* b,
     uint32_t in,
     uint32_t hidden,
     T* gates,
     T* cells,
     T* y)
{
    const uint64_t h = hidden;
    const uint32_t n = steps.start[steps.count];
    for (uint32_t row = 0; row < n; row++)
    {
        std::memcpy(gates + row * 4 * h, b, 4 * h * sizeof(T));
    }
    Matrix<T>(gates, 4 * h, n).noalias() +=
        ConstMatrix<T>(wx, in, 4 * h).transpose() * ConstMatrix<T>(x, in, n);
    for (uint32_t t = 0; t < steps.count; t++)
    {
        const uint32_t begin = steps.start[t];
        const uint32_t size = steps.start[t + 1] - begin;
        const uint64_t previous = t == 0 ? 0 : steps.start[t - 1];
        if (t > 0)
        {
            Matrix<T>(gates + begin * 4 * h, 4 * h, size).noalias() +=
                ConstMatrix<T>(wh, h, 4 * h).transpose() *
                ConstMatrix<T>(y + previous * h, h, size);
        }
        for (uint32_t k = 0; k < size; k++)
        {
            const uint64_t row = begin + k;
            LstmRow(hidden,
                    t == 0 ? nullptr : cells + (previous + k) * 2 * h,
                    gates + row * 4 * h,
                    cells + row * 2 * h,
                    y + row * h);
        }
    }
}

template <typename T>
void
LstmGradient(const Steps& steps,
             const T* x,
             const T* wx,
             const T* wh,
             uint32_t in,
             uint32_t hidden,
             T* gates,
             const T* cells,
             const T* y,
             T* dy,
             T* scratch,
             T* gwx,
             T* gwh,
             T* gb,
             T* dx)
{
    const uint64_t h = hidden;
    const uint32_t n = steps.start[steps.count];
    const uint32_t widest = steps.start[1];
    std::memset(scratch, 0, widest * h * sizeof(T));
    for (uint32_t t = steps.count; t-- > 0;)
    {
        const uint32_t begin = steps.start[t];
        const uint32_t size = steps.start[t + 1] - begin;
        const uint64_t previous = t == 0 ? 0 : steps.start[t - 1];
        for (uint32_t k = 0; k < size; k++)
        {
            const uint64_t row = begin + k;
            LstmRowGradient(hidden,
                            t == 0 ? nullptr : cells + (previous + k) * 2 * h,
                            cells + row * 2 * h,
                            dy + row * h,
                            gates + row * 4 * h,
                            scratch + k * h);
        }
        if (t > 0)
        {
            Matrix<T>(dy + previous * h, h, size).noalias() +=
                ConstMatrix<T>(wh, h, 4 * h) * ConstMatrix<T>(gates + begin * 4 * h, 4 * h, size);
        }
    }
    // The rows before, side by side, for one product.
    T* before = scratch;
    for (uint32_t t = 1; t < steps.count; t++)
    {
        const uint64_t size = steps.start[t + 1] - steps.start[t];
        std::memcpy(before, y + steps.start[t - 1] * h, size * h * sizeof(T));
        before += size * h;
    }
    const uint32_t later = n - widest;
    if (later > 0)
    {
        Matrix<T>(gwh, h, 4 * h).noalias() +=
            ConstMatrix<T>(scratch, h, later) *
            ConstMatrix<T>(gates + widest * 4 * h, 4 * h, later).transpose();
    }
    Matrix<T>(gwx, in, 4 * h).noalias() +=
        ConstMatrix<T>(x, in, n) * ConstMatrix<T>(gates, 4 * h, n).transpose();
    for (uint32_t row = 0; row < n; row++)
    {
        for (uint64_t j = 0; j < 4 * h; j++)
        {
            gb[j] += gates[row * 4 * h + j];
        }
    }
    std::memset(dx, 0, uint64_t(n) * in * sizeof(T));
    Matrix<T>(dx, in, n).noalias() +=
        ConstMatrix<T>(wx, in, 4 * h) * ConstMatrix<T>(gates, 4 * h, n);
}

} // namespace
} // namespace KERNEL_NAMESPACE
} // namespace learning
} // namespace ns3
