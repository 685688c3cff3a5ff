/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"

#include "ns3/bio-reader.h"
#include "ns3/data-file.h"
#include "ns3/data-partition.h"
#include "ns3/dataset-loader.h"
#include "ns3/double.h"
#include "ns3/flight-queries.h"
#include "ns3/object-factory.h"

#include <cmath>
#include <map>
#include <numeric>
#include <set>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// All tokens and targets of a set.
struct Content
{
    std::vector<uint32_t> start;   //!< where sentences start
    std::vector<uint32_t> tokens;  //!< of all sentences
    std::vector<uint32_t> targets; //!< of all tokens
};

Content
GetContent(const Dataset& set)
{
    std::vector<uint32_t> all(set.GetSampleCount());
    std::iota(all.begin(), all.end(), 0);
    BatchBuffer<float> buffer;
    const auto batch = set.Gather(all.data(), set.GetSampleCount(), buffer);
    const uint32_t count = batch.GetTargetCount();
    return {{batch.rowStart, batch.rowStart + batch.size + 1},
            {batch.tokens, batch.tokens + count},
            {batch.targets, batch.targets + count}};
}

using Numbers = std::vector<uint32_t>;

const char* const TRAINING = "fly O\nto O\ntarim B-to\n\n\n"
                             "fly\tVB\tO\r\nto\tX\tO\r\nport NN B-to\nbalden NN I-to\n \t\n"
                             "to O";

} // namespace

// Expected: words of the training file that occur twice, the most frequent first (3 x to, 2 x fly),
// all others token 0; tags in the order of the alphabet after O; blank lines in any number; columns
// between the first and the last are skipped.
TEST(TaggedText, ReadsTwoFiles)
{
    const TemporaryDirectory directory;
    directory.Write("a", TRAINING);
    directory.Write("b", Gzip("tarim B-from\nto O\n\nfly I-to\n"));
    LoadedData data = LoadDataset("bio:a:b", directory.Path());
    EXPECT_EQ(data.training->GetShape().width, 3U);
    EXPECT_EQ(data.test->GetShape().width, 3U);
    EXPECT_EQ(data.training->GetClassCount(), 4U); // O, B-from, B-to, I-to
    EXPECT_EQ(data.test->GetClassCount(), 4U);
    Content content = GetContent(*data.training);
    EXPECT_EQ(content.start, (Numbers{0, 3, 7, 8}));
    EXPECT_EQ(content.tokens, (Numbers{2, 1, 0, 2, 1, 0, 0, 1}));
    EXPECT_EQ(content.targets, (Numbers{0, 0, 2, 0, 0, 2, 3, 0}));
    content = GetContent(*data.test);
    EXPECT_EQ(content.start, (Numbers{0, 2, 3}));
    EXPECT_EQ(content.tokens, (Numbers{0, 1, 2}));
    EXPECT_EQ(content.targets, (Numbers{1, 0, 3}));

    data = LoadDataset("bio:a:b:minimumCount=1", directory.Path());
    EXPECT_EQ(data.training->GetShape().width, 6U); // to, fly, balden, port, tarim
    EXPECT_EQ(GetContent(*data.test).tokens, (Numbers{5, 1, 2}));
}

// Expected: without a test file a share is held out, always the same one, and words that occur in
// it alone are not known.
TEST(TaggedText, HoldsOutAShare)
{
    const TemporaryDirectory directory;
    std::string text;
    for (int i = 0; i < 50; i++)
    {
        text += "word" + std::to_string(i) + " B-x\nend O\n\n";
    }
    directory.Write("a", text);
    const auto load = [&] { return LoadDataset("bio:a:minimumCount=1", directory.Path()); };
    const LoadedData data = load();
    EXPECT_EQ(data.training->GetSampleCount(), 40U);
    EXPECT_EQ(data.test->GetSampleCount(), 10U);
    EXPECT_EQ(data.training->GetShape().width, 42U); // 40 words, the end, the unknown
    const Content test = GetContent(*data.test);
    for (uint32_t i = 0; i < 10; i++)
    {
        EXPECT_EQ(test.tokens[2 * i], 0U);
        EXPECT_EQ(test.tokens[2 * i + 1], 1U);
    }
    EXPECT_EQ(GetContent(*load().training).tokens, GetContent(*data.training).tokens);
}

// Expected: file, line, and what is wrong there.
TEST(TaggedText, RefusesOtherText)
{
    const TemporaryDirectory directory;
    const auto refuse = [&](const std::string& text, const std::vector<std::string>& expected) {
        directory.Write("a", text);
        ExpectError<DataFileError>([&] { LoadDataset("bio:a", directory.Path()); }, expected);
    };
    refuse("fly O\nto\n", {"/a", "line 2", "a word and its tag", "'to'"});
    refuse("fly O\nto b-city\n", {"line 2", "B-SLOT", "'to b-city'"});
    refuse("fly O\n\nto B-\n", {"line 3", "'to B-'"});
    refuse("O\n", {"line 1", "'O'"});
    refuse("\n \n", {"/a", "found none"});
    refuse("fly O\n", {"at least 2 samples"});
    refuse("fly O\n\nto O\n", {"at least two tags"});
    std::string endless;
    for (int i = 0; i < 10001; i++)
    {
        endless += "on O\n";
    }
    refuse(endless, {"line 10001", "a blank line after at most 10000 words"});
    ExpectError<DataFileError>([&] { LoadDataset("bio:b", directory.Path()); }, {"/b"});
    ExpectError<std::invalid_argument>([] { LoadDataset("bio:a:x=1"); },
                                       {"'x'", "minimumCount, testShare"});
    ExpectError<std::invalid_argument>([] { LoadDataset("bio:a:minimumCount=0"); },
                                       {"minimumCount=0", "1"});
}

// Expected: the size of ATIS, within its order: 4,978 + 893 sentences, vocabulary 943, 129 tags, 11
// words a sentence. Sentence i depends on seed, stream and i alone.
TEST(FlightQueries, HaveTheSizeOfAtis)
{
    const LoadedData data = LoadDataset("synthetic-atis");
    EXPECT_EQ(data.training->GetSampleCount(), 5000U);
    EXPECT_EQ(data.test->GetSampleCount(), 900U);
    EXPECT_EQ(data.training->GetShape().width, 943U);
    EXPECT_EQ(data.training->GetClassCount(), 113U);
    EXPECT_NEAR(data.training->GetMeanNonZeros(), 11.5, 0.5);
    EXPECT_NEAR(data.test->GetMeanNonZeros(), 11.5, 0.5);
    const Content training = GetContent(*data.training);
    std::map<uint32_t, uint32_t> words;
    for (const uint32_t token : training.tokens)
    {
        ++words[token];
    }
    EXPECT_EQ(words.count(0), 0U); // all words are known
    EXPECT_GT(words.size(), 800U);
    uint32_t rare = 0;
    for (const auto& [token, count] : words)
    {
        rare += count <= 3;
    }
    EXPECT_GT(rare, 100U); // Zipf's tail
    EXPECT_GT(std::set<uint32_t>(training.targets.begin(), training.targets.end()).size(), 105U);

    const FlightQueryLaw law(943, 0.001, 1);
    EXPECT_EQ(GetContent(*law.Generate(20, 0)).tokens, GetContent(*data.training->Head(20)).tokens);
    EXPECT_NE(GetContent(*law.Generate(20, 1)).tokens, GetContent(*data.training->Head(20)).tokens);
    EXPECT_NE(GetContent(*FlightQueryLaw(943, 0.001, 2).Generate(20, 0)).tokens,
              GetContent(*data.training->Head(20)).tokens);
}

// Expected: every I- follows a B- or I- of its slot, as the grammar has no other; the noise changes
// the stated share of the tags and no word. Standard error of the share: sqrt(0.05 x 0.95 /
// tokens).
TEST(FlightQueries, AreTaggedAsStated)
{
    const TaggedText clean = FlightQueryLaw(600, 0, 1).DrawText(2000, 0);
    const TaggedText noisy = FlightQueryLaw(600, 0.05, 1).DrawText(2000, 0);
    EXPECT_EQ(clean.words, noisy.words);
    EXPECT_EQ(clean.start, noisy.start);
    std::set<uint64_t> starts(clean.start.begin(), clean.start.end());
    double wrong = 0;
    for (std::size_t i = 0; i < clean.tags.size(); i++)
    {
        wrong += clean.tags[i] != noisy.tags[i];
        if (clean.tags[i][0] == 'I')
        {
            ASSERT_EQ(starts.count(i), 0U);
            EXPECT_EQ(clean.tags[i].substr(2), clean.tags[i - 1].substr(2));
        }
    }
    const auto count = static_cast<double>(clean.tags.size());
    EXPECT_NEAR(wrong / count, 0.05, 4 * std::sqrt(0.05 * 0.95 / count));
}

TEST(FlightQueries, RefusesWhatIsOutOfRange)
{
    using Error = std::invalid_argument;
    ExpectError<Error>([] { LoadDataset("synthetic-atis:vocabulary=479"); },
                       {"vocabulary=479", "480 to 20000"});
    ExpectError<Error>([] { LoadDataset("synthetic-atis:noise=0.6"); }, {"noise=0.6", "0.5"});
    ExpectError<Error>([] { LoadDataset("synthetic-atis:words=3"); },
                       {"noise, samples, seed, testSamples, vocabulary"});
    ExpectError<Error>([] { FlightQueryLaw(100, 0, 1); }, {"vocabulary 100"});
    ExpectError<Error>([] { FlightQueryLaw(600, -0.1, 1); }, {"noise"});
    EXPECT_EQ(LoadDataset("synthetic-atis:vocabulary=480,samples=10,testSamples=1")
                  .training->GetShape()
                  .width,
              480U);
}

// Rules that cannot be read, or name what does not exist.
TEST(TaggedGrammar, RefusesWrongRules)
{
    using Error = std::invalid_argument;
    const auto make = [](const std::string& rules) {
        return [=] { TaggedGrammar(rules, {{"city", {"tarim", "port_balden"}}}); };
    };
    make("query 1 fly to [toloc city]\n")();
    ExpectError<Error>(make("query fly\n"), {"'query fly'", "weight"});
    ExpectError<Error>(make("query 0 fly\n"), {"weight"});
    ExpectError<Error>(make("query 1 <place>\n"), {"<place>", "<query>"});
    ExpectError<Error>(make("query 1 [toloc town]\n"), {"no list", "toloc"});
    ExpectError<Error>(make("query 1 [toloc city\n"), {"no list"});
}

// The law of a grammar: rules in proportion to their weights, phrases to 1 / k. Four standard
// errors.
TEST(TaggedGrammar, DrawsInProportion)
{
    const TaggedGrammar grammar("query 3 <x>\nquery 1 [s list]\nx 1 word\n",
                                {{"list", {"first", "second", "third_one"}}});
    TaggedText text;
    RandomEngine engine(1);
    const int count = 40000;
    for (int i = 0; i < count; i++)
    {
        grammar.Draw("query", engine, text);
    }
    std::map<std::string, double> shares;
    for (const std::string& word : text.words)
    {
        shares[word] += 1.0 / count;
    }
    const auto expect = [&](const std::string& word, double share) {
        EXPECT_NEAR(shares[word], share, 4 * std::sqrt(share * (1 - share) / count)) << word;
    };
    expect("word", 0.75);
    expect("first", 0.25 * 6 / 11);
    expect("second", 0.25 * 3 / 11);
    expect("third", 0.25 * 2 / 11);
    EXPECT_EQ(shares["one"], shares["third"]);
    EXPECT_EQ(text.GetSentenceCount(), std::size_t(count));
    EXPECT_EQ(grammar.GetTags(), (std::set<std::string>{"B-s", "I-s"}));
}

// Partitions deal every sentence once; by label, a sentence counts for its most frequent slot, so a
// strong skew gives workers other slots (share of the largest among a worker's sentences) than
// dealing at random does.
TEST(FlightQueries, CanBePartitioned)
{
    const Ptr<Dataset> set = FlightQueryLaw(600, 0, 1).Generate(800, 0);
    const auto skew = [&](const Ptr<DataPartition>& partition) {
        const auto parts = partition->Split(*set, 4, 1);
        std::vector<uint32_t> all;
        double largest = 0;
        for (const auto& part : parts)
        {
            all.insert(all.end(), part.begin(), part.end());
            std::map<float, double> counts;
            for (const uint32_t sample : part)
            {
                ++counts[set->GetTarget(sample)];
            }
            double most = 0;
            for (const auto& [label, count] : counts)
            {
                most = std::max(most, count);
            }
            largest += most / static_cast<double>(part.size()) / 4;
        }
        std::sort(all.begin(), all.end());
        for (uint32_t i = 0; i < 800; i++)
        {
            EXPECT_EQ(all.at(i), i);
        }
        return largest;
    };
    const double even = skew(CreateObject<IidPartition>());
    EXPECT_GT(skew(CreateObject<LabelSortedPartition>()), even + 0.1);
    EXPECT_GT(
        skew(CreateObjectWithAttributes<DirichletPartition>("Concentration", DoubleValue(0.05))),
        even + 0.1);
}
