/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Private to kernels-implementation.h, which includes this file once: no include guard. Vectors of
// numbers, and the two products of matrices of which affine maps consist. Batches are short, so
// that copying the operands into the order of a general product would cost as much as it saves.

namespace ns3
{
namespace learning
{
namespace KERNEL_NAMESPACE
{
namespace
{

/// A vector, and one that may lie anywhere in memory.
template <typename T>
struct LanesOf
{
    typedef T Type __attribute__((vector_size(KERNEL_VECTOR_BYTES), may_alias));
    typedef T Unaligned
        __attribute__((vector_size(KERNEL_VECTOR_BYTES), may_alias, aligned(alignof(T))));
    static constexpr uint32_t COUNT = KERNEL_VECTOR_BYTES / sizeof(T);
};

template <typename T>
using Lanes = typename LanesOf<T>::Type;

template <typename T>
inline Lanes<T>
Load(const T* from)
{
    return *reinterpret_cast<const typename LanesOf<T>::Unaligned*>(from);
}

template <typename T>
inline void
Store(const Lanes<T>& vector, T* to)
{
    *reinterpret_cast<typename LanesOf<T>::Unaligned*>(to) = vector;
}

/// Sum of a vector's numbers, by halves.
template <typename T>
inline T
SumLanes(const Lanes<T>& vector)
{
    typedef T Part __attribute__((vector_size(16)));
    constexpr uint32_t PARTS = KERNEL_VECTOR_BYTES / 16;
    Part parts[PARTS];
    std::memcpy(parts, &vector, sizeof parts);
    for (uint32_t half = PARTS / 2; half > 0; half /= 2)
    {
        for (uint32_t i = 0; i < half; i++)
        {
            parts[i] += parts[i + half];
        }
    }
    if constexpr (sizeof(T) == 4)
    {
        return (parts[0][0] + parts[0][2]) + (parts[0][1] + parts[0][3]);
    }
    else
    {
        return parts[0][0] + parts[0][1];
    }
}

/// Width of the tile that begins at a row or channel: at most the given one, the last two alike.
inline uint32_t
GetTile(uint32_t first, uint32_t count, uint32_t most)
{
    const uint32_t rest = count - first;
    return rest >= 2 * most ? most : rest <= most ? rest : (rest + 1) / 2;
}

/// Calls a function with the constant COUNT that equals a number from 1 to MOST.
template <uint32_t MOST, typename Function>
inline void
WithConstant(uint32_t count, const Function& function)
{
    if constexpr (MOST > 1)
    {
        if (count < MOST)
        {
            WithConstant<MOST - 1>(count, function);
            return;
        }
    }
    function(std::integral_constant<uint32_t, MOST>());
}

/// Rows of one factor, and of the other, whose inner products are computed at once.
constexpr uint32_t INNER_ROWS = 4;
constexpr uint32_t INNER_COLUMNS = KERNEL_VECTOR_BYTES == 64   ? 4
                                   : KERNEL_VECTOR_BYTES == 32 ? 3
                                                               : 2;
/// Length of the pieces of rows, so that INNER_ROWS of them fit the nearest cache.
constexpr uint32_t INNER_LENGTH = 1024;

/// y (r, c) += x (r, .) w (c, .) for few rows. x and w have rows of stride numbers, y of columns.
template <uint32_t ROWS, uint32_t COLUMNS, typename T>
void
AddInnerTile(const T* x, const T* w, uint64_t stride, uint32_t length, T* y, uint64_t columns)
{
    constexpr uint32_t COUNT = LanesOf<T>::COUNT;
    Lanes<T> sums[ROWS][COLUMNS] = {};
    const auto add = [&](uint32_t j, const auto& keep) {
        Lanes<T> factors[COLUMNS];
#pragma GCC unroll 8
        for (uint32_t c = 0; c < COLUMNS; c++)
        {
            factors[c] = keep(Load(w + c * stride + j));
        }
#pragma GCC unroll 16
        for (uint32_t r = 0; r < ROWS; r++)
        {
            const Lanes<T> factor = keep(Load(x + r * stride + j));
#pragma GCC unroll 8
            for (uint32_t c = 0; c < COLUMNS; c++)
            {
                sums[r][c] += factor * factors[c];
            }
        }
    };
    uint32_t j = 0;
    for (; j + COUNT <= length; j += COUNT)
    {
        add(j, [](const Lanes<T>& all) { return all; });
    }
    if (j < length && length >= COUNT)
    {
        Lanes<T> numbers;
        for (uint32_t i = 0; i < COUNT; i++)
        {
            numbers[i] = T(i);
        }
        const T known = T(COUNT - (length - j)); // of the last numbers, how many were added before
        add(length - COUNT,
            [&](const Lanes<T>& all) { return numbers >= known ? all : Lanes<T>{}; });
        j = length;
    }
#pragma GCC unroll 16
    for (uint32_t r = 0; r < ROWS; r++)
    {
#pragma GCC unroll 8
        for (uint32_t c = 0; c < COLUMNS; c++)
        {
            T sum = SumLanes<T>(sums[r][c]);
            for (uint32_t i = j; i < length; i++)
            {
                sum += x[r * stride + i] * w[c * stride + i];
            }
            y[r * columns + c] += sum;
        }
    }
}

/// y += x w'. x: n x in; w: out x in; y: n x out.
template <typename T>
void
AddInnerProducts(const T* x, const T* w, uint32_t n, uint32_t in, uint32_t out, T* y)
{
    for (uint32_t j = 0; j < in; j += INNER_LENGTH)
    {
        const uint32_t length = in - j < INNER_LENGTH ? in - j : INNER_LENGTH;
        for (uint32_t i = 0, rows; i < n; i += rows)
        {
            rows = n - i < INNER_ROWS ? 1 : INNER_ROWS;
            for (uint32_t o = 0, columns; o < out; o += columns)
            {
                columns = GetTile(o, out, INNER_COLUMNS);
                const T* xTile = x + uint64_t(i) * in + j;
                const T* wTile = w + uint64_t(o) * in + j;
                T* yTile = y + uint64_t(i) * out + o;
                WithConstant<INNER_COLUMNS>(columns, [&](auto constant) {
                    constexpr uint32_t COLUMNS = decltype(constant)::value;
                    if (rows == 1)
                    {
                        AddInnerTile<1, COLUMNS>(xTile, wTile, in, length, yTile, out);
                    }
                    else
                    {
                        AddInnerTile<INNER_ROWS, COLUMNS>(xTile, wTile, in, length, yTile, out);
                    }
                });
            }
        }
    }
}

/// Copies numbers and appends zeros.
template <uint32_t LENGTH, typename T>
inline void
CopyPadded(const T* from, uint32_t count, T* to)
{
    if (count == LENGTH)
    {
        std::memcpy(to, from, LENGTH * sizeof(T));
        return;
    }
    std::memcpy(to, from, count * sizeof(T));
    std::memset(to + count, 0, (LENGTH - count) * sizeof(T));
}

/// Rows of a sum of outer products that are computed at once, in two vectors each.
constexpr uint32_t OUTER_ROWS = KERNEL_VECTOR_BYTES == 64 ? 10 : 6;
/// Outer products that are added before their sums go back to memory.
constexpr uint32_t OUTER_LENGTH = 128;

/// Where the numbers of a factor lie whose columns are the outer products' left ones.
template <typename T>
struct Columns
{
    const T* data;   ///< number 0 of column 0
    uint64_t row;    ///< from a number of a column to the next
    uint64_t column; ///< from a column to the next
};

/// c (r, .) = or += the sum of a (r, k) b (k, .) for few rows and two vectors of each.
template <uint32_t ROWS, typename T>
void
SumOuterTile(const Columns<T>& a,
             const T* b,
             uint64_t bStride,
             uint32_t length,
             bool add,
             T* c,
             uint64_t cStride)
{
    constexpr uint32_t COUNT = LanesOf<T>::COUNT;
    Lanes<T> sums[ROWS][2] = {};
#pragma GCC unroll 16
    for (uint32_t r = 0; add && r < ROWS; r++)
    {
        sums[r][0] = Load(c + r * cStride);
        sums[r][1] = Load(c + r * cStride + COUNT);
    }
    for (uint32_t k = 0; k < length; k++)
    {
        const Lanes<T> first = Load(b + k * bStride);
        const Lanes<T> second = Load(b + k * bStride + COUNT);
#pragma GCC unroll 16
        for (uint32_t r = 0; r < ROWS; r++)
        {
            const T factor = a.data[r * a.row + k * a.column];
            sums[r][0] += factor * first;
            sums[r][1] += factor * second;
        }
    }
#pragma GCC unroll 16
    for (uint32_t r = 0; r < ROWS; r++)
    {
        Store<T>(sums[r][0], c + r * cStride);
        Store<T>(sums[r][1], c + r * cStride + COUNT);
    }
}

/// c = or += a b. a: rows x length; b: length x width; c: rows x width.
template <typename T>
void
SumOuterProducts(const Columns<T>& a,
                 const T* b,
                 uint32_t rows,
                 uint32_t width,
                 uint32_t length,
                 bool add,
                 T* c)
{
    constexpr uint32_t PAIR = 2 * LanesOf<T>::COUNT;
    // rows of b that are a multiple of this apart would meet in few places of the cache
    const bool crowded = width * sizeof(T) % 1024 == 0;
    T panel[OUTER_LENGTH * PAIR];
    T tile[OUTER_ROWS * PAIR];
    for (uint32_t k = 0; k < length; k += OUTER_LENGTH)
    {
        const uint32_t part = length - k < OUTER_LENGTH ? length - k : OUTER_LENGTH;
        for (uint32_t j = 0; j < width; j += PAIR)
        {
            const uint32_t rest = width - j < PAIR ? width - j : PAIR;
            const T* source = b + uint64_t(k) * width + j;
            uint64_t stride = width;
            if (crowded || rest < PAIR)
            {
                for (uint32_t i = 0; i < part; i++)
                {
                    CopyPadded<PAIR>(source + uint64_t(i) * width, rest, panel + i * PAIR);
                }
                source = panel;
                stride = PAIR;
            }
            for (uint32_t r = 0, count; r < rows; r += count)
            {
                count = GetTile(r, rows, OUTER_ROWS);
                const Columns<T> left{a.data + r * a.row + k * a.column, a.row, a.column};
                T* to = c + uint64_t(r) * width + j;
                const bool more = add || k > 0;
                WithConstant<OUTER_ROWS>(count, [&](auto constant) {
                    constexpr uint32_t ROWS = decltype(constant)::value;
                    if (rest == PAIR)
                    {
                        SumOuterTile<ROWS>(left, source, stride, part, more, to, width);
                        return;
                    }
                    for (uint32_t i = 0; more && i < ROWS; i++)
                    {
                        CopyPadded<PAIR>(to + uint64_t(i) * width, rest, tile + i * PAIR);
                    }
                    SumOuterTile<ROWS>(left, source, stride, part, more, tile, PAIR);
                    for (uint32_t i = 0; i < ROWS; i++)
                    {
                        std::memcpy(to + uint64_t(i) * width, tile + i * PAIR, rest * sizeof(T));
                    }
                });
            }
        }
    }
}

} // namespace
} // namespace KERNEL_NAMESPACE
} // namespace learning
} // namespace ns3
