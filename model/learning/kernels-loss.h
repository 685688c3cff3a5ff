/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Private to kernels-implementation.h, which includes this file once: no include guard. Losses and
// their derivatives.

namespace ns3
{
namespace learning
{
namespace KERNEL_NAMESPACE
{
namespace
{

template <typename T>
double
SoftmaxLoss(const T* targets, uint32_t n, uint32_t classes, T scale, T* scores, uint64_t* correct)
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
double
SumDouble(const T* x, uint32_t count)
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

/**
 * Sum of log(1 + e) over numbers e in [0, 1]: the logarithm of a product in double precision, whose
 * factors are at most 2, so that 500 of them do not overflow.
 */
template <typename T>
double
SumLogOnePlus(const T* e, uint32_t count)
{
    double sum = 0;
    for (uint32_t begin = 0; begin < count; begin += 2000)
    {
        const uint32_t end = count - begin < 2000 ? count : begin + 2000;
        double product[4] = {1, 1, 1, 1};
        uint32_t i = begin;
        for (; i + 4 <= end; i += 4)
        {
            for (uint32_t k = 0; k < 4; k++)
            {
                product[k] *= 1 + double(e[i + k]);
            }
        }
        for (; i < end; i++)
        {
            product[0] *= 1 + double(e[i]);
        }
        sum += std::log(product[0] * product[1]) + std::log(product[2] * product[3]);
    }
    return sum;
}

template <typename T>
double
ScalarLoss(Loss loss,
           const T* targets,
           uint32_t n,
           T scale,
           T* scratch,
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
            scratch[i] = residual * residual / 2;
            scores[i] = scale * residual;
        }
        return SumDouble(scratch, n);
    }
    if (loss == Loss::HINGE)
    {
        for (uint32_t i = 0; i < n; i++)
        {
            const T sign = 2 * targets[i] - 1;
            const T slack = 1 - sign * scores[i];
            scratch[i] = slack <= 0 ? T(0) : slack;
            scores[i] = slack <= 0 ? T(0) : -scale * sign;
        }
        return SumDouble(scratch, n);
    }
    // log(1 + exp(s)) = max(0, s) + log(1 + exp(-|s|)), and its derivative 1 / (1 + exp(-s)),
    // without overflow
    AlignedArray<T>(scratch, n) = (-AlignedArray<T>(scores, n).abs()).exp();
    double sum = SumLogOnePlus(scratch, n);
    for (uint32_t i = 0; i < n; i++)
    {
        const T score = scores[i];
        const T larger = 1 / (1 + scratch[i]); // the larger one of the classes' probabilities
        const T smaller = scratch[i] * larger;
        scores[i] = scale * ((score < 0 ? smaller : larger) - targets[i]);
        scratch[i] = (score < 0 ? T(0) : score) - targets[i] * score;
    }
    return sum + SumDouble(scratch, n);
}

template <typename T>
double
GetLoss(Loss loss,
        const T* targets,
        uint32_t n,
        uint32_t outputs,
        T scale,
        T* scratch,
        T* scores,
        uint64_t* correct)
{
    return loss == Loss::SOFTMAX ? SoftmaxLoss(targets, n, outputs, scale, scores, correct)
                                 : ScalarLoss(loss, targets, n, scale, scratch, scores, correct);
}

} // namespace
} // namespace KERNEL_NAMESPACE
} // namespace learning
} // namespace ns3
