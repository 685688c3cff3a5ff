/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DATA_TEST_SUPPORT_H
#define DATA_TEST_SUPPORT_H

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>
#include <zlib.h>

namespace ns3
{
namespace learning
{

/// A directory for the files of one test, removed with all that it holds.
class TemporaryDirectory
{
  public:
    TemporaryDirectory()
    {
        std::string name = (std::filesystem::temp_directory_path() / "data-XXXXXX").string();
        if (!mkdtemp(name.data()))
        {
            throw std::runtime_error("no temporary directory");
        }
        m_path = name;
    }

    ~TemporaryDirectory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }

    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    /**
     * Path of the directory or of a file in it.
     * @param name name of the file
     * @return the path
     */
    std::string Path(const std::string& name = "") const
    {
        return (m_path / name).string();
    }

    /**
     * Writes a file.
     * @param name its name
     * @param content its content
     * @return its path
     */
    std::string Write(const std::string& name, const std::string& content) const
    {
        std::filesystem::remove(Path(name)); // some file systems flush a file that is overwritten
        std::ofstream(Path(name), std::ios::binary) << content;
        return Path(name);
    }

  private:
    std::filesystem::path m_path; //!< path of the directory
};

/**
 * Compresses.
 * @param content any bytes
 * @return a gzip stream
 */
inline std::string
Gzip(const std::string& content)
{
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    std::string compressed(deflateBound(&stream, content.size()) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
    stream.avail_out = static_cast<uInt>(compressed.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    compressed.resize(stream.total_out);
    deflateEnd(&stream);
    return compressed;
}

/**
 * Expects an exception whose message is one line that holds all the given texts.
 * @tparam Error type of the exception
 * @tparam Action a function without arguments
 * @param action what throws
 * @param texts what the message must hold
 */
template <typename Error, typename Action>
void
ExpectError(Action action, const std::vector<std::string>& texts)
{
    try
    {
        action();
        ADD_FAILURE() << "no error, expected one about " << testing::PrintToString(texts);
    }
    catch (const Error& error)
    {
        const std::string message = error.what();
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
        for (const std::string& text : texts)
        {
            EXPECT_NE(message.find(text), std::string::npos) << message << "\nlacks: " << text;
        }
    }
    catch (const std::exception& error)
    {
        ADD_FAILURE() << "an error of another type: " << error.what();
    }
}

} // namespace learning
} // namespace ns3

#endif /* DATA_TEST_SUPPORT_H */
