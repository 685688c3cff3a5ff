/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "csv-table-reader.h"

#include "data-file.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Removes blanks from both ends.
 * @param text any text
 * @return the part between the blanks
 */
std::string_view
Trim(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
    {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/**
 * Cuts a line at its commas.
 * @param line the line
 * @param fields set to the fields, without blanks around them
 */
void
Split(std::string_view line, std::vector<std::string_view>& fields)
{
    fields.clear();
    while (true)
    {
        const std::size_t comma = line.find(',');
        fields.push_back(Trim(line.substr(0, comma)));
        if (comma == std::string_view::npos)
        {
            return;
        }
        line.remove_prefix(comma + 1);
    }
}

/**
 * Tells names of columns from numbers.
 * @param fields the first line
 * @return true if none of them starts as a number does
 */
bool
IsHeader(const std::vector<std::string_view>& fields)
{
    return std::all_of(fields.begin(), fields.end(), [](std::string_view field) {
        return field.empty() || field.find_first_of("0123456789+-.") != 0;
    });
}

} // namespace

std::vector<Ptr<Dataset>>
ReadCsv(const std::vector<std::string>& paths, const CsvLayout& layout)
{
    ClassLabels classLabels(layout.kind);
    std::vector<std::vector<float>> features(paths.size());
    std::vector<std::vector<float>> labels(paths.size());
    std::vector<std::string_view> fields;
    std::size_t columns = 0; // of the first line of the first file
    for (std::size_t i = 0; i < paths.size(); ++i)
    {
        TextFile file(paths[i]);
        std::string_view line;
        bool first = true;
        while (file.NextLine(line))
        {
            if (Trim(line).empty())
            {
                continue;
            }
            Split(line, fields);
            columns = columns == 0 ? fields.size() : columns;
            if (columns < 2)
            {
                file.Fail("at least two comma-separated columns", TextFile::Quote(line));
            }
            if (fields.size() != columns)
            {
                file.Fail(std::to_string(columns) + " columns", std::to_string(fields.size()));
            }
            if (std::exchange(first, false) && IsHeader(fields))
            {
                continue;
            }
            const std::size_t labelColumn = layout.labelFirst ? 0 : columns - 1;
            for (std::size_t column = 0; column < columns; ++column)
            {
                float number = 0;
                if (column == labelColumn)
                {
                    labels[i].push_back(classLabels.Parse(file, fields[column]));
                }
                else if (TextFile::ParseNumber(fields[column], number))
                {
                    features[i].push_back(number);
                }
                else
                {
                    file.Fail("a finite number in column " + std::to_string(column + 1),
                              TextFile::Quote(fields[column]));
                }
            }
        }
        if (labels[i].empty())
        {
            throw DataFileError(paths[i] + ": expected lines of numbers, found none");
        }
    }

    std::vector<Ptr<Dataset>> sets;
    const SampleShape shape{1, 1, static_cast<uint32_t>(columns - 1)};
    for (std::size_t i = 0; i < paths.size(); ++i)
    {
        const uint32_t classCount = classLabels.Encode(labels[i], paths[i]);
        sets.push_back(
            Create<Dataset>(shape, std::move(features[i]), std::move(labels[i]), classCount));
    }
    return sets;
}

} // namespace learning
} // namespace ns3
