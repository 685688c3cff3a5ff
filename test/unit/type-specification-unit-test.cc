/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"

#include "ns3/double.h"
#include "ns3/learning-rate-schedule.h"
#include "ns3/optimizer.h"
#include "ns3/random-variable-stream.h"
#include "ns3/training-algorithm.h"
#include "ns3/type-specification.h"

#include <cmath>
#include <string>

using namespace ns3;
using namespace ns3::learning;

namespace
{
const std::string PREFIX = "ns3::learning::";
} // namespace

// Expected: a factory makes what the text says, attributes included, also those that are objects
// with attributes of their own.
TEST(TypeSpecification, MakesWhatTheTextSays)
{
    const auto make = [](const std::string& text) {
        return MakeFactory(text, Optimizer::GetTypeId()).Create<Optimizer>();
    };
    EXPECT_EQ(make(PREFIX + "AdamOptimizer")->GetInstanceTypeId().GetName(),
              PREFIX + "AdamOptimizer");
    const Ptr<Optimizer> momentum =
        make(PREFIX + "MomentumOptimizer[LearningRate=0.5|Momentum=0.75]");
    DoubleValue value;
    momentum->GetAttribute("Momentum", value);
    EXPECT_EQ(value.Get(), 0.75);
    EXPECT_EQ(momentum->GetLearningRate(0), 0.5);
    const Ptr<Optimizer> decaying =
        make(PREFIX + "StochasticGradientDescent[LearningRate=1|Schedule=" + PREFIX +
             "StepDecaySchedule[Factor=0.5|Steps=3,5]]");
    EXPECT_EQ(decaying->GetLearningRate(2), 1);
    EXPECT_EQ(decaying->GetLearningRate(3), 0.5);
    EXPECT_EQ(decaying->GetLearningRate(5), 0.25);
}

// Expected: texts that ns-3 would end the program over are illegal, those that it takes are not.
TEST(TypeSpecification, KnowsLegalValues)
{
    struct Case
    {
        std::string type;
        std::string attribute;
        std::vector<std::string> legal;
        std::vector<std::string> illegal;
    };

    const std::vector<Case> cases{
        {"DatagramTransport",
         "SegmentsPerPacket",
         {"1", "64"},
         {"0", "65", "", "1.5", "-1", "2 3", "many", "0x10", "99999999999999999999"}},
        {"DatagramTransport",
         "AckDelay",
         {"0s", "1.5ms", "2min", "1e-3s", "0"},
         {"-1s", "1parsec", "ms", "1 s", "", "soon", "1.2.3s"}},
        {"BernoulliErrorModel",
         "DropRate",
         {"0", "1", "0.5", "1e-3"},
         {"1.1", "-0.1", "half", "", "0.5x", "0,5"}},
        {"BernoulliErrorModel", "DropControl", {"0", "1", "true", "false"}, {"2", "maybe", ""}},
        {"GradientAveraging",
         "Downlink",
         {"Gradient", "Parameters"},
         {"gradient", "", "Gradient|Parameters", "Model"}},
        {"MultilayerPerceptron", "Hidden", {"128", "16,8"}, {}}};
    for (const Case& each : cases)
    {
        TypeId::AttributeInformation information;
        ASSERT_TRUE(
            FindType(PREFIX + each.type).LookupAttributeByName(each.attribute, &information));
        for (const std::string& text : each.legal)
        {
            EXPECT_TRUE(IsLegalValue(information.checker, text)) << each.attribute << "=" << text;
        }
        for (const std::string& text : each.illegal)
        {
            EXPECT_FALSE(IsLegalValue(information.checker, text)) << each.attribute << "=" << text;
        }
    }
}

// Expected: every mistake is one sentence that names what is wrong and what is legal.
TEST(TypeSpecification, NamesEveryMistake)
{
    const auto expect = [](const std::string& text, const std::vector<std::string>& parts) {
        SCOPED_TRACE(text);
        ExpectError<std::invalid_argument>([&text] { MakeFactory(text, Optimizer::GetTypeId()); },
                                           parts);
    };
    expect("Nonsense", {"'Nonsense' is no ns3::learning::Optimizer", "AdamOptimizer"});
    expect("", {"'' is no ns3::learning::Optimizer", "AdamOptimizer"});
    expect(PREFIX + "Optimizer", {"AdamOptimizer", "MomentumOptimizer"});
    expect(PREFIX + "ReceivedMeanRule", {"ReceivedMeanRule", "AdamOptimizer"});
    expect(PREFIX + "AdamOptimizer[LearningRate=1", {"bracket"});
    expect(PREFIX + "AdamOptimizer[LearningRate]", {"LearningRate", "Name=value"});
    expect(PREFIX + "AdamOptimizer[Rate=1]", {"Rate", "AdamOptimizer"});
    expect(PREFIX + "AdamOptimizer[LearningRate=-1]", {"LearningRate", "-1"});
    expect(PREFIX + "AdamOptimizer[LearningRate=fast]", {"LearningRate", "fast"});
    expect(PREFIX + "AdamOptimizer[Schedule=" + PREFIX + "AdamOptimizer]",
           {"AdamOptimizer::Schedule=", "AdamOptimizer' is no", "ConstantSchedule"});
    expect(PREFIX + "AdamOptimizer[Schedule=" + PREFIX + "StepDecaySchedule[Factor=-2]]",
           {"Factor", "-2"});
}

// Expected: random variables that end the program at the first draw, or never end it, are one
// sentence; those that draw are taken, and draw.
TEST(TypeSpecification, RefusesWhatCannotDraw)
{
    const auto make = [](const std::string& law) {
        return MakeFactory("ns3::" + law, RandomVariableStream::GetTypeId());
    };
    for (const char* law : {"DeterministicRandomVariable",
                            "EmpiricalRandomVariable",
                            "NormalRandomVariable[Variance=-1]",
                            "NormalRandomVariable[Mean=1e999]",
                            "NormalRandomVariable[Variance=1|Bound=0]",
                            "NormalRandomVariable[Variance=1|Bound=-1]",
                            "ExponentialRandomVariable[Mean=-1]",
                            "ExponentialRandomVariable[Mean=1|Bound=1e-9]",
                            "ExponentialRandomVariable[Mean=1|Bound=-1]",
                            "ParetoRandomVariable[Scale=2|Bound=1]",
                            "ParetoRandomVariable[Shape=0]",
                            "WeibullRandomVariable[Shape=0]",
                            "WeibullRandomVariable[Shape=2|Bound=1e-4]",
                            "GammaRandomVariable[Alpha=-1]",
                            "ErlangRandomVariable[K=4000000000]",
                            "ZipfRandomVariable[N=4000000000]",
                            "ZetaRandomVariable[Alpha=0.5]",
                            "SequentialRandomVariable[Increment=ns3::EmpiricalRandomVariable]"})
    {
        SCOPED_TRACE(law);
        const std::string type = std::string(law).substr(0, std::string(law).find('['));
        ExpectError<std::invalid_argument>([&] { make(law); }, {"ns3::" + type});
    }
    for (const char* law : {"NormalRandomVariable[Variance=1|Bound=0.01]",
                            "NormalRandomVariable[Mean=1|Variance=0|Bound=0]",
                            "ExponentialRandomVariable[Mean=1|Bound=0.01]",
                            "ExponentialRandomVariable[Mean=0|Bound=1]",
                            "ParetoRandomVariable[Scale=2|Bound=2.1]",
                            "WeibullRandomVariable[Shape=2|Bound=0.1]",
                            "GammaRandomVariable[Alpha=0.5]",
                            "ZetaRandomVariable[Alpha=1.1]",
                            "SequentialRandomVariable[Max=2]"})
    {
        SCOPED_TRACE(law);
        const auto variable = make(law).Create<RandomVariableStream>();
        for (int i = 0; i < 100; ++i)
        {
            EXPECT_FALSE(std::isnan(variable->GetValue()));
        }
    }
}
