/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 *
 * How fast the gradients are beside PyTorch's (torch-yardstick.py), on one thread, at the same
 * vector widths, and beside the best times that hand-tuned kernels reached: batches of 32. The two
 * sides alternate within one run; figures are medians of processor times. Then the time of a
 * gradient of each residual network.
 *
 * 1. ResNet-20 on 3 x 32 x 32: at most PyTorch's time, at AVX2 and AVX-512.
 * 2. Perceptron 784-128-10: at most 1/1.3 of PyTorch's time there; and at every width at most 1.1
 * times the best time. That was measured on another processor, so it is taken in units of the time
 * of Eigen's product of two 512 x 512 matrices, there and here.
 * 3. Softmax regression on 784 features and logistic regression on 28: at most a fifth.
 *
 * Prints each figure with its bar; exit status 1 if one does not hold.
 */

#include "bench-support.h"
#include "bench-workload.h"

#include "ns3/kernels.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace bench;

namespace
{

/// A process that times PyTorch's gradients.
class Yardstick
{
  public:
    /**
     * Starts it.
     * @param width vector width that it may use, v3 or v4
     */
    explicit Yardstick(const std::string& width)
    {
        int input[2];
        int output[2];
        if (pipe(input) != 0 || pipe(output) != 0)
        {
            return;
        }
        m_process = fork();
        if (m_process == 0)
        {
            setenv("OMP_NUM_THREADS", "1", 1);
            setenv("ATEN_CPU_CAPABILITY", width == "v4" ? "avx512" : "avx2", 1);
            setenv("ONEDNN_MAX_CPU_ISA", width == "v4" ? "AVX512_CORE" : "AVX2", 1);
            dup2(input[0], 0);
            dup2(output[1], 1);
            for (const int end : {input[0], input[1], output[0], output[1]})
            {
                close(end);
            }
            const char* script = BENCH_DIRECTORY "/torch-yardstick.py";
            execl("/usr/bin/python3", "python3", script, nullptr);
            _exit(127);
        }
        close(input[0]);
        close(output[1]);
        m_questions = fdopen(input[1], "w");
        m_answers = fdopen(output[0], "r");
        m_greeting = Read();
    }

    ~Yardstick()
    {
        std::fclose(m_questions);
        std::fclose(m_answers);
        waitpid(m_process, nullptr, 0);
    }

    Yardstick(const Yardstick&) = delete;
    Yardstick& operator=(const Yardstick&) = delete;

    /**
     * What it says of itself.
     * @return "PyTorch" and its version, or why there is none
     */
    std::string GetGreeting() const
    {
        return m_greeting.empty() ? "/usr/bin/python3 does not start" : m_greeting;
    }

    bool IsReady() const
    {
        return m_greeting.rfind("PyTorch", 0) == 0;
    }

    /**
     * Times a gradient.
     * @param name of the workload
     * @param calls how often
     * @return seconds a call
     */
    double Time(const std::string& name, int calls)
    {
        std::fprintf(m_questions, "%s %d\n", name.c_str(), calls);
        std::fflush(m_questions);
        return std::atof(Read().c_str());
    }

  private:
    std::string Read()
    {
        char line[256] = "";
        const bool ok = std::fgets(line, sizeof line, m_answers) != nullptr;
        const std::string text = ok ? line : "";
        return text.substr(0, text.find('\n'));
    }

    pid_t m_process{-1};
    std::FILE* m_questions{nullptr};
    std::FILE* m_answers{nullptr};
    std::string m_greeting;
};

/// A model with its name at the yardstick and its bar.
struct Comparison
{
    std::string name;        ///< at the yardstick
    std::string description; ///< type and attributes
    SampleShape shape;       ///< of its samples
    uint32_t classCount;     ///< of its data
    int repetitions;         ///< how often the sides alternate
    double bar;              ///< most of PyTorch's time
};

const Comparison COMPARISONS[] = {
    {"resnet-20", "ResidualNetwork[Depth=20]", {3, 32, 32}, 10, 7, 1},
    {"perceptron", "MultilayerPerceptron[Hidden=128]", {1, 28, 28}, 10, 25, 1 / 1.3},
    {"softmax", "SoftmaxRegression", {1, 28, 28}, 10, 25, 0.2},
    {"logistic", "LogisticRegression", {1, 1, 28}, 2, 25, 0.2},
};
constexpr uint32_t BATCH = 32;

/**
 * Compares gradients with PyTorch's.
 * @param width the width in use, v3 or v4
 */
void
CompareWithTorch(const std::string& width)
{
    Yardstick yardstick(width);
    if (!yardstick.IsReady())
    {
        std::printf("%s beside PyTorch: skipped: %s\n",
                    width.c_str(),
                    yardstick.GetGreeting().c_str());
        return;
    }
    std::printf("%s beside %s\n", width.c_str(), yardstick.GetGreeting().c_str());
    for (const Comparison& comparison : COMPARISONS)
    {
        Workload ours(comparison.description, comparison.shape, comparison.classCount, BATCH);
        const int calls = CountCalls(std::ref(ours));
        const int theirCalls = std::max(1, calls / 5);
        yardstick.Time(comparison.name, theirCalls); // the first one is slow
        std::vector<double> ratios;
        std::vector<double> times;
        std::vector<double> theirTimes;
        for (int i = 0; i < comparison.repetitions; i++)
        {
            times.push_back(Time(std::ref(ours), calls));
            theirTimes.push_back(yardstick.Time(comparison.name, theirCalls));
            ratios.push_back(times.back() / theirTimes.back());
        }
        char what[128];
        std::snprintf(what,
                      sizeof what,
                      "%s %s, %.4g us, over PyTorch's %.4g us",
                      width.c_str(),
                      comparison.name.c_str(),
                      GetMedian(times) * 1e6,
                      GetMedian(theirTimes) * 1e6);
        Report(what, GetMedian(ratios), comparison.bar);
    }
}

/**
 * Compares a perceptron's gradient with the best time, in units of a product.
 * @param width the width in use
 * @param best gradient of the best kernels of that width over the product, where they were measured
 */
void
CompareWithBest(const std::string& width, double best)
{
    constexpr uint32_t SIZE = 512;
    constexpr int REPETITIONS = 15;
    Workload gradient("MultilayerPerceptron[Hidden=128]", {1, 28, 28}, 10, BATCH);
    std::vector<float, AlignedAllocator<float>> a(SIZE * SIZE, 0.5F);
    auto c = a;
    const auto product = [&] {
        GetKernels<float>().product(a.data(), a.data(), SIZE, SIZE, SIZE, c.data());
    };
    const int calls = CountCalls(std::ref(gradient));
    const int products = CountCalls(product);
    std::vector<double> ratios;
    std::vector<double> times;
    for (int i = 0; i < REPETITIONS; i++)
    {
        times.push_back(Time(std::ref(gradient), calls));
        ratios.push_back(times.back() / Time(product, products) / best);
    }
    char what[128];
    std::snprintf(what,
                  sizeof what,
                  "%s perceptron, %.4g us, over the best time",
                  width.c_str(),
                  GetMedian(times) * 1e6);
    Report(what, GetMedian(ratios), 1.1);
}

/**
 * Prints the time of a gradient.
 * @param width the width in use
 * @param depth of the residual network
 * @param shape of the samples
 */
void
ShowResidualNetwork(const std::string& width, int depth, const SampleShape& shape)
{
    Workload workload("ResidualNetwork[Depth=" + std::to_string(depth) + "]", shape, 10, BATCH);
    std::vector<double> times;
    for (int i = 0; i < 5; i++)
    {
        times.push_back(Time(std::ref(workload), 1));
    }
    std::printf("%s ResNet-%d on %u x %u x %u: %.1f ms a gradient, %.1f GFLOP/s\n",
                width.c_str(),
                depth,
                shape.channels,
                shape.height,
                shape.width,
                GetMedian(times) * 1e3,
                workload.GetOperations() / GetMedian(times) / 1e9);
}

} // namespace

int
main()
{
    // microseconds of the gradient, and GFLOP/s of the product, of the best kernels
    const struct
    {
        const char* width;
        double gradient;
        double product;
    } bests[] = {{"v1", 320, 45}, {"v3", 135, 98}, {"v4", 79, 219}};

    for (const auto& width : GetKernelWidths())
    {
        SelectKernelWidth(width);
        for (const auto& best : bests)
        {
            if (best.width == width)
            {
                CompareWithBest(width,
                                best.gradient / (2 * 512. * 512. * 512. / best.product / 1e3));
            }
        }
        if (width != "v1")
        {
            CompareWithTorch(width);
        }
        ShowResidualNetwork(width, 8, {1, 28, 28});
        ShowResidualNetwork(width, 20, {3, 32, 32});
        ShowResidualNetwork(width, 110, {3, 32, 32});
    }
    return g_allHold ? 0 : 1;
}
