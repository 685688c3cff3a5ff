/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef WHOLE_FILE_H
#define WHOLE_FILE_H

#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * Tells whether a path can name a file to be written: not that of a directory, device or pipe,
 * which a rename would replace.
 * @param file the path
 * @return whether there is a regular file, or nothing
 */
bool CanBeFile(const std::string& file);

/**
 * @ingroup distributed-learning-sweep
 *
 * Writes a file whole or not at all: under another name first, which never stays.
 * @param file its path
 * @param content its content
 * @throws std::runtime_error saying why it cannot be written; what was there is then as before
 */
void WriteWholeFile(const std::string& file, const std::string& content);

} // namespace learning
} // namespace ns3

#endif /* WHOLE_FILE_H */
