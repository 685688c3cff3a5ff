/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"

#include "ns3/data-file.h"
#include "ns3/dataset-loader.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <numeric>
#include <set>

using namespace ns3;
using namespace ns3::learning;

namespace
{

const char* const FASHION = "/usr/share/datasets/fashion-mnist"; //!< where Debian's package puts it

/**
 * Header of an IDX file of samples of 2 x 2 bytes, or of labels.
 * @param dimensions 3 or 1
 * @param samples number of samples, below 256
 * @return the header
 */
std::string
IdxHeader(char dimensions, char samples)
{
    std::string header{0, 0, 8, dimensions, 0, 0, 0, samples};
    for (int i = 1; i < dimensions; ++i)
    {
        header += std::string{0, 0, 0, 2};
    }
    return header;
}

/**
 * A text file of numbered samples.
 * @param samples number of samples
 * @return lines "i,label"
 */
std::string
Numbered(int samples)
{
    std::string text;
    for (int i = 0; i < samples; ++i)
    {
        text += std::to_string(i) + "," + std::to_string(i % 2) + "\n";
    }
    return text;
}

/**
 * First features of all samples.
 * @param set the set
 * @return one a sample
 */
std::vector<float>
FirstFeatures(const Dataset& set)
{
    std::vector<uint32_t> all(set.GetSampleCount());
    std::iota(all.begin(), all.end(), 0);
    BatchBuffer<float> buffer;
    const Batch<float> batch = set.Gather(all.data(), set.GetSampleCount(), buffer);
    std::vector<float> first;
    for (uint32_t i = 0; i < batch.size; ++i)
    {
        first.push_back(batch.features[uint64_t{i} * batch.featureCount]);
    }
    return first;
}

} // namespace

// The real set, where it is installed: sizes and label counts of its publication (H. Xiao, K.
// Rasul, R. Vollgraf, arXiv 1708.07747, section 2). The mean pixel, 0.2860, and its deviation,
// 0.3530, are what users of the set normalize with; tolerance: their last digit.
TEST(DatasetLoader, LoadsFashionMnist)
{
    if (!std::filesystem::exists(FASHION))
    {
        GTEST_SKIP() << "Debian package dataset-fashion-mnist is not installed";
    }
    const auto start = std::chrono::steady_clock::now();
    const LoadedData data = LoadDataset("fashion-mnist");
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    std::cout << "Fashion-MNIST, 70,000 images, read in " << elapsed.count() << " s" << std::endl;
    for (const auto& [set, perClass] :
         {std::pair(data.training, 6000U), std::pair(data.test, 1000U)})
    {
        EXPECT_EQ(set->GetSampleCount(), 10 * perClass);
        EXPECT_EQ(set->GetShape().channels, 1U);
        EXPECT_EQ(set->GetShape().height, 28U);
        EXPECT_EQ(set->GetShape().width, 28U);
        EXPECT_EQ(set->GetClassCount(), 10U);
        std::vector<uint32_t> histogram(10);
        for (uint32_t i = 0; i < set->GetSampleCount(); ++i)
        {
            ++histogram[static_cast<uint32_t>(set->GetTarget(i))];
        }
        EXPECT_EQ(histogram, std::vector<uint32_t>(10, perClass));
    }
    double mean = 0;
    double squares = 0;
    BatchBuffer<float> buffer;
    for (uint32_t i = 0; i < 60000; ++i)
    {
        const Batch<float> batch = data.training->Gather(&i, 1, buffer);
        for (int j = 0; j < 784; ++j)
        {
            mean += batch.features[j] / (60000.0 * 784);
            squares += batch.features[j] * batch.features[j] / (60000.0 * 784);
        }
    }
    EXPECT_NEAR(mean, 0.2860, 1e-4);
    EXPECT_NEAR(std::sqrt(squares - mean * mean), 0.3530, 1e-4);
}

// Expected: four small files in MNIST's form are found under the three names in use; a missing one
// is named together with what to do.
TEST(DatasetLoader, FindsImageFiles)
{
    const TemporaryDirectory directory;
    const auto load = [&](const std::string& name) { return LoadDataset(name, directory.Path()); };
    ExpectError<DataFileError>([&] { load("fashion-mnist"); },
                               {"train-images-idx3-ubyte.gz", "dataset-fashion-mnist"});
    ExpectError<DataFileError>([&] { load("mnist"); }, {"train-images-idx3-ubyte.gz", "MNIST"});
    directory.Write("train-images-idx3-ubyte.gz", Gzip(IdxHeader(3, 2) + "abcdABCD"));
    directory.Write("train-labels-idx1-ubyte", IdxHeader(1, 2) + "\x01\x02");
    ExpectError<DataFileError>([&] { load("mnist"); }, {"t10k-images-idx3-ubyte.gz"});
    directory.Write("t10k-images.idx3-ubyte", IdxHeader(3, 1) + "efgh");
    directory.Write("t10k-labels.idx1-ubyte", IdxHeader(1, 1) + "\x03");
    for (const std::string name : {"mnist", "fashion-mnist"})
    {
        const LoadedData data = load(name);
        EXPECT_FLOAT_EQ(FirstFeatures(*data.training)[0], 'a' / 255.0F);
        EXPECT_FLOAT_EQ(FirstFeatures(*data.training)[1], 'A' / 255.0F);
        EXPECT_EQ(data.training->GetTarget(1), 2);
        EXPECT_EQ(data.test->GetTarget(0), 3);
        EXPECT_EQ(FindDatasetFiles(name, directory.Path()),
                  (std::vector<std::string>{directory.Path("train-images-idx3-ubyte.gz"),
                                            directory.Path("train-labels-idx1-ubyte"),
                                            directory.Path("t10k-images.idx3-ubyte"),
                                            directory.Path("t10k-labels.idx1-ubyte")}));
    }
    ExpectError<DataFileError>([] { LoadDataset("mnist", "/nonexistent"); }, {"/nonexistent/"});

    ExpectError<DataFileError>([&] { load("cifar-10"); }, {"data_batch_1.bin", "CIFAR-10"});
    std::filesystem::create_directory(directory.Path("cifar-10-batches-bin"));
    for (char i = '1'; i <= '5'; ++i)
    {
        const std::string name = std::string("data_batch_") + i + ".bin";
        directory.Write((i < '3' ? "" : "cifar-10-batches-bin/") + name,
                        std::string(3073, i - '0'));
    }
    ExpectError<DataFileError>([&] { load("cifar-10"); }, {"test_batch.bin"});
    directory.Write("test_batch.bin", std::string(2 * 3073, '\x07'));
    const LoadedData data = load("cifar-10");
    EXPECT_EQ(data.training->GetSampleCount(), 5U);
    EXPECT_EQ(data.training->GetTarget(4), 5);
    EXPECT_EQ(data.test->GetSampleCount(), 2U);
}

// Expected: without a test file, a fifth or the stated share is held out, the same every time; both
// sets together are the file, each in the file's order; both have samples from all of it.
TEST(DatasetLoader, HoldsOutATestSet)
{
    const TemporaryDirectory directory;
    directory.Write("file", Numbered(100));
    const auto load = [&](const std::string& name) { return LoadDataset(name, directory.Path()); };
    const LoadedData data = load("csv:file");
    const std::vector<float> training = FirstFeatures(*data.training);
    const std::vector<float> test = FirstFeatures(*data.test);
    EXPECT_EQ(training.size(), 80U);
    EXPECT_EQ(test.size(), 20U);
    EXPECT_TRUE(std::is_sorted(training.begin(), training.end()));
    EXPECT_TRUE(std::is_sorted(test.begin(), test.end()));
    std::set<float> all(training.begin(), training.end());
    all.insert(test.begin(), test.end());
    EXPECT_EQ(all.size(), 100U);
    EXPECT_LT(test.front(), 30); // all 20 beyond the first 30 has a probability of 3e-4
    EXPECT_GT(test.back(), 70);
    EXPECT_EQ(FirstFeatures(*load("csv:file").test), test);
    EXPECT_EQ(load("csv:file:testShare=0.35").test->GetSampleCount(), 35U);
    EXPECT_EQ(load("csv:file:testShare=0.001").test->GetSampleCount(), 1U);
    EXPECT_EQ(load("csv:file:testShare=0.999").training->GetSampleCount(), 1U);

    directory.Write("one", "1,1\n");
    ExpectError<DataFileError>([&] { load("csv:one:target=regression"); }, {"at least 2", "1"});
}

// Expected: file names are absolute or start at the directory; options reach the readers.
TEST(DatasetLoader, LoadsTextFiles)
{
    const TemporaryDirectory directory;
    const std::string csv = directory.Write("train.csv", "1,2,3\n0,5,6\n");
    directory.Write("test.csv", "1,7,8\n");
    const auto load = [&](const std::string& name) { return LoadDataset(name, directory.Path()); };
    const std::string two = "csv:train.csv:" + directory.Path("test.csv") + ":label=first";
    EXPECT_EQ(FindDatasetFiles(two, directory.Path()),
              (std::vector<std::string>{csv, directory.Path("test.csv")}));
    EXPECT_TRUE(FindDatasetFiles("synthetic-clusters:samples=2").empty());
    LoadedData data = load(two);
    EXPECT_EQ(FirstFeatures(*data.training), (std::vector<float>{2, 5}));
    EXPECT_EQ(FirstFeatures(*data.test), (std::vector<float>{7}));
    EXPECT_EQ(data.test->GetClassCount(), 2U);
    data = load("csv:train.csv:test.csv:target=regression");
    EXPECT_EQ(data.training->GetTarget(1), 6);
    EXPECT_EQ(data.training->GetClassCount(), 0U);
    EXPECT_EQ(LoadDataset("csv:" + csv + ":label=first").test->GetSampleCount(), 1U);

    directory.Write("train.svm", "1 1:2\n-1 47236:1\n");
    directory.Write("test.svm", "1 3:2\n");
    data = load("libsvm:train.svm:test.svm");
    EXPECT_TRUE(data.test->IsSparse());
    EXPECT_EQ(data.test->GetShape().GetSize(), 47236U);
    EXPECT_EQ(load("libsvm:train.svm:target=regression").training->GetClassCount(), 0U);
    ExpectError<DataFileError>([&] { load("libsvm:none.svm"); },
                               {directory.Path("none.svm"), "No such file"});
}

// Expected: options arrive; two streams of one law; defaults as documented.
TEST(DatasetLoader, DrawsSyntheticSets)
{
    LoadedData data = LoadDataset("synthetic-logistic:samples=300,features=7,condition=5,"
                                  "noise=0.1,seed=3,testSamples=20,signal=2");
    EXPECT_EQ(data.training->GetSampleCount(), 300U);
    EXPECT_EQ(data.test->GetSampleCount(), 20U);
    EXPECT_EQ(data.training->GetShape().GetSize(), 7U);
    EXPECT_EQ(data.training->GetClassCount(), 2U);
    EXPECT_NE(FirstFeatures(*data.training)[0], FirstFeatures(*data.test)[0]);
    data = LoadDataset("synthetic-linear");
    EXPECT_EQ(data.training->GetSampleCount(), 10000U);
    EXPECT_EQ(data.test->GetSampleCount(), 2000U);
    EXPECT_EQ(data.training->GetShape().GetSize(), 100U);
    EXPECT_EQ(data.training->GetClassCount(), 0U);
    EXPECT_EQ(LoadDataset("synthetic-clusters:classes=4").test->GetClassCount(), 4U);
    data = LoadDataset("synthetic-quadratic:features=1,curvature=2,variance=16");
    double squares = 0;
    for (const float a : FirstFeatures(*data.training))
    {
        squares += a * a / 1e4; // variance 16 / 2^2 = 4, standard error 4 sqrt(2 / 10,000)
    }
    EXPECT_NEAR(squares, 4, 4 * 4 * std::sqrt(2e-4));
}

// Expected: a test set is drawn from the law of the training set, but not the same samples again:
// none of its first ten is the training sample of the same number, of any kind of data.
TEST(DatasetLoader, SyntheticTestSetsAreHeldOut)
{
    for (const std::string kind : {"linear", "logistic", "clusters", "quadratic", "rcv1", "atis"})
    {
        SCOPED_TRACE(kind);
        const LoadedData data = LoadDataset("synthetic-" + kind + ":samples=10,testSamples=10");
        const auto flatten = [](const Dataset& set, uint32_t sample) {
            BatchBuffer<float> buffer;
            const Batch<float> batch = set.Gather(&sample, 1, buffer);
            std::vector<float> numbers(batch.targets, batch.targets + batch.GetTargetCount());
            if (batch.rowStart)
            {
                const uint32_t* const places = batch.IsSequential() ? batch.tokens : batch.columns;
                numbers.insert(numbers.end(), places, places + batch.rowStart[1]);
            }
            else
            {
                numbers.insert(numbers.end(), batch.features, batch.features + batch.featureCount);
            }
            return numbers;
        };
        for (uint32_t sample = 0; sample < 10; ++sample)
        {
            EXPECT_NE(flatten(*data.training, sample), flatten(*data.test, sample)) << sample;
        }
    }
}

// Expected: what is wrong and what is legal, in one sentence.
TEST(DatasetLoader, RefusesUnknownNamesAndOptions)
{
    const auto refuse = [](const std::string& name, const std::vector<std::string>& texts) {
        SCOPED_TRACE(name);
        ExpectError<std::invalid_argument>([&] { LoadDataset(name); }, texts);
    };
    refuse("imagenet", {"'imagenet'", "fashion-mnist, mnist, cifar-10, libsvm:FILE", "csv:FILE"});
    refuse("", {"''", "fashion-mnist"});
    refuse("fashion-mnist:samples=3", {"fashion-mnist", "'samples'", "no options"});
    refuse("mnist:a", {"'a'", "name=value"});
    refuse("cifar-10:a=1:b=2", {"':b=2'"});
    refuse("csv", {"csv:FILE"});
    refuse("csv:", {"csv:FILE"});
    refuse("csv:a:b:c", {"csv:FILE", "3 files"});
    refuse("csv:a:header=1", {"'header'", "legal are label, target, testShare"});
    refuse("csv:a:label=middle", {"label=middle", "last or first"});
    refuse("csv:a:b:testShare=0.1", {"'testShare'", "legal are label, target"});
    for (const std::string share : {"0", "1", "1.5", "-0.1", "nan", "half"})
    {
        refuse("csv:a:testShare=" + share, {"testShare=" + share, "above 0 and below 1"});
    }
    refuse("libsvm:a:label=first", {"'label'", "legal are target, testShare"});
    refuse("libsvm:a:target=what", {"target=what", "class or regression"});
    refuse("synthetic-linear:sample=3",
           {"'sample'", "condition, features, noise, samples, seed, testSamples"});
    refuse("synthetic-linear:samples=3,samples=4", {"'samples'", "twice"});
    refuse("synthetic-linear:samples=1e3", {"samples=1e3", "an integer from 2 to 4294967295"});
    refuse("synthetic-linear:samples=-3", {"samples=-3"});
    refuse("synthetic-linear:samples=5000000000", {"samples=5000000000"});
    refuse("synthetic-linear:features=0", {"features=0", "from 1 to 10000000"});
    refuse("synthetic-linear:condition=nan", {"condition=nan", "from 1"});
    refuse("synthetic-linear:condition=", {"condition=", "from 1"});
    refuse("synthetic-linear:samples=4000000000,features=1000", {"1 to 2147483 samples"});
    refuse("synthetic-logistic:noise=0.51", {"noise=0.51", "from 0 to 0.5"});
    refuse("synthetic-clusters:classes=21", {"classes 21", "2 to 20"});
    refuse("synthetic-quadratic:condition=2", {"'condition'", "curvature, features, samples"});
}
