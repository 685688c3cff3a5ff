/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-recorder.h"

#include "ns3/node-list.h"
#include "ns3/parameter-server.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();

/**
 * Mean of replicas, summed in double precision and in the order of the workers.
 * @param replicas parameters of each worker
 * @return their mean
 */
std::vector<double>
GetMean(const std::vector<const AlignedVector*>& replicas)
{
    std::vector<double> mean(replicas.front()->size(), 0.0);
    for (const AlignedVector* replica : replicas)
    {
        for (std::size_t i = 0; i < mean.size(); ++i)
        {
            mean[i] += double{(*replica)[i]};
        }
    }
    for (double& value : mean)
    {
        value /= static_cast<double>(replicas.size());
    }
    return mean;
}

/**
 * Sum of the squared distances of replicas to their mean.
 * @param replicas parameters of each worker
 * @param mean their mean
 * @return the consensus error
 */
double
GetConsensusError(const std::vector<const AlignedVector*>& replicas,
                  const std::vector<double>& mean)
{
    double error = 0;
    for (const AlignedVector* replica : replicas)
    {
        for (std::size_t i = 0; i < mean.size(); ++i)
        {
            const double distance = (*replica)[i] - mean[i];
            error += distance * distance;
        }
    }
    return error;
}

/**
 * Keeps the worse of two values; nothing is worse than not-a-number.
 * @tparam Worse a comparison
 * @param value a value
 * @param isWorse whether one value is worse than another
 * @param worst the worst so far, updated
 */
template <typename Worse>
void
TakeWorse(double value, Worse isWorse, double& worst)
{
    if (std::isnan(value) || isWorse(value, worst))
    {
        worst = value;
    }
}

/**
 * Share of segments that arrived in time, or were rebuilt.
 * @param now sums at the end of the interval
 * @param before sums at its begin
 * @return received / offered, not-a-number if nothing was to be sent
 */
double
GetDeliveredShare(const TrafficLedger::Account& now, const TrafficLedger::Account& before)
{
    const uint64_t offered = now.offered - before.offered;
    return offered == 0
               ? NOT_A_NUMBER
               : static_cast<double>(now.received - before.received) / static_cast<double>(offered);
}

} // namespace

TrainingRecorder::TrainingRecorder() = default;

TrainingRecorder::TrainingRecorder(const std::string& database)
    : m_databaseName(database)
{
}

void
TrainingRecorder::WriteDatabase(const std::string& file)
{
    m_databaseName = file;
}

void
TrainingRecorder::WriteCsv(const std::string& file)
{
    m_csvName = file;
}

void
TrainingRecorder::SetDescription(const RunDescription& description)
{
    m_description = description;
}

void
TrainingRecorder::SetEvaluateEvery(uint32_t rounds)
{
    if (rounds == 0)
    {
        throw std::invalid_argument("a record every 0 rounds: at least 1 is needed");
    }
    m_evaluateEvery = rounds;
}

void
TrainingRecorder::SetEvaluationSamples(uint32_t training, uint32_t test, uint32_t worker)
{
    m_trainingSamples = training;
    m_testSamples = test;
    m_workerSamples = worker;
}

void
TrainingRecorder::SetRecordCallback(std::function<void(const TrainingRecord&)> callback)
{
    m_callback = std::move(callback);
}

void
TrainingRecorder::Observe(const ApplicationContainer& workers)
{
    if (workers.GetN() == 0)
    {
        throw std::invalid_argument("no worker to observe: at least 1 is needed");
    }
    m_begin = std::chrono::steady_clock::now();
    m_ledger = Create<TrafficLedger>();
    std::map<uint32_t, uint32_t> hosts;
    for (auto application = workers.Begin(); application != workers.End(); ++application)
    {
        const Ptr<Worker> worker = DynamicCast<Worker>(*application);
        if (!worker)
        {
            throw std::invalid_argument("only workers can be observed");
        }
        m_workers.push_back(worker);
        m_setup = worker->GetSetup();
        hosts[worker->GetNode()->GetId()] = worker->GetIndex();
        m_ledger->ObserveTransport(worker->GetTransport());
        worker->TraceConnectWithoutContext("RoundEnd",
                                           MakeCallback(&TrainingRecorder::RoundEnded, this));
        worker->TraceConnectWithoutContext("Jump", MakeCallback(&TrainingRecorder::Jumped, this));
    }
    if (m_workers.size() != m_setup->workers)
    {
        throw std::invalid_argument(
            "a recorder observes all " + std::to_string(m_setup->workers) +
            " workers of a training, not " + std::to_string(m_workers.size()) +
            ": where MPI distributes them, listen to the trace sources of those of each rank");
    }
    m_from.assign(m_workers.size(), 0);
    // dedicated servers have transports of their own
    uint32_t next = m_setup->workers;
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        for (uint32_t i = 0; i < (*node)->GetNApplications(); ++i)
        {
            const auto server = DynamicCast<ParameterServer>((*node)->GetApplication(i));
            if (server && hosts.count((*node)->GetId()) == 0 && server->GetSetup() == m_setup)
            {
                hosts[(*node)->GetId()] = next++;
                m_ledger->ObserveTransport(server->GetTransport());
            }
        }
    }
    m_ledger->ObserveDevices(hosts);

    const auto evaluate = [this](Ptr<Dataset> dataset, uint32_t samples) {
        return std::make_shared<const ModelEvaluator>(m_setup->model,
                                                      dataset,
                                                      samples,
                                                      m_setup->pool);
    };
    m_trainingEvaluator = evaluate(m_setup->training, m_trainingSamples);
    m_workerTrainingEvaluator =
        m_workerSamples == 0 ? m_trainingEvaluator : evaluate(m_setup->training, m_workerSamples);
    if (m_setup->test)
    {
        m_testEvaluator = evaluate(m_setup->test, m_testSamples);
        m_workerTestEvaluator =
            m_workerSamples == 0 ? m_testEvaluator : evaluate(m_setup->test, m_workerSamples);
    }
    if (!m_databaseName.empty())
    {
        m_sinks.push_back(std::make_unique<DatabaseSink>(m_databaseName, m_description));
    }
    if (!m_csvName.empty())
    {
        m_sinks.push_back(std::make_unique<CsvSink>(m_csvName));
    }
    std::vector<const AlignedVector*> replicas;
    for (const Ptr<Worker>& worker : m_workers)
    {
        replicas.push_back(&worker->GetParameters());
    }
    Record(0, replicas);
}

const TrainingRecord&
TrainingRecorder::GetLast()
{
    if (m_workers.empty())
    {
        throw std::logic_error(
            "nothing has been recorded: TrainingRecorder::Observe() comes first");
    }
    uint32_t rounds = std::numeric_limits<uint32_t>::max();
    std::vector<const AlignedVector*> replicas;
    for (const Ptr<Worker>& worker : m_workers)
    {
        if (!worker->IsAway())
        {
            rounds = std::min(rounds, worker->GetCompletedRounds());
            replicas.push_back(&worker->GetParameters());
        }
    }
    if (rounds > m_last.round && !replicas.empty())
    {
        Record(rounds, replicas);
    }
    return m_last;
}

std::string
TrainingRecorder::Summary()
{
    // rounds that not all workers have ended are left out, as they are of the model
    TrainingRecord whole = GetLast();
    AccountTraffic(whole.round, whole);
    const auto push = m_ledger->GetTotal(whole.round, PUSH);
    const auto pull = m_ledger->GetTotal(whole.round, PULL);
    whole.deliveredPush = GetDeliveredShare(push, {});
    whole.deliveredPull = GetDeliveredShare(pull, {});
    std::string line = "summary:";
    for (const auto& [name, value] : whole.GetColumns())
    {
        line += " " + (name == "round" ? "rounds" : name) + "=" + FormatNumber(value);
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - m_begin;
    return line + " parameters=" + std::to_string(m_setup->model->GetParameterCount()) +
           " wall_s=" + FormatNumber(wall.count());
}

Ptr<const TrafficLedger>
TrainingRecorder::GetLedger() const
{
    return m_ledger;
}

void
TrainingRecorder::RoundEnded(uint32_t worker, uint32_t round)
{
    const uint32_t completed = round + 1;
    if (++m_ends[round] >= CountExpected(round))
    {
        m_lastEnd = Simulator::Now();
        m_ends.erase(round);
    }
    if (completed % m_evaluateEvery != 0 && completed != m_setup->rounds)
    {
        return;
    }
    std::vector<AlignedVector>& replicas = m_snapshots[round];
    replicas.resize(m_workers.size());
    replicas[worker] = m_workers[worker]->GetParameters();
    RecordIfComplete(round);
}

void
TrainingRecorder::Jumped(uint32_t worker, uint32_t round)
{
    m_from[worker] = round;
    m_lastFrom = std::max(m_lastFrom, round);
    for (auto end = m_ends.begin(); end != m_ends.end();)
    {
        const bool isComplete = end->second >= CountExpected(end->first);
        m_lastEnd = isComplete ? Simulator::Now() : m_lastEnd;
        end = isComplete ? m_ends.erase(end) : std::next(end);
    }
    std::vector<uint32_t> rounds;
    for (const auto& [open, replicas] : m_snapshots)
    {
        rounds.push_back(open);
    }
    for (const uint32_t open : rounds)
    {
        if (m_snapshots.count(open) != 0)
        {
            RecordIfComplete(open);
        }
    }
}

std::size_t
TrainingRecorder::CountExpected(uint32_t round) const
{
    if (round >= m_lastFrom)
    {
        return m_from.size(); // not counted at the end of every worker's round
    }
    return static_cast<std::size_t>(
        std::count_if(m_from.begin(), m_from.end(), [round](uint32_t from) {
            return from <= round;
        }));
}

void
TrainingRecorder::RecordIfComplete(uint32_t round)
{
    const std::vector<AlignedVector>& snapshot = m_snapshots.at(round);
    std::vector<const AlignedVector*> replicas;
    for (std::size_t worker = 0; worker < snapshot.size(); ++worker)
    {
        if (!snapshot[worker].empty())
        {
            replicas.push_back(&snapshot[worker]);
        }
        else if (m_from[worker] <= round)
        {
            return;
        }
    }
    Record(round + 1, replicas);
    m_snapshots.erase(m_snapshots.begin(), m_snapshots.upper_bound(round));
}

void
TrainingRecorder::Record(uint32_t rounds, const std::vector<const AlignedVector*>& replicas)
{
    TrainingRecord record;
    record.round = rounds;
    record.time = m_lastEnd.GetSeconds();
    for (const Ptr<Worker>& worker : m_workers)
    {
        const double part = worker->GetSampler().GetSampleCount();
        record.epochs += worker->GetEpochs() * part / m_setup->training->GetSampleCount();
    }
    const std::vector<double> mean = GetMean(replicas);
    record.consensusError = GetConsensusError(replicas, mean);
    const AlignedVector model(mean.begin(), mean.end());
    const ModelEvaluator::Result training = m_trainingEvaluator->Evaluate(model.data(), true);
    record.trainLoss = training.loss;
    record.gradientNorm = training.gradientNorm;
    record.testAccuracy =
        m_testEvaluator ? m_testEvaluator->Evaluate(model.data(), false).accuracy : NOT_A_NUMBER;
    EvaluateWorkers(replicas, record);
    AccountTraffic(rounds, record);
    m_last = record;
    for (const std::unique_ptr<ResultSink>& sink : m_sinks)
    {
        sink->Write(record);
    }
    if (m_callback)
    {
        m_callback(record);
    }
}

void
TrainingRecorder::EvaluateWorkers(const std::vector<const AlignedVector*>& replicas,
                                  TrainingRecord& record) const
{
    record.worstWorkerLoss = -std::numeric_limits<double>::infinity();
    record.worstWorkerAccuracy =
        m_workerTestEvaluator ? std::numeric_limits<double>::infinity() : NOT_A_NUMBER;
    const auto count = static_cast<double>(replicas.size());
    std::vector<std::pair<double, double>> results;          // loss and accuracy of each replica
    std::unordered_multimap<std::size_t, std::size_t> known; // replicas by their bits
    for (std::size_t i = 0; i < replicas.size(); ++i)
    {
        const std::string_view bits(reinterpret_cast<const char*>(replicas[i]->data()),
                                    replicas[i]->size() * sizeof(float));
        const std::size_t hash = std::hash<std::string_view>()(bits);
        const auto [begin, end] = known.equal_range(hash);
        const auto same = std::find_if(begin, end, [&](const auto& other) {
            return *replicas[other.second] == *replicas[i];
        });
        if (same != end) // as without drops
        {
            results.push_back(results[same->second]);
        }
        else
        {
            known.emplace(hash, i);
            const float* parameters = replicas[i]->data();
            results.emplace_back(m_workerTrainingEvaluator->Evaluate(parameters, false).loss,
                                 m_workerTestEvaluator
                                     ? m_workerTestEvaluator->Evaluate(parameters, false).accuracy
                                     : NOT_A_NUMBER);
        }
        const auto& [loss, accuracy] = results.back();
        TakeWorse(loss, std::greater<double>(), record.worstWorkerLoss);
        TakeWorse(accuracy, std::less<double>(), record.worstWorkerAccuracy);
        record.meanWorkerLoss += loss / count;
        record.meanWorkerAccuracy += accuracy / count;
    }
}

void
TrainingRecorder::AccountTraffic(uint32_t rounds, TrainingRecord& record) const
{
    const auto push = m_ledger->GetTotal(rounds, PUSH);
    const auto pull = m_ledger->GetTotal(rounds, PULL);
    // since the start where all workers have come back with an earlier round
    const uint32_t before = m_last.round < rounds ? m_last.round : 0;
    record.deliveredPush = GetDeliveredShare(push, m_ledger->GetTotal(before, PUSH));
    record.deliveredPull = GetDeliveredShare(pull, m_ledger->GetTotal(before, PULL));
    record.bytesUp = push.bytes;
    record.bytesDown = pull.bytes;
    TrafficLedger::Account both = push;
    both += pull;
    record.segmentsSent = both.sent;
    record.segmentsReceived = both.received;
    record.segmentsDropped = both.dropped;
    record.segmentsLate = both.late;
    record.segmentsDuplicate = both.duplicate;
    record.segmentsRetransmitted = both.retransmitted;
    record.segmentsParity = both.parity;
    record.blockTimeMean = m_ledger->GetBlockTimes().GetMean();
    record.blockTimeP99 = m_ledger->GetBlockTimes().GetPercentile(0.99);
}

} // namespace learning
} // namespace ns3
