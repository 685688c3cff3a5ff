/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "dataset-loader.h"

#include "bio-reader.h"
#include "cifar-reader.h"
#include "csv-table-reader.h"
#include "data-file.h"
#include "flight-queries.h"
#include "idx-reader.h"
#include "libsvm-reader.h"
#include "option-list.h"
#include "sparse-text.h"
#include "synthetic-data.h"

#include "ns3/random-engine.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <new>
#include <numeric>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

namespace
{

constexpr double TEST_SHARE = 0.2; //!< of the samples that are held out, if no other is given

/// What a loader gets.
struct Request
{
    std::string kind;                //!< name of the data set up to the first colon
    std::vector<std::string> parts;  //!< what follows, cut at colons
    std::filesystem::path directory; //!< where the files are, may be empty
    std::vector<std::string> files;  //!< paths of the files to read, once they are found
};

/**
 * Takes the options of a data set that has no files in its name.
 * @param request the request
 * @return the options
 */
OptionList
OnlyOptions(const Request& request)
{
    if (request.parts.size() > 1)
    {
        throw std::invalid_argument(request.kind + ": unexpected ':" + request.parts[1] +
                                    "' after the options");
    }
    return OptionList(request.kind, request.parts.empty() ? "" : request.parts[0]);
}

/**
 * Finds one of several files.
 * @param directory where
 * @param names what they may be called
 * @param help what to do if there is none
 * @return path of the first that exists
 */
std::string
FindFile(const std::filesystem::path& directory,
         const std::vector<std::string>& names,
         const std::string& help)
{
    std::error_code ignored;
    for (const std::string& name : names)
    {
        if (std::filesystem::exists(directory / name, ignored))
        {
            return (directory / name).string();
        }
    }
    throw DataFileError((directory / names[0]).string() + ": no such file: " + help);
}

/**
 * Finds the files of MNIST or a set of the same form.
 * @param directory where they are
 * @param help what to do if a file is missing
 * @return paths of images and labels of the training set, and of the test set
 */
std::vector<std::string>
FindIdxFiles(const std::filesystem::path& directory, const std::string& help)
{
    const auto find = [&](const std::string& set, const std::string& what) {
        return FindFile(directory,
                        {set + "-" + what + "-ubyte.gz",
                         set + "-" + what + "-ubyte",
                         set + "-" + what.substr(0, 6) + "." + what.substr(7) + "-ubyte"},
                        help);
    };
    return {find("train", "images-idx3"),
            find("train", "labels-idx1"),
            find("t10k", "images-idx3"),
            find("t10k", "labels-idx1")};
}

/**
 * Finds the files of Fashion-MNIST.
 * @param request the request
 * @return their paths
 */
std::vector<std::string>
FindFashionMnist(const Request& request)
{
    OnlyOptions(request).ExpectAllTaken();
    if (!request.directory.empty())
    {
        return FindIdxFiles(request.directory,
                            "the directory must hold the four files of Fashion-MNIST as the Debian "
                            "package dataset-fashion-mnist has them");
    }
    return FindIdxFiles("/usr/share/datasets/fashion-mnist",
                        "install the Debian package dataset-fashion-mnist (apt install "
                        "dataset-fashion-mnist) or name the directory of its files");
}

/**
 * Finds the files of MNIST.
 * @param request the request
 * @return their paths
 */
std::vector<std::string>
FindPlainMnist(const Request& request)
{
    OnlyOptions(request).ExpectAllTaken();
    return FindIdxFiles(request.directory,
                        "name the directory of the four files of MNIST, train-images-idx3-ubyte.gz "
                        "and so on");
}

/**
 * Loads MNIST or a set of the same form.
 * @param request the request
 * @return the data
 */
LoadedData
LoadMnist(const Request& request)
{
    LoadedData data;
    data.training = ReadIdxImages(request.files[0], request.files[1], 10);
    data.test = ReadIdxImages(request.files[2], request.files[3], 10);
    return data;
}

/**
 * Finds the files of CIFAR-10.
 * @param request the request
 * @return their paths, that of the test set at the end
 */
std::vector<std::string>
FindCifar10(const Request& request)
{
    OnlyOptions(request).ExpectAllTaken();
    std::vector<std::string> files;
    for (const std::string name : {"data_batch_1",
                                   "data_batch_2",
                                   "data_batch_3",
                                   "data_batch_4",
                                   "data_batch_5",
                                   "test_batch"})
    {
        files.push_back(FindFile(request.directory,
                                 {name + ".bin", "cifar-10-batches-bin/" + name + ".bin"},
                                 "name the directory of the binary version of CIFAR-10, "
                                 "data_batch_1.bin and so on"));
    }
    return files;
}

/**
 * Loads CIFAR-10.
 * @param request the request
 * @return the data
 */
LoadedData
LoadCifar10(const Request& request)
{
    LoadedData data;
    data.training = ReadCifar10({request.files.begin(), request.files.end() - 1});
    data.test = ReadCifar10({request.files.back()});
    return data;
}

/// Samples of training and test set, in the order of the file.
struct Division
{
    std::vector<uint32_t> training; //!< to learn from
    std::vector<uint32_t> test;     //!< held out
};

/**
 * Divides samples into training and test set, always in the same way.
 * @param count number of samples
 * @param share share of the test set
 * @param path where they come from, for the error message
 * @return indices of the samples
 */
Division
HoldOut(uint32_t count, double share, const std::string& path)
{
    if (count < 2)
    {
        throw DataFileError(path + ": expected at least 2 samples to hold one out as a test set, "
                                   "found 1");
    }
    std::vector<uint32_t> samples(count);
    std::iota(samples.begin(), samples.end(), 0);
    constexpr uint64_t PURPOSE = 0x484f4c444f555401;
    RandomEngine(SplitMix64(PURPOSE)).Shuffle(samples);
    const auto held = std::llround(share * count);
    const auto middle = samples.begin() + std::clamp<int64_t>(held, 1, int64_t{count} - 1);
    std::sort(samples.begin(), middle); // the order of the file is kept
    std::sort(middle, samples.end());
    return {{middle, samples.end()}, {samples.begin(), middle}};
}

/**
 * The options after the names of files.
 * @param request the request
 * @return their text, empty if there are none
 */
std::string
GetOptionText(const Request& request)
{
    const bool has = !request.parts.empty() && request.parts.back().find('=') != std::string::npos;
    return has ? request.parts.back() : "";
}

/**
 * Finds the one or two files that the name of a data set names.
 * @param request the request
 * @return their paths
 */
std::vector<std::string>
FindNamed(const Request& request)
{
    std::vector<std::string> paths = request.parts;
    if (!GetOptionText(request).empty())
    {
        paths.pop_back();
    }
    if (paths.empty() || paths.size() > 2 || paths.front().empty() || paths.back().empty())
    {
        throw std::invalid_argument(request.kind + ": expected " + request.kind +
                                    ":FILE[:TESTFILE][:option=value,...], found " +
                                    std::to_string(paths.size()) + " files or an empty name");
    }
    for (std::string& path : paths)
    {
        path = (request.directory / path).string();
    }
    return paths;
}

/**
 * Finds no files, since the data are drawn.
 * @return nothing
 */
std::vector<std::string>
FindNone(const Request& /* request */)
{
    return {};
}

/**
 * Loads one or two text files.
 * @param request the request
 * @return the data
 */
LoadedData
LoadText(const Request& request)
{
    const std::vector<std::string>& paths = request.files;
    OptionList options(request.kind, GetOptionText(request));
    const bool regression = options.TakeChoice("target", "class", "regression");
    const TargetKind kind = regression ? TargetKind::REGRESSION : TargetKind::CLASS;
    const bool csv = request.kind == "csv";
    const CsvLayout layout{kind, csv && options.TakeChoice("label", "last", "first")};
    const double share = paths.size() == 1 ? options.TakeShare("testShare", TEST_SHARE) : 0;
    options.ExpectAllTaken();

    const auto sets = csv ? ReadCsv(paths, layout) : ReadLibsvm(paths, kind);
    if (sets.size() == 1)
    {
        const Division division = HoldOut(sets[0]->GetSampleCount(), share, paths[0]);
        return {sets[0]->Select(division.training), sets[0]->Select(division.test)};
    }
    return {sets[0], sets[1]};
}

/**
 * Loads one or two files of tagged text.
 * @param request the request
 * @return the data
 */
LoadedData
LoadBio(const Request& request)
{
    const std::vector<std::string>& paths = request.files;
    OptionList options(request.kind, GetOptionText(request));
    const uint32_t minimumCount = options.TakeCount("minimumCount", 2, 1);
    const double share = paths.size() == 1 ? options.TakeShare("testShare", TEST_SHARE) : 0;
    options.ExpectAllTaken();

    std::vector<TaggedText> texts{ReadBio(paths[0])};
    if (paths.size() == 2)
    {
        texts.push_back(ReadBio(paths[1]));
    }
    else
    {
        // before words are numbered: those of the test set alone are not known
        const TaggedText all = std::move(texts[0]);
        const auto count = static_cast<uint32_t>(all.GetSentenceCount());
        const Division division = HoldOut(count, share, paths[0]);
        texts.assign(2, TaggedText());
        for (const uint32_t sentence : division.training)
        {
            texts[0].Append(all, sentence);
        }
        for (const uint32_t sentence : division.test)
        {
            texts[1].Append(all, sentence);
        }
    }
    const auto sets = EncodeTexts(texts, minimumCount);
    if (sets[0]->GetClassCount() < 2)
    {
        throw DataFileError(paths[0] + ": expected at least two tags, found only 'O'");
    }
    return {sets[0], sets[1]};
}

/**
 * Draws synthetic sentences.
 * @param request the request
 * @return the data
 */
LoadedData
LoadFlightQueries(const Request& request)
{
    OptionList options = OnlyOptions(request);
    const uint32_t samples = options.TakeCount("samples", 5000, 1, 10000000);
    const uint32_t testSamples = options.TakeCount("testSamples", 900, 1, 10000000);
    const uint32_t seed = options.TakeCount("seed", 1, 0);
    const uint32_t vocabulary = options.TakeCount("vocabulary",
                                                  943,
                                                  FlightQueryLaw::MIN_VOCABULARY,
                                                  FlightQueryLaw::MAX_VOCABULARY);
    const double noise = options.TakeNumber("noise", 0.001, 0, 0.5);
    options.ExpectAllTaken();
    const FlightQueryLaw law(vocabulary, noise, seed);
    return {law.Generate(samples, 0), law.Generate(testSamples, 1)};
}

/**
 * Draws synthetic documents.
 * @param request the request
 * @return the data
 */
LoadedData
LoadSparseText(const Request& request)
{
    OptionList options = OnlyOptions(request);
    const uint32_t samples = options.TakeCount("samples", 20000, 1);
    const uint32_t testSamples = options.TakeCount("testSamples", 2000, 1);
    const uint32_t seed = options.TakeCount("seed", 1, 0);
    const uint32_t features = options.TakeCount("features", 47236, 1, 10000000);
    const double nonZeros = options.TakeNumber("nonZeros", 74, 1e-12, 1e7);
    const double signal = options.TakeNumber("signal", 0.25, 0, 1);
    const double noise = options.TakeNumber("noise", 0.02, 0, 0.5);
    options.ExpectAllTaken();
    const SparseTextLaw law(features, nonZeros, signal, noise, seed);
    return {law.Generate(samples, 0), law.Generate(testSamples, 1)};
}

/**
 * Draws a synthetic set.
 * @param request the request
 * @return the data
 */
LoadedData
LoadSynthetic(const Request& request)
{
    constexpr double LARGEST = 1e12;
    OptionList options = OnlyOptions(request);
    const uint32_t samples = options.TakeCount("samples", 10000, 2);
    const uint32_t testSamples = options.TakeCount("testSamples", 2000, 2);
    const uint32_t seed = options.TakeCount("seed", 1, 0);
    const bool clusters = request.kind == "synthetic-clusters";
    const uint32_t features = options.TakeCount("features", clusters ? 20 : 100, 1, 10000000);
    const auto generate = [&](const SyntheticLaw& law) {
        LoadedData data;
        data.training = law.Generate(samples, 0);
        data.test = law.Generate(testSamples, 1);
        return data;
    };
    if (clusters)
    {
        const uint32_t classes = options.TakeCount("classes", 10, 2);
        const double separation = options.TakeNumber("separation", 4, 0, LARGEST);
        options.ExpectAllTaken();
        return generate(ClusterLaw(features, classes, separation, seed));
    }
    if (request.kind == "synthetic-quadratic")
    {
        const double curvature = options.TakeNumber("curvature", 1, 1e-12, LARGEST);
        const double variance = options.TakeNumber("variance", 1, 0, LARGEST);
        options.ExpectAllTaken();
        return generate(QuadraticLaw(features, curvature, variance, seed));
    }
    const double condition = options.TakeNumber("condition", 100, 1, LARGEST);
    if (request.kind == "synthetic-linear")
    {
        const double noise = options.TakeNumber("noise", 0.1, 0, LARGEST);
        options.ExpectAllTaken();
        return generate(LinearLaw(features, condition, noise, seed));
    }
    const double signal = options.TakeNumber("signal", 4, 1e-12, LARGEST);
    const double noise = options.TakeNumber("noise", 0.05, 0, 0.5);
    options.ExpectAllTaken();
    return generate(LogisticLaw(features, condition, signal, noise, seed));
}

/// A kind of data set.
struct Kind
{
    const char* name;                                 //!< its name up to the first colon
    const char* arguments;                            //!< what may follow, for help texts
    std::vector<std::string> (*find)(const Request&); //!< how its files are found
    LoadedData (*load)(const Request&);               //!< how it is loaded
};

const Kind KINDS[] = {
    {"fashion-mnist", "", &FindFashionMnist, &LoadMnist},
    {"mnist", "", &FindPlainMnist, &LoadMnist},
    {"cifar-10", "", &FindCifar10, &LoadCifar10},
    {"libsvm", ":FILE[:TESTFILE][:OPTIONS]", &FindNamed, &LoadText},
    {"csv", ":FILE[:TESTFILE][:OPTIONS]", &FindNamed, &LoadText},
    {"bio", ":FILE[:TESTFILE][:OPTIONS]", &FindNamed, &LoadBio},
    {"synthetic-linear", "[:OPTIONS]", &FindNone, &LoadSynthetic},
    {"synthetic-logistic", "[:OPTIONS]", &FindNone, &LoadSynthetic},
    {"synthetic-clusters", "[:OPTIONS]", &FindNone, &LoadSynthetic},
    {"synthetic-quadratic", "[:OPTIONS]", &FindNone, &LoadSynthetic},
    {"synthetic-rcv1", "[:OPTIONS]", &FindNone, &LoadSparseText},
    {"synthetic-atis", "[:OPTIONS]", &FindNone, &LoadFlightQueries},
}; //!< all of them

/**
 * Finds a kind of data set and its files.
 * @param name of the data set
 * @param directory where its files are, or empty
 * @param request receives what was asked for
 * @return the kind
 */
const Kind&
FindKind(const std::string& name, const std::string& directory, Request& request)
{
    request.kind = name.substr(0, name.find(':'));
    if (request.kind.size() < name.size())
    {
        request.parts = OptionList::Cut(name.substr(request.kind.size() + 1), ':');
    }
    request.directory = directory;
    for (const Kind& kind : KINDS)
    {
        if (request.kind == kind.name)
        {
            request.files = kind.find(request);
            return kind;
        }
    }
    throw std::invalid_argument("data set '" + request.kind + "' is unknown, legal are " +
                                GetDatasetNames());
}

} // namespace

LoadedData
LoadDataset(const std::string& name, const std::string& directory)
{
    Request request;
    const Kind& kind = FindKind(name, directory, request);
    try
    {
        return kind.load(request);
    }
    catch (const std::bad_alloc&)
    {
        throw std::runtime_error("data set " + name + ": not enough memory to hold it");
    }
}

std::vector<std::string>
FindDatasetFiles(const std::string& name, const std::string& directory)
{
    Request request;
    FindKind(name, directory, request);
    return request.files;
}

std::string
GetDatasetNames()
{
    std::vector<std::string> names;
    for (const Kind& kind : KINDS)
    {
        names.push_back(std::string(kind.name) + kind.arguments);
    }
    return OptionList::Join(names);
}

} // namespace learning
} // namespace ns3
