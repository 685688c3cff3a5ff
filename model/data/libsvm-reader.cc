/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "libsvm-reader.h"

#include "data-file.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

constexpr uint32_t MAX_INDEX = (1U << 28) - 1; //!< a bound on models: 1 GiB of float weights

/// What a file holds, before it is known where indices start.
struct LibsvmFile
{
    Dataset::SparseRows rows;  //!< the samples, columns as in the file
    std::vector<float> labels; //!< labels as in the file
    uint32_t largestIndex{0};  //!< largest index, also of values that are zero
    bool hasIndexZero{false};  //!< whether index 0 occurs
};

/**
 * Takes the first word off a line.
 * @param line the line, shortened
 * @return the word, empty at the end of the line
 */
std::string_view
TakeWord(std::string_view& line)
{
    constexpr std::string_view BLANKS = " \t";
    line.remove_prefix(std::min(line.find_first_not_of(BLANKS), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(BLANKS));
    line.remove_prefix(word.size());
    return word;
}

/**
 * Reads the pairs of a sample.
 * @param file the file, for error messages
 * @param line the line after its label
 * @param content what is read is added here
 */
void
ReadPairs(const TextFile& file, std::string_view line, LibsvmFile& content)
{
    int64_t previous = -1;
    for (std::string_view word = TakeWord(line); !word.empty(); word = TakeWord(line))
    {
        const std::size_t colon = word.find(':');
        uint32_t index = 0;
        const char* const end = word.data() + std::min(colon, word.size());
        const auto parsed = std::from_chars(word.data(), end, index);
        if (colon == std::string_view::npos || parsed.ptr != end || parsed.ec != std::errc() ||
            index > MAX_INDEX)
        {
            file.Fail("index:value with an index from 0 to " + std::to_string(MAX_INDEX),
                      TextFile::Quote(word));
        }
        float value = 0;
        if (!TextFile::ParseNumber(word.substr(colon + 1), value))
        {
            file.Fail("a finite number after index " + std::to_string(index),
                      TextFile::Quote(word.substr(colon + 1)));
        }
        if (index <= previous)
        {
            file.Fail("an index above " + std::to_string(previous), std::to_string(index));
        }
        previous = index;
        content.largestIndex = std::max(content.largestIndex, index);
        content.hasIndexZero = content.hasIndexZero || index == 0;
        if (value != 0)
        {
            content.rows.columns.push_back(index);
            content.rows.values.push_back(value);
        }
    }
}

/**
 * Reads one file.
 * @param path path of the file
 * @param classLabels what labels mean
 * @return what the file holds
 */
LibsvmFile
ReadFile(const std::string& path, ClassLabels& classLabels)
{
    TextFile file(path);
    LibsvmFile content;
    content.rows.rowStart.push_back(0);
    std::string_view line;
    while (file.NextLine(line))
    {
        line = line.substr(0, line.find('#'));
        const std::string_view label = TakeWord(line);
        if (label.empty())
        {
            continue;
        }
        content.labels.push_back(classLabels.Parse(file, label));
        ReadPairs(file, line, content);
        content.rows.rowStart.push_back(content.rows.columns.size());
    }
    if (content.labels.empty())
    {
        throw DataFileError(path + ": expected samples in LIBSVM text, found none");
    }
    return content;
}

} // namespace

std::vector<Ptr<Dataset>>
ReadLibsvm(const std::vector<std::string>& paths, TargetKind kind)
{
    ClassLabels classLabels(kind);
    std::vector<LibsvmFile> files;
    uint32_t largestIndex = 0;
    bool fromZero = false;
    for (const std::string& path : paths)
    {
        files.push_back(ReadFile(path, classLabels));
        largestIndex = std::max(largestIndex, files.back().largestIndex);
        fromZero = fromZero || files.back().hasIndexZero;
    }
    const uint32_t featureCount = fromZero ? largestIndex + 1 : largestIndex;

    std::vector<Ptr<Dataset>> sets;
    for (std::size_t i = 0; i < files.size(); ++i)
    {
        LibsvmFile& file = files[i];
        if (featureCount == 0)
        {
            throw DataFileError(paths[i] + ": expected index:value pairs, found only labels");
        }
        if (!fromZero)
        {
            for (uint32_t& column : file.rows.columns)
            {
                --column;
            }
        }
        const uint32_t classCount = classLabels.Encode(file.labels, paths[i]);
        sets.push_back(Create<Dataset>(featureCount,
                                       std::move(file.rows),
                                       std::move(file.labels),
                                       classCount));
    }
    return sets;
}

} // namespace learning
} // namespace ns3
