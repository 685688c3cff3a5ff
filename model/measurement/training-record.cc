/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-record.h"

#include <charconv>
#include <cmath>

namespace ns3
{
namespace learning
{

std::vector<std::pair<std::string, double>>
TrainingRecord::GetColumns() const
{
    const auto count = [](uint64_t number) { return static_cast<double>(number); };
    return {
        {"round", round},
        {"time_s", time},
        {"epochs", epochs},
        {"train_loss", trainLoss},
        {"test_accuracy", testAccuracy},
        {"worst_worker_loss", worstWorkerLoss},
        {"worst_worker_accuracy", worstWorkerAccuracy},
        {"mean_worker_loss", meanWorkerLoss},
        {"mean_worker_accuracy", meanWorkerAccuracy},
        {"consensus_error", consensusError},
        {"gradient_norm", gradientNorm},
        {"delivered_push", deliveredPush},
        {"delivered_pull", deliveredPull},
        {"bytes_up", count(bytesUp)},
        {"bytes_down", count(bytesDown)},
        {"segments_sent", count(segmentsSent)},
        {"segments_received", count(segmentsReceived)},
        {"segments_dropped", count(segmentsDropped)},
        {"segments_late", count(segmentsLate)},
        {"segments_duplicate", count(segmentsDuplicate)},
        {"segments_retransmitted", count(segmentsRetransmitted)},
        {"segments_parity", count(segmentsParity)},
        {"block_time_mean_s", blockTimeMean},
        {"block_time_p99_s", blockTimeP99},
    };
}

std::string
FormatNumber(double value)
{
    if (std::isnan(value))
    {
        return "nan";
    }
    char text[32];
    const bool isWhole = std::abs(value) < 1e15 && value == std::floor(value);
    const std::to_chars_result result =
        isWhole ? std::to_chars(text, text + sizeof(text), static_cast<int64_t>(value))
                : std::to_chars(text, text + sizeof(text), value);
    return std::string(text, result.ptr);
}

} // namespace learning
} // namespace ns3
