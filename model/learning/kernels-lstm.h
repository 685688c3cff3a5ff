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

/// exp(-x) and exp(-x) - 1, neither with cancellation.
struct Exponential
{
    float value;    ///< exp(-x)
    float minusOne; ///< exp(-x) - 1
};

/**
 * The exponential of -x for x >= 0, a few units in the last place off; what is below 2^-125 is
 * taken as 2^-125.
 *
 * Of operations that every processor rounds alike, since the mathematical library, which double
 * precision takes, chooses its functions by processor: -x = n log 2 + r with |r| <= log(2) / 2, the
 * Taylor polynomial of exp(r) - 1 to degree 7, whose remainder is below 6e-9, and n into the
 * exponent's bits.
 */
inline Exponential
ExpOfNegative(float x)
{
    constexpr float SHIFT = 12582912; // 1.5 x 2^23: makes the last bit of a sum that of an integer
    constexpr float LOG2_HIGH = 0.693359375F;
    constexpr float LOG2_LOW = -2.12194440e-4F;
    constexpr int32_t LARGEST = 0x42ad3333; // bits of 86.6, in the order of the numbers
    const float poison = x * 0;             // what is not finite becomes not a number
    int32_t bits;
    std::memcpy(&bits, &x, sizeof(bits));
    bits = bits < LARGEST ? bits : LARGEST;
    std::memcpy(&x, &bits, sizeof(bits));
    const float shifted = SHIFT - x * 1.44269504F;
    const float n = shifted - SHIFT;
    const float r = (-x - n * LOG2_HIGH) - n * LOG2_LOW;
    float sum = 1.0F / 5040;
    sum = sum * r + 1.0F / 720;
    sum = sum * r + 1.0F / 120;
    sum = sum * r + 1.0F / 24;
    sum = sum * r + 1.0F / 6;
    sum = sum * r + 1.0F / 2;
    sum = sum * r + 1;
    sum = sum * r;
    uint32_t exponent;
    std::memcpy(&exponent, &shifted, sizeof(exponent));
    exponent = (exponent + 127) << 23; // the low bits of SHIFT are 0
    float power;
    std::memcpy(&power, &exponent, sizeof(power));
    const float scaled = sum * power + poison;
    return {scaled + power, scaled + (power - 1)};
}

/// The sign of a number, as its bit, and its size. Without a choice, of which compilers make
/// branches, and then no vectors.
struct SignAndSize
{
    explicit SignAndSize(float x)
    {
        uint32_t bits;
        std::memcpy(&bits, &x, sizeof(bits));
        sign = bits & 0x80000000U;
        bits ^= sign;
        std::memcpy(&size, &bits, sizeof(bits));
    }

    uint32_t sign; ///< the sign's bit
    float size;    ///< the number without it
};

inline float
Sigmoid(float x)
{
    const float e = ExpOfNegative(SignAndSize(x).size).value;
    return (x < 0 ? e : 1) / (1 + e);
}

inline double
Sigmoid(double x)
{
    return 1 / (1 + std::exp(-x));
}

inline float
Tanh(float x)
{
    const SignAndSize parts(x);
    const float e = ExpOfNegative(2 * parts.size).minusOne;
    float y = -e / (2 + e);
    uint32_t bits;
    std::memcpy(&bits, &y, sizeof(bits));
    bits ^= parts.sign;
    std::memcpy(&y, &bits, sizeof(bits));
    return y;
}

inline double
Tanh(double x)
{
    return std::tanh(x);
}

/// One row of lstm(), before being the cell before it: gates hold the four sums, then sigmoids and
/// tanh.
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
    for (uint32_t j = 0; j < hidden; j++)
    {
        cell[j] = forget[j] * before[j] + input[j] * candidate[j];
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
        output[j] = dy[j] * s * o * (1 - o);
        input[j] = d * g * i * (1 - i);
        candidate[j] = d * i * (1 - g * g);
        forget[j] = d * before[j] * f * (1 - f);
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
     T* start,
     T* gates,
     T* cells,
     T* y)
{
    const uint64_t h = hidden;
    const uint32_t n = steps.start[steps.count];
    std::memset(start, 0, h * sizeof(T));
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
                    t == 0 ? start : cells + (previous + k) * 2 * h,
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
             const T* start,
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
                            t == 0 ? start : cells + (previous + k) * 2 * h,
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
