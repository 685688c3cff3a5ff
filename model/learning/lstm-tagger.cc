/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "lstm-tagger.h"

#include "kernels.h"
#include "random-engine.h"
#include "scratch-memory.h"

#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(LstmTagger);

namespace
{

/**
 * Draws uniform numbers.
 * @param numbers written
 * @param count how many
 * @param bound largest size
 * @param engine the random numbers, one a number
 * @return what follows the numbers
 */
float*
DrawUniform(float* numbers, uint64_t count, double bound, RandomEngine& engine)
{
    return std::generate_n(numbers, count, [&engine, bound] {
        return static_cast<float>(bound * (2 * engine.NextUniform() - 1));
    });
}

} // namespace

TypeId
LstmTagger::GetTypeId()
{
    constexpr uint32_t MOST = 65536;
    static TypeId tid =
        TypeId("ns3::learning::LstmTagger")
            .SetParent<LearningModel>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<LstmTagger>()
            .AddAttribute("Embedding",
                          "Numbers that stand for a token, 1 to 65536.",
                          UintegerValue(32),
                          MakeUintegerAccessor(&LstmTagger::m_embedding),
                          MakeUintegerChecker<uint32_t>(1, MOST))
            .AddAttribute("Hidden",
                          "Numbers of the state of the long short-term memory, 1 to 65536.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&LstmTagger::m_hidden),
                          MakeUintegerChecker<uint32_t>(1, MOST));
    return tid;
}

bool
LstmTagger::LearnsFromSequences() const
{
    return true;
}

uint32_t
LstmTagger::GetParameterCount() const
{
    return static_cast<uint32_t>(m_layout.end);
}

void
LstmTagger::DoSetInput(const SampleShape& shape, uint32_t classCount)
{
    if (classCount < 2)
    {
        Refuse("the tokens have " + std::to_string(classCount) + " classes: at least 2 are needed");
    }
    const uint64_t gates = 4 * uint64_t{m_hidden};
    Layout layout{};
    layout.inputWeights = uint64_t{shape.GetSize()} * m_embedding;
    layout.stateWeights = layout.inputWeights + gates * m_embedding;
    layout.biases = layout.stateWeights + gates * m_hidden;
    layout.outputWeights = layout.biases + gates;
    layout.outputBiases = layout.outputWeights + uint64_t{classCount} * m_hidden;
    layout.end = layout.outputBiases + classCount;
    if (layout.end > UINT32_MAX)
    {
        Refuse("the model would have " + std::to_string(layout.end) +
               " parameters: at most 4294967295");
    }
    m_layout = layout;
    m_vocabulary = shape.GetSize();
    m_classes = classCount;
}

void
LstmTagger::Initialize(float* parameters, uint64_t seed) const
{
    RandomEngine engine(seed);
    const double bound = 1 / std::sqrt(static_cast<double>(m_hidden));
    float* end = DrawUniform(parameters, m_layout.inputWeights, std::sqrt(3.0), engine);
    end = DrawUniform(end, m_layout.biases - m_layout.inputWeights, bound, engine);
    end = std::fill_n(end, m_hidden, 0.0F);
    end = std::fill_n(end, m_hidden, 1.0F); // remembers, to begin with
    end = std::fill_n(end, 2 * uint64_t{m_hidden}, 0.0F);
    end = DrawUniform(end,
                      m_layout.outputBiases - m_layout.outputWeights,
                      std::sqrt(6.0 / (m_hidden + m_classes)),
                      engine);
    std::fill_n(end, m_classes, 0.0F);
}

double
LstmTagger::GetGradientOperations(uint32_t batchSize, double nonZeros) const
{
    const double hidden = m_hidden;
    return 6 * (4 * hidden * (m_embedding + hidden) + hidden * m_classes) * batchSize * nonZeros;
}

void
LstmTagger::Refuse(const std::string& problem) const
{
    throw std::invalid_argument(GetInstanceTypeId().GetName() + ": " + problem);
}

template <typename Scalar>
void
LstmTagger::Check(const Batch<Scalar>& batch) const
{
    if (m_vocabulary == 0)
    {
        throw std::logic_error(GetInstanceTypeId().GetName() + ": SetInput() was not called");
    }
    if (!batch.IsSequential() || batch.featureCount != m_vocabulary)
    {
        Refuse(batch.IsSequential()
                   ? "the batch has a vocabulary of " + std::to_string(batch.featureCount) +
                         " tokens, the model was set up for " + std::to_string(m_vocabulary)
                   : "the batch has single vectors: sequences of tokens are needed");
    }
    for (uint32_t i = 0; i < batch.size; i++)
    {
        if (batch.rowStart[i] >= batch.rowStart[i + 1])
        {
            Refuse("sequence " + std::to_string(i) +
                   " of the batch is empty: at least 1 token is needed");
        }
    }
    const uint32_t count = batch.GetTargetCount();
    for (uint32_t i = 0; i < count; i++)
    {
        const Scalar target = batch.targets[i];
        if (!(target >= 0 && target < Scalar(m_classes)) ||
            target != Scalar(static_cast<uint32_t>(target)))
        {
            std::ostringstream text;
            text << "target " << target << " of token " << i << " of the batch is no class: 0 to "
                 << m_classes - 1 << " are";
            Refuse(text.str());
        }
        if (batch.tokens[i] >= m_vocabulary)
        {
            Refuse("token " + std::to_string(batch.tokens[i]) +
                   " of the batch is not one of the vocabulary: 0 to " +
                   std::to_string(m_vocabulary - 1) + " are");
        }
    }
}

template <typename Scalar>
struct LstmTagger::Pass
{
    ScratchMemory memory;   //!< holds what follows
    uint32_t count;         //!< number of tokens n
    Steps steps;            //!< how the sequences lie
    const uint32_t* tokens; //!< of each row
    const Scalar* targets;  //!< of each row
    const Scalar* inputs;   //!< n x Embedding
    Scalar* start;          //!< Hidden
    Scalar* gates;          //!< n x 4 Hidden
    Scalar* cells;          //!< n x 2 Hidden
    Scalar* states;         //!< n x Hidden
    Scalar* scores;         //!< n x classes
    Scalar* scratch;        //!< n x the larger of Hidden and classes
};

template <typename Scalar>
void
LstmTagger::Forward(const Scalar* parameters, const Batch<Scalar>& batch, Pass<Scalar>& pass) const
{
    auto& memory = pass.memory;
    const uint64_t n = batch.GetTargetCount();
    pass.count = batch.GetTargetCount();

    // longest first, equal ones in the order of the batch
    auto order = memory.template Take<uint32_t>(batch.size);
    std::iota(order, order + batch.size, 0);
    const auto length = [&batch](uint32_t i) { return batch.rowStart[i + 1] - batch.rowStart[i]; };
    std::sort(order, order + batch.size, [&length](uint32_t a, uint32_t b) {
        return length(a) != length(b) ? length(a) > length(b) : a < b;
    });
    pass.steps.count = length(order[0]);
    auto start = memory.template Take<uint32_t>(pass.steps.count + 1);
    auto tokens = memory.template Take<uint32_t>(n);
    auto targets = memory.template Take<Scalar>(n);
    auto inputs = memory.template Take<Scalar>(n * m_embedding);
    uint32_t active = batch.size;
    uint32_t row = 0;
    for (uint32_t t = 0; t < pass.steps.count; t++)
    {
        start[t] = row;
        while (length(order[active - 1]) <= t)
        {
            active--;
        }
        for (uint32_t k = 0; k < active; k++, row++)
        {
            const uint32_t place = batch.rowStart[order[k]] + t;
            tokens[row] = batch.tokens[place];
            targets[row] = batch.targets[place];
            std::copy_n(parameters + uint64_t{tokens[row]} * m_embedding,
                        m_embedding,
                        inputs + uint64_t{row} * m_embedding);
        }
    }
    start[pass.steps.count] = row;
    pass.steps.start = start;
    pass.tokens = tokens;
    pass.targets = targets;
    pass.inputs = inputs;
    pass.start = memory.template Take<Scalar>(m_hidden);
    pass.gates = memory.template Take<Scalar>(n * 4 * m_hidden);
    pass.cells = memory.template Take<Scalar>(n * 2 * m_hidden);
    pass.states = memory.template Take<Scalar>(n * m_hidden);
    pass.scores = memory.template Take<Scalar>(n * m_classes);
    pass.scratch = memory.template Take<Scalar>(n * std::max(m_hidden, m_classes));

    const auto& kernels = GetKernels<Scalar>();
    kernels.lstm(pass.steps,
                 pass.inputs,
                 parameters + m_layout.inputWeights,
                 parameters + m_layout.stateWeights,
                 parameters + m_layout.biases,
                 m_embedding,
                 m_hidden,
                 pass.start,
                 pass.gates,
                 pass.cells,
                 pass.states);
    kernels.affine({pass.count, m_hidden, pass.states},
                   parameters + m_layout.outputWeights,
                   parameters + m_layout.outputBiases,
                   m_classes,
                   false,
                   pass.scores);
}

template <typename Scalar>
double
LstmTagger::ComputeGradient(const Scalar* parameters,
                            const Batch<Scalar>& batch,
                            Scalar* gradient) const
{
    if (batch.size == 0)
    {
        Refuse("the batch is empty: a mean loss needs at least 1 sequence");
    }
    Check(batch);
    const auto& kernels = GetKernels<Scalar>();
    const double penalty = GetL2Penalty();
    Pass<Scalar> pass;
    Forward(parameters, batch, pass);
    const uint32_t n = pass.count;
    double loss = kernels.loss(Loss::SOFTMAX,
                               pass.targets,
                               n,
                               m_classes,
                               Scalar(1) / n,
                               pass.scratch,
                               pass.scores,
                               nullptr) /
                  n;
    if (penalty != 0)
    {
        loss += penalty / 2 * kernels.squaredNorm(parameters, m_layout.end);
    }
    const auto factor = static_cast<Scalar>(penalty);
    kernels.scaleInto(parameters, factor, m_layout.outputWeights, gradient);
    kernels.affineWeightGradient({n, m_hidden, pass.states},
                                 pass.scores,
                                 parameters + m_layout.outputWeights,
                                 parameters + m_layout.outputBiases,
                                 factor,
                                 m_classes,
                                 gradient + m_layout.outputWeights,
                                 gradient + m_layout.outputBiases);
    auto stateDerivatives = pass.memory.template Take<Scalar>(uint64_t{n} * m_hidden);
    auto inputDerivatives = pass.memory.template Take<Scalar>(uint64_t{n} * m_embedding);
    kernels.affineInputGradient(pass.scores,
                                parameters + m_layout.outputWeights,
                                n,
                                m_hidden,
                                m_classes,
                                stateDerivatives);
    kernels.lstmGradient(pass.steps,
                         pass.inputs,
                         parameters + m_layout.inputWeights,
                         parameters + m_layout.stateWeights,
                         m_embedding,
                         m_hidden,
                         pass.start,
                         pass.gates,
                         pass.cells,
                         pass.states,
                         stateDerivatives,
                         pass.scratch,
                         gradient + m_layout.inputWeights,
                         gradient + m_layout.stateWeights,
                         gradient + m_layout.biases,
                         inputDerivatives);
    for (uint32_t row = 0; row < n; row++)
    {
        Scalar* const to = gradient + uint64_t{pass.tokens[row]} * m_embedding;
        const Scalar* const from = inputDerivatives + uint64_t{row} * m_embedding;
        for (uint32_t j = 0; j < m_embedding; j++)
        {
            to[j] += from[j];
        }
    }
    return loss;
}

double
LstmTagger::Gradient(const float* parameters, const Batch<float>& batch, float* gradient) const
{
    return ComputeGradient(parameters, batch, gradient);
}

double
LstmTagger::Gradient(const double* parameters, const Batch<double>& batch, double* gradient) const
{
    return ComputeGradient(parameters, batch, gradient);
}

LearningModel::Evaluation
LstmTagger::Evaluate(const float* parameters, const Batch<float>& batch) const
{
    Evaluation evaluation;
    if (batch.size == 0)
    {
        return evaluation;
    }
    Check(batch);
    Pass<float> pass;
    Forward(parameters, batch, pass);
    evaluation.samples = pass.count;
    evaluation.lossSum = GetKernels<float>().loss(Loss::SOFTMAX,
                                                  pass.targets,
                                                  pass.count,
                                                  m_classes,
                                                  1.0F,
                                                  pass.scratch,
                                                  pass.scores,
                                                  &evaluation.correct);
    return evaluation;
}

} // namespace learning
} // namespace ns3
