/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What serverless-training says of a training: its summary, and its records.

#ifndef SERVERLESS_REPORT_H
#define SERVERLESS_REPORT_H

#include "ns3/analytic-model.h"
#include "ns3/training-run.h"

#include <cmath>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace example
{

using namespace ns3;
using namespace ns3::serverless;

/**
 * What the analytic model says.
 * @param candidate of the training
 * @return a part of the summary
 */
inline std::string
DescribePrediction(const AdviceCandidate& candidate)
{
    const AnalyticTime& time = candidate.time;
    std::ostringstream text;
    text << std::setprecision(10) << " predicted_time_s=" << time.GetTotal()
         << " predicted_start_s=" << time.startUp << " predicted_load_s=" << time.load
         << " predicted_compute_s=" << time.computation
         << " predicted_exchange_s=" << time.communication;
    const ExchangePattern pattern = candidate.job.pattern;
    if (pattern == ExchangePattern::ALL_REDUCE || pattern == ExchangePattern::SCATTER_REDUCE ||
        pattern == ExchangePattern::RING) // there is no printed form of others
    {
        text << " printed_time_s=" << PredictAsPrinted(candidate.job).GetTotal();
    }
    text << " predicted_wait_s=" << time.waiting << " predicted_checkpoint_s=" << time.checkpoint
         << " predicted_restarts=" << time.restarts
         << " predicted_cost_nano_usd=" << std::round(candidate.dollars * 1e9);
    return text.str();
}

/**
 * Sums a training up.
 * @param training the training
 * @param outcome what came of it
 * @param cost nano-dollars
 * @return the line
 */
inline std::string
Summarize(const ServerlessTrainingHelper& training, const TrainingOutcome& outcome, int64_t cost)
{
    const Ptr<TrainingJob> job = training.GetJob();
    std::ostringstream text;
    text << std::setprecision(10) << "summary: workers=" << job->workers
         << " rounds=" << outcome.rounds << " failed_workers=" << outcome.failed
         << " time_s=" << outcome.seconds << " start_s=" << outcome.start
         << " last_start_s=" << outcome.lastStart << " load_s=" << outcome.load
         << " compute_s=" << outcome.compute << " exchange_s=" << outcome.exchange
         << " checkpoint_s=" << outcome.checkpoint << " invocations=" << outcome.invocations
         << " requests=" << outcome.requests << " throttled=" << outcome.throttled
         << " cost_nano_usd=" << cost;
    if (!job->GetRecords().empty())
    {
        text << " epochs=" << job->GetRecords().back().epochs << " loss=" << outcome.loss
             << " accuracy=" << outcome.accuracy << " reached=" << outcome.isReached;
    }
    if (outcome.predicted)
    {
        text << DescribePrediction(*outcome.predicted);
    }
    return text.str();
}

/**
 * Prints what was recorded of each evaluated round.
 * @param records in order of time
 */
inline void
PrintRecords(const std::vector<TrainingJob::Record>& records)
{
    std::cout << "round epochs time_s loss accuracy\n";
    for (const TrainingJob::Record& record : records)
    {
        std::cout << record.round << " " << record.epochs << " " << record.time.GetSeconds() << " "
                  << record.loss << " " << record.accuracy << "\n";
    }
}

/**
 * Whether a file can be written; keeps what is in it.
 * @param file path, or empty for none
 * @return true if so
 */
inline bool
IsWritable(const std::string& file)
{
    return file.empty() || std::ofstream(file, std::ios::app).is_open();
}

/// A CSV file of evaluated rounds: each is written out as soon as it is recorded, and stays if the
/// run is cut short. A file of that name is replaced with the first one.
class RecordFile
{
  public:
    /**
     * Names the file.
     * @param file its path, or empty for none
     */
    explicit RecordFile(const std::string& file)
        : m_file(file)
    {
    }

    /**
     * Writes a round.
     * @param record what was recorded of it
     */
    void Write(const TrainingJob::Record& record)
    {
        if (m_file.empty() || !m_stream)
        {
            return;
        }
        if (!m_stream.is_open())
        {
            m_stream.open(m_file);
            m_stream << std::setprecision(10) << "round,epochs,time_s,train_loss,train_accuracy\n";
        }
        m_stream << record.round << "," << record.epochs << "," << record.time.GetSeconds() << ","
                 << record.loss << "," << record.accuracy << std::endl;
    }

    /**
     * What went wrong.
     * @return why the file does not have all rounds, or empty
     */
    std::string GetError() const
    {
        return m_stream ? "" : "--csv=" + m_file + ": cannot be written";
    }

  private:
    std::string m_file;     //!< path, or empty
    std::ofstream m_stream; //!< opened with the first round
};

} // namespace example

#endif /* SERVERLESS_REPORT_H */
