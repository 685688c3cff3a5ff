/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"

#include "ns3/cifar-reader.h"
#include "ns3/csv-table-reader.h"
#include "ns3/data-file.h"
#include "ns3/idx-reader.h"
#include "ns3/libsvm-reader.h"

#include <functional>
#include <numeric>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Header of an IDX file.
 * @param words magic number and extents
 * @return them, most significant byte first
 */
std::string
Idx(const std::vector<uint32_t>& words)
{
    std::string header;
    for (const uint32_t word : words)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            header += static_cast<char>(word >> shift);
        }
    }
    return header;
}

/**
 * Features of a whole set.
 * @param set the set, dense
 * @return samples x features
 */
std::vector<float>
Features(const Dataset& set)
{
    std::vector<uint32_t> all(set.GetSampleCount());
    std::iota(all.begin(), all.end(), 0);
    BatchBuffer<float> buffer;
    set.Gather(all.data(), set.GetSampleCount(), buffer);
    return {buffer.features.begin(), buffer.features.end()};
}

/**
 * Targets of a whole set.
 * @param set the set
 * @return one a sample
 */
std::vector<float>
Targets(const Dataset& set)
{
    std::vector<float> targets;
    for (uint32_t i = 0; i < set.GetSampleCount(); ++i)
    {
        targets.push_back(set.GetTarget(i));
    }
    return targets;
}

/// A file that is not what it should be, and what the error must say.
struct Malformed
{
    std::string content;            //!< what is in the file
    std::vector<std::string> texts; //!< parts of the message
};

/**
 * Expects an error that names the file, for each of many files.
 * @param files the files
 * @param read reads a file
 */
void
ExpectErrors(const std::vector<Malformed>& files,
             const std::function<void(const std::string&)>& read)
{
    const TemporaryDirectory directory;
    for (const Malformed& file : files)
    {
        const std::string path = directory.Write("malformed", file.content);
        std::vector<std::string> texts = file.texts;
        texts.push_back(path + ": ");
        ExpectError<DataFileError>([&] { read(path); }, texts);
    }
    ExpectError<DataFileError>([&] { read(directory.Path()); }, {"directory"});
    ExpectError<DataFileError>([&] { read(directory.Path("missing")); }, {"missing", "No such"});
    ExpectError<DataFileError>([&] { read("/dev/zero"); }, {"/dev/zero", "regular file"});
}

const std::string PIXELS = std::string("\x00\x80\xff\x01\x02\x03\x04\x05\x06\x07\x08\x09", 12);

} // namespace

// Round trip: two images of 2 x 3 written plain and compressed, in one gzip stream and in two.
TEST(DataReaders, ReadIdx)
{
    const TemporaryDirectory directory;
    const std::string images = Idx({0x803, 2, 2, 3}) + PIXELS;
    const std::string labels = directory.Write("labels", Idx({0x801, 2}) + "\x07\x02");
    const std::string twoStreams = Gzip(images.substr(0, 5)) + Gzip(images.substr(5));
    for (const std::string& content : {images, Gzip(images), twoStreams})
    {
        const Ptr<Dataset> set = ReadIdxImages(directory.Write("images", content), labels, 10);
        EXPECT_EQ(set->GetSampleCount(), 2U);
        EXPECT_EQ(set->GetShape().channels, 1U);
        EXPECT_EQ(set->GetShape().height, 2U);
        EXPECT_EQ(set->GetShape().width, 3U);
        EXPECT_EQ(Targets(*set), (std::vector<float>{7, 2}));
        const std::vector<float> features = Features(*set);
        for (std::size_t i = 0; i < features.size(); ++i)
        {
            EXPECT_FLOAT_EQ(features[i], static_cast<uint8_t>(PIXELS[i]) / 255.0F);
        }
    }
}

// An array larger than the pieces in which a compressed file is read arrives whole: 9 MiB of a
// pattern of period 251.
TEST(DataReaders, ReadLargeIdxInPieces)
{
    const TemporaryDirectory directory;
    constexpr uint32_t SIZE = 9 << 20;
    std::string content = Idx({0x801, SIZE});
    for (uint32_t i = 0; i < SIZE; ++i)
    {
        content += static_cast<char>(i % 251);
    }
    const IdxArray array = ReadIdxArray(directory.Write("large", Gzip(content)), 1);
    ASSERT_EQ(array.bytes.size(), SIZE);
    for (uint32_t i = 0; i < SIZE; ++i)
    {
        ASSERT_EQ(array.bytes[i], i % 251) << i;
    }
}

// Expected: a large file of two gzip streams is read; faults of others are named as those of small
// ones are.
TEST(DataReaders, RefuseDamagedLargeIdx)
{
    // files of this size are inflated in one piece; what is wrong with them is said all the same
    const TemporaryDirectory directory;
    constexpr uint32_t COUNT = 5000000;
    std::string content = Idx({0x801, COUNT});
    for (uint32_t i = 0; i < COUNT; ++i)
    {
        content += static_cast<char>((i * 2654435761U) >> 24);
    }
    const std::string packed = Gzip(content);
    const std::string twoStreams = Gzip(content.substr(0, 99)) + Gzip(content.substr(99));
    const IdxArray array = ReadIdxArray(directory.Write("two", twoStreams), 1);
    EXPECT_EQ(std::string(array.bytes.begin(), array.bytes.end()), content.substr(8));

    std::string flipped = packed;
    flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 0x55);
    const std::vector<std::pair<std::string, std::vector<std::string>>> bad{
        {packed.substr(0, packed.size() - 9), {"more compressed data"}},
        {flipped, {"as compressed"}},
        {packed + "garbage", {"after the gzip stream"}},
        {Gzip(content + "x"), {"the end of the file", "more data"}},
        {Gzip(content.substr(0, COUNT)), {"5000000 bytes", "found 4999992 bytes"}},
    };
    for (const auto& [file, texts] : bad)
    {
        const std::string path = directory.Write("bad", file);
        ExpectError<DataFileError>([&path] { ReadIdxArray(path, 1); }, texts);
    }
}

// Expected: each fault is named with its offset; a header that claims 2^96 bytes allocates nothing.
TEST(DataReaders, RefuseMalformedIdx)
{
    const std::string good = Idx({0x803, 2, 2, 3}) + PIXELS;
    const std::string packed = Gzip(good);
    std::string damaged = packed;
    damaged[packed.size() - 8] = static_cast<char>(damaged[packed.size() - 8] ^ 1); // of the CRC
    std::string broken = packed;
    broken[10] = '\xff'; // block type
    ExpectErrors(
        {
            {"", {"offset 0", "magic number", "0 bytes"}},
            {"\x08", {"offset 0", "1 bytes"}},
            {Idx({0x801, 2}) + "ab",
             {"offset 0", "expected IDX magic number 0x00000803", "0x00000801"}},
            {Idx({0xd03, 2, 2, 3}) + PIXELS, {"offset 0", "0x00000d03"}},
            {Idx({0x803, 2, 2}), {"offset 12", "extent", "0 bytes"}},
            {Idx({0x803, 2, 0, 3}) + PIXELS, {"offset 8", "at least 1", "found 0"}},
            {good.substr(0, good.size() - 1), {"offset 16", "expected 12 bytes", "found 11 bytes"}},
            {Idx({0x803, 2, 2, 4}) + PIXELS, {"offset 16", "expected 16 bytes", "found 12 bytes"}},
            {good + "x", {"offset 28", "the end of the file", "more data"}},
            {Idx({0x803, 0xffffffff, 0xffffffff, 0xffffffff}) + PIXELS, {"offset 4", "4294967295"}},
            {Idx({0x803, 2, 0x80000000, 0x80000000}) + PIXELS, {"offset 8", "2147483648"}},
            {packed.substr(0, packed.size() - 9), {"offset", "more compressed data", "end of"}},
            {packed.substr(0, packed.size() - 1), {"more compressed data"}},
            {packed + "garbage", {"after the gzip stream", "other data"}},
            {packed + '\x1f', {"more compressed data"}},
            {packed + "\x1f garbage", {"gzip stream", "header"}},
            {packed + Gzip("x"), {"offset 28", "more data"}},
            {damaged, {"gzip stream", "check"}},
            {broken, {"gzip stream", "block"}},
            {Gzip(Idx({0x803, 2, 2, 4}) + PIXELS), {"offset 16", "16 bytes", "found 12 bytes"}},
            {Gzip(Idx({0x803, 60000, 28, 28}) + PIXELS), {"offset 4", "1 x 60000"}},
            {Gzip(Idx({0x803, 0xffffffff, 0xffffffff, 0xffffffff})), {"4294967295"}},
        },
        [](const std::string& path) { ReadIdxArray(path, 3); });
}

// Expected: labels and images that do not belong together are refused, with the file at fault.
TEST(DataReaders, RefuseIdxFilesThatDisagree)
{
    const TemporaryDirectory directory;
    const std::string images = directory.Write("images", Idx({0x803, 2, 2, 3}) + PIXELS);
    const std::string three = directory.Write("three", Idx({0x801, 3}) + "abc");
    const std::string high = directory.Write("high", Idx({0x801, 2}) + "\x01\x0a");
    ExpectError<DataFileError>([&] { ReadIdxImages(images, three, 256); },
                               {images, "offset 4", "expected 3 entries", "found 2"});
    ExpectError<DataFileError>([&] { ReadIdxImages(images, high, 10); },
                               {high, "offset 9", "below 10", "found 10"});
}

// Round trip of LIBSVM text: both index bases, both label conventions, comments, blank and empty
// lines, missing last line end, CR LF, compression.
TEST(DataReaders, ReadLibsvm)
{
    const TemporaryDirectory directory;
    const std::string text = "+1 1:0.5 3:-2e1  47236:1 # a comment\n\n"
                             "# another\n-1\t2:+.25 4:0\r\n1   ";
    for (const std::string& content : {text, Gzip(text)})
    {
        const auto sets = ReadLibsvm({directory.Write("one", content)}, TargetKind::CLASS);
        ASSERT_EQ(sets.size(), 1U);
        const Dataset& set = *sets[0];
        EXPECT_TRUE(set.IsSparse());
        EXPECT_EQ(set.GetShape().GetSize(), 47236U);
        EXPECT_EQ(set.GetClassCount(), 2U);
        EXPECT_EQ(Targets(set), (std::vector<float>{1, 0, 1}));
        const uint32_t all[] = {0, 1, 2};
        BatchBuffer<float> buffer;
        set.Gather(all, 3, buffer);
        EXPECT_EQ(buffer.rowStart, (std::vector<uint32_t>{0, 3, 4, 4}));
        EXPECT_EQ(buffer.columns, (std::vector<uint32_t>{0, 2, 47235, 1}));
        const std::vector<float> values(buffer.values.begin(), buffer.values.end());
        EXPECT_EQ(values, (std::vector<float>{0.5, -20, 1, 0.25}));
    }

    // a test file shares features, index base and labels with its training file
    const std::string training = directory.Write("training", "1 1:1\n3 2:1\n");
    const std::string test = directory.Write("test", "2 5:1 0:2\n");
    ExpectError<DataFileError>(
        [&] {
            ReadLibsvm({training, test}, TargetKind::CLASS);
        },
        {test, "line 1", "above 5"});
    directory.Write("test", "2 0:2 5:1\n");
    const auto sets = ReadLibsvm({training, test}, TargetKind::CLASS);
    EXPECT_EQ(sets[0]->GetShape().GetSize(), 6U);
    EXPECT_EQ(sets[1]->GetShape().GetSize(), 6U);
    EXPECT_EQ(sets[0]->GetClassCount(), 3U);
    EXPECT_EQ(Targets(*sets[0]), (std::vector<float>{0, 2}));
    EXPECT_EQ(Targets(*sets[1]), (std::vector<float>{1}));
    // also if it is the training file that counts from 0
    EXPECT_EQ(ReadLibsvm({test, training}, TargetKind::CLASS)[1]->GetShape().GetSize(), 6U);
    const auto turned = ReadLibsvm({test, training}, TargetKind::CLASS);
    const uint32_t second = 1;
    BatchBuffer<float> buffer;
    EXPECT_EQ(turned[1]->Gather(&second, 1, buffer).columns[0], 2U);

    const auto regression = ReadLibsvm({training}, TargetKind::REGRESSION);
    EXPECT_EQ(regression[0]->GetClassCount(), 0U);
    EXPECT_EQ(Targets(*regression[0]), (std::vector<float>{1, 3}));
}

// Expected: each fault is named with its line. A feature index that would ask for models of
// gigabytes is refused, a label likewise.
TEST(DataReaders, RefuseMalformedLibsvm)
{
    ExpectErrors(
        {
            {"", {"found none"}},
            {"\n# only a comment\n", {"found none"}},
            {"1\n0\n", {"only labels"}},
            {"1 1:1\n0 2:1 2:1\n", {"line 2", "index above 2", "found 2"}},
            {"1 3:1 1:1\n", {"line 1", "index above 3", "found 1"}},
            {"1 1:nan\n", {"line 1", "finite number after index 1", "'nan'"}},
            {"1 1:-inf\n", {"line 1", "'-inf'"}},
            {"1 1:1e39\n", {"line 1", "'1e39'"}},
            {"1 1:1e999\n", {"line 1", "'1e999'"}},
            {"1 1:\n", {"line 1", "''"}},
            {"1 1:2x\n", {"line 1", "'2x'"}},
            {"1 1:+-2\n", {"line 1", "'+-2'"}},
            {"1 1\n", {"line 1", "index:value", "'1'"}},
            {"1 :1\n", {"line 1", "index:value", "':1'"}},
            {"1 -1:1\n", {"line 1", "index:value", "'-1:1'"}},
            {"1 268435456:1\n", {"line 1", "0 to 268435455"}},
            {"1 99999999999999999999:1\n", {"line 1", "'99999999999999999999:1'"}},
            {"one 1:1\n", {"line 1", "class label", "'one'"}},
            {"nan 1:1\n", {"line 1", "class label", "'nan'"}},
            {"0.5 1:1\n", {"line 1", "class label", "'0.5'"}},
            {"-2 1:1\n", {"line 1", "class label", "'-2'"}},
            {"65536 1:1\n", {"line 1", "-1 to 65535"}},
            {"1,2 1:1\n", {"line 1", "class label"}},
            {"-1 1:1\n1 1:1\n\n2 1:1\n", {"line 4", "-1 or +1", "line 1 has -1", "'2'"}},
            {"0 1:1\n-1 1:1\n", {"line 2", "line 1", "found -1"}},
            {"1 1:1\n1 1:1\n", {"at least two classes"}},
            {"-1 1:1\n", {"at least two classes"}},
            {std::string("1 1:1\n\0\x01\xff 1:1\n", 15), {"line 2", "class label"}},
            {std::string(100000, '1'), {"line 1", "'11111111111111111111111111111111...'"}},
            {Gzip(std::string(65 << 20, 'x')), {"line 1", "at most 64 MiB"}},
            {Gzip("1 1:1\n0 1:1\n") + "garbage", {"after the gzip stream"}},
        },
        [](const std::string& path) { ReadLibsvm({path}, TargetKind::CLASS); });
    const TemporaryDirectory directory;
    ExpectError<DataFileError>(
        [&] { ReadLibsvm({directory.Write("file", "x 1:1\n")}, TargetKind::REGRESSION); },
        {"line 1", "finite number to regress on", "'x'"});
}

// Round trip of tables: label last and first, header, blanks, CR LF, byte order mark, regression.
TEST(DataReaders, ReadCsv)
{
    const TemporaryDirectory directory;
    const std::string last = directory.Write("last",
                                             "\xEF\xBB\xBF width,\"height\",class\r\n"
                                             "1, 2.5 ,0\r\n\n-3,+4e-1,1\r\n");
    const auto sets = ReadCsv({last}, CsvLayout{});
    EXPECT_EQ(sets[0]->GetShape().width, 2U);
    EXPECT_EQ(sets[0]->GetClassCount(), 2U);
    EXPECT_FALSE(sets[0]->IsSparse());
    EXPECT_EQ(Features(*sets[0]), (std::vector<float>{1, 2.5, -3, 0.4F}));
    EXPECT_EQ(Targets(*sets[0]), (std::vector<float>{0, 1}));

    const std::string first = directory.Write("first", Gzip("7.5,1,2\n-1,3,4"));
    const auto values = ReadCsv({first, first}, CsvLayout{TargetKind::REGRESSION, true});
    ASSERT_EQ(values.size(), 2U);
    EXPECT_EQ(values[1]->GetClassCount(), 0U);
    EXPECT_EQ(Features(*values[1]), (std::vector<float>{1, 2, 3, 4}));
    EXPECT_EQ(Targets(*values[1]), (std::vector<float>{7.5, -1}));
}

// Expected: each fault is named with its line.
TEST(DataReaders, RefuseMalformedCsv)
{
    ExpectErrors(
        {
            {"", {"found none"}},
            {"a,b,c\n", {"found none"}},
            {"1\n", {"line 1", "two comma-separated columns", "'1'"}},
            {"1;2;0\n", {"line 1", "two comma-separated columns"}},
            {"1,2,0\n1,1\n", {"line 2", "expected 3 columns", "found 2"}},
            {"1,2,0\n1,1,1,1\n", {"line 2", "expected 3 columns", "found 4"}},
            {"a,b,c\n1,nan,0\n", {"line 2", "column 2", "'nan'"}},
            {"1,inf,0\n", {"line 1", "column 2", "'inf'"}},
            {"1,,0\n", {"line 1", "column 2", "''"}},
            {"1,2,0\na,b,c\n", {"line 2", "column 1", "'a'"}},
            {"1,0x10,0\n", {"line 1", "'0x10'"}},
            {"1,2,\n", {"line 1", "class label", "''"}},
            {"1,2,1.5\n", {"line 1", "class label", "'1.5'"}},
            {"1,2,0\n1,2,0\n", {"at least two classes"}},
            {Gzip("1,2,0\n1,2,1\n").substr(0, 24), {"more compressed data"}},
        },
        [](const std::string& path) { ReadCsv({path}, CsvLayout{}); });
    const TemporaryDirectory directory;
    const std::string training = directory.Write("training", "1,2,0\n1,2,1\n");
    const std::string test = directory.Write("test", "1,2,3,0\n");
    ExpectError<DataFileError>(
        [&] {
            ReadCsv({training, test}, CsvLayout{});
        },
        {test, "line 1", "expected 3 columns", "found 4"});
}

// Round trip: two files, planes in the order red, green, blue.
TEST(DataReaders, ReadCifar)
{
    const TemporaryDirectory directory;
    const auto record = [](char label, char red) {
        return label + std::string(1024, red) + std::string(1024, '\x64') +
               std::string(1024, '\xff');
    };
    const std::string one = directory.Write("one", record(9, 1) + record(0, 2));
    const std::string two = directory.Write("two", record(5, 3));
    const Ptr<Dataset> set = ReadCifar10({one, two});
    EXPECT_EQ(set->GetShape().channels, 3U);
    EXPECT_EQ(set->GetShape().height, 32U);
    EXPECT_EQ(set->GetShape().width, 32U);
    EXPECT_EQ(set->GetClassCount(), 10U);
    EXPECT_EQ(Targets(*set), (std::vector<float>{9, 0, 5}));
    const std::vector<float> features = Features(*set);
    for (int sample = 0; sample < 3; ++sample)
    {
        EXPECT_FLOAT_EQ(features[sample * 3072 + 1023], (sample + 1) / 255.0F);
        EXPECT_FLOAT_EQ(features[sample * 3072 + 1024], 100 / 255.0F);
        EXPECT_FLOAT_EQ(features[sample * 3072 + 3071], 1);
    }
}

// Expected: each fault is named with the offset of its record.
TEST(DataReaders, RefuseMalformedCifar)
{
    const std::string record(3073, '\x01');
    ExpectErrors(
        {
            {"", {"offset 0", "3073 bytes", "found 0 bytes"}},
            {record.substr(1), {"offset 0", "3073 bytes", "found 3072 bytes"}},
            {record + "x", {"offset 3073", "3073 bytes", "found 1 bytes"}},
            {record + '\x0a' + record.substr(1), {"offset 3073", "label 0 to 9", "found 10"}},
            {Gzip(record).substr(0, 20), {"more compressed data"}},
        },
        [](const std::string& path) { ReadCifar10({path}); });
}

// Stimulus: 5,000 files made from valid ones by cutting them and overwriting bytes at random.
// Expected: a data set or a DataFileError of one line, and nothing else; run under the address and
// undefined-behavior sanitizers, this also finds reads out of bounds.
TEST(DataReaders, SurviveRandomDamage)
{
    const std::string idx = Idx({0x803, 2, 2, 3}) + PIXELS;
    const std::string libsvm = "-1 1:0.5 3:2\n+1 2:1e3 # c\n";
    const std::string csv = "a,b\n1,0\n2.5,1\n";
    const std::vector<std::string> seeds{idx, Gzip(idx), libsvm, Gzip(libsvm), csv, Gzip(csv)};
    const TemporaryDirectory directory;
    uint64_t state = 1;
    const auto draw = [&state](uint64_t bound) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return (state >> 33) % bound;
    };
    int refused = 0;
    constexpr int TRIALS = 5000;
    for (int trial = 0; trial < TRIALS; ++trial)
    {
        const std::size_t kind = draw(seeds.size());
        std::string content = seeds[kind].substr(0, seeds[kind].size() - draw(2) * draw(10));
        for (uint64_t i = draw(4); i > 0; --i)
        {
            content[draw(content.size())] = static_cast<char>(draw(256));
        }
        const std::string path = directory.Write("damaged", content);
        try
        {
            if (kind < 2)
            {
                ReadIdxArray(path, 3);
            }
            else if (kind < 4)
            {
                ReadLibsvm({path}, TargetKind::CLASS);
            }
            else
            {
                ReadCsv({path}, CsvLayout{});
            }
        }
        catch (const DataFileError& error)
        {
            ++refused;
            ASSERT_EQ(std::string(error.what()).find('\n'), std::string::npos);
        }
    }
    EXPECT_GT(refused, TRIALS / 2);
    EXPECT_LT(refused, TRIALS);
}
