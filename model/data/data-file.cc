/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-file.h"

#include "gzip-memory.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <new>
#include <sys/mman.h>
#include <system_error>
#include <zlib.h>

namespace ns3
{
namespace learning
{

namespace
{

constexpr std::size_t CHUNK = 256 * 1024;            //!< bytes read from disk at once
constexpr std::size_t MAX_LINE = 64 * 1024 * 1024;   //!< longest line of a text file
constexpr uint64_t MAX_DEFLATE_RATIO = 1032;         //!< 258 bytes from 2 bits
constexpr std::size_t FIRST_PIECE = 4 * 1024 * 1024; //!< first piece of an inflated array

/**
 * Makes a large array. Where the system has large pages for who asks, it is asked: the first touch
 * of each small page takes as long as inflating it.
 * @param size bytes
 * @return zeros
 */
std::vector<uint8_t>
MakeLargeArray(uint64_t size)
{
    std::vector<uint8_t> bytes;
    bytes.reserve(size);
#ifdef MADV_HUGEPAGE
    constexpr std::size_t PAGE = 4096;
    void* begin = bytes.data();
    std::size_t space = bytes.capacity();
    if (std::align(PAGE, PAGE, begin, space))
    {
        madvise(begin, space, MADV_HUGEPAGE); // no matter if it is refused
    }
#endif
    bytes.resize(size);
    return bytes;
}

} // namespace

/// What zlib keeps, and compressed bytes that were read ahead.
struct DataFile::Inflater
{
    Inflater()
        : input(CHUNK)
    {
        if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) // 16: gzip and nothing else
        {
            throw std::bad_alloc();
        }
    }

    ~Inflater()
    {
        inflateEnd(&stream);
    }

    z_stream stream{};          //!< state
    std::vector<uint8_t> input; //!< compressed bytes
    bool ended{false};          //!< whether a stream is complete and no other has begun
};

DataFile::DataFile(const std::string& path)
    : m_path(path),
      m_file(nullptr, &std::fclose)
{
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (std::filesystem::is_directory(status))
    {
        throw DataFileError(path + ": expected a file, found a directory");
    }
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    {
        throw DataFileError(path + ": expected a regular file, found a device, pipe or socket");
    }
    m_file.reset(std::fopen(path.c_str(), "rb"));
    if (!m_file)
    {
        throw DataFileError(path + ": cannot be opened: " + std::strerror(errno));
    }
    std::setvbuf(m_file.get(), nullptr, _IONBF, 0); // read in large pieces anyway
    m_size = std::filesystem::file_size(path, error);
    if (error)
    {
        throw DataFileError(path + ": size unknown: " + error.message());
    }
    uint8_t magic[2];
    const bool compressed =
        ReadRaw(magic, 2) == 2 && magic[0] == 0x1f && magic[1] == 0x8b && m_size >= 18;
    std::rewind(m_file.get());
    m_rawOffset = 0;
    if (compressed)
    {
        m_inflater = std::make_unique<Inflater>();
    }
}

DataFile::~DataFile() = default;

const std::string&
DataFile::GetPath() const
{
    return m_path;
}

uint64_t
DataFile::GetOffset() const
{
    return m_offset;
}

uint64_t
DataFile::GetSizeLimit() const
{
    return m_inflater ? m_size * MAX_DEFLATE_RATIO : m_size;
}

std::size_t
DataFile::Read(void* bytes, std::size_t count)
{
    const std::size_t got = m_inflater ? ReadCompressed(bytes, count) : ReadRaw(bytes, count);
    m_offset += got;
    return got;
}

std::vector<uint8_t>
DataFile::ReadExactly(uint64_t count, const std::string& what)
{
    const uint64_t start = m_offset;
    const std::string expected = std::to_string(count) + " bytes of " + what;
    const uint64_t possible = GetSizeLimit() - std::min(GetSizeLimit(), start);
    if (count > possible)
    {
        const std::string bound = m_inflater ? "a gzip file too small for more than " : "";
        Fail(start, expected, bound + std::to_string(possible) + " bytes");
    }
    std::vector<uint8_t> bytes;
    while (bytes.size() < count)
    {
        const uint64_t have = bytes.size();
        const uint64_t piece = std::max<uint64_t>(have, FIRST_PIECE); // at most doubles
        bytes.resize(m_inflater ? std::min(count, have + piece) : count);
        const std::size_t got = Read(bytes.data() + have, bytes.size() - have);
        if (got < bytes.size() - have)
        {
            Fail(start, expected, std::to_string(have + got) + " bytes");
        }
    }
    return bytes;
}

std::vector<uint8_t>
DataFile::ReadRest(uint64_t count, const std::string& what)
{
    if (m_inflater && count >= FIRST_PIECE)
    {
        std::vector<uint8_t> bytes = InflateWhole(m_offset + count);
        if (!bytes.empty())
        {
            bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(m_offset));
            m_offset += count;
            return bytes;
        }
    }
    std::vector<uint8_t> bytes = ReadExactly(count, what);
    ExpectEnd();
    return bytes;
}

std::vector<uint8_t>
DataFile::InflateWhole(uint64_t size)
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(m_path.c_str(), "rb"),
                                                               &std::fclose);
    std::vector<uint8_t> compressed = MakeLargeArray(m_size);
    if (!file || std::fread(compressed.data(), 1, m_size, file.get()) != m_size)
    {
        return {};
    }
    // it ends with the number of bytes that it holds: no memory is taken for others
    uint32_t end = 0;
    for (std::size_t i = 1; i <= sizeof(end); ++i)
    {
        end = end << 8 | compressed[m_size - i];
    }
    if (end != static_cast<uint32_t>(size))
    {
        return {};
    }
    std::vector<uint8_t> bytes = MakeLargeArray(size);
    if (!InflateInMemory(compressed, bytes))
    {
        bytes.clear();
    }
    return bytes; // moved, not copied
}

void
DataFile::ExpectEnd()
{
    uint8_t byte;
    const uint64_t offset = m_offset;
    if (Read(&byte, 1) > 0)
    {
        Fail(offset, "the end of the file", "more data");
    }
}

void
DataFile::Fail(uint64_t offset, const std::string& expected, const std::string& found) const
{
    throw DataFileError(m_path + ": offset " + std::to_string(offset) + ": expected " + expected +
                        ", found " + found);
}

std::size_t
DataFile::ReadRaw(void* bytes, std::size_t count)
{
    const std::size_t got = std::fread(bytes, 1, count, m_file.get());
    if (got < count && std::ferror(m_file.get()))
    {
        throw DataFileError(m_path + ": cannot be read: " + std::strerror(errno));
    }
    m_rawOffset += got;
    return got;
}

std::size_t
DataFile::ReadCompressed(void* bytes, std::size_t count)
{
    z_stream& stream = m_inflater->stream;
    std::size_t got = 0;
    while (got < count)
    {
        if (stream.avail_in == 0)
        {
            stream.next_in = m_inflater->input.data();
            stream.avail_in = static_cast<uInt>(ReadRaw(m_inflater->input.data(), CHUNK));
        }
        if (stream.avail_in == 0)
        {
            if (m_inflater->ended)
            {
                break;
            }
            FailCompressed("more compressed data", "the end of the file");
        }
        if (m_inflater->ended)
        {
            if (*stream.next_in != 0x1f)
            {
                FailCompressed("the end of the file after the gzip stream", "other data");
            }
            inflateReset(&stream);
            m_inflater->ended = false;
        }
        const std::size_t room = std::min<std::size_t>(count - got, 1U << 30);
        stream.next_out = static_cast<uint8_t*>(bytes) + got;
        stream.avail_out = static_cast<uInt>(room);
        const int result = inflate(&stream, Z_NO_FLUSH);
        if (result == Z_MEM_ERROR)
        {
            throw std::bad_alloc();
        }
        if (result != Z_OK && result != Z_STREAM_END)
        {
            FailCompressed("a gzip stream", stream.msg ? stream.msg : "a damaged one");
        }
        got += room - stream.avail_out;
        m_inflater->ended = result == Z_STREAM_END;
    }
    return got;
}

void
DataFile::FailCompressed(const std::string& expected, const std::string& found) const
{
    Fail(m_rawOffset - m_inflater->stream.avail_in, expected, found + " (offset as compressed)");
}

TextFile::TextFile(const std::string& path)
    : m_file(path),
      m_buffer(CHUNK)
{
}

bool
TextFile::NextLine(std::string_view& line)
{
    std::size_t searched = 0; // bytes after m_begin that hold no line end
    while (true)
    {
        const char* begin = m_buffer.data() + m_begin;
        const std::size_t available = m_end - m_begin;
        const void* newline = std::memchr(begin + searched, '\n', available - searched);
        std::size_t length = available;
        if (newline)
        {
            length = static_cast<const char*>(newline) - begin;
            m_begin += length + 1;
        }
        else
        {
            searched = available;
            if (available > MAX_LINE)
            {
                ++m_line;
                Fail("a line of at most 64 MiB", "a longer one");
            }
            std::memmove(m_buffer.data(), begin, available);
            m_begin = 0;
            m_end = available;
            if (m_end == m_buffer.size())
            {
                m_buffer.resize(2 * m_buffer.size());
            }
            const std::size_t got = m_file.Read(m_buffer.data() + m_end, m_buffer.size() - m_end);
            m_end += got;
            if (got > 0)
            {
                continue;
            }
            if (available == 0)
            {
                return false;
            }
            begin = m_buffer.data(); // a last line without an end
            m_begin = m_end;
        }
        ++m_line;
        line = std::string_view(begin, length);
        if (!line.empty() && line.back() == '\r')
        {
            line.remove_suffix(1);
        }
        if (m_line == 1 && line.substr(0, 3) == "\xEF\xBB\xBF") // byte order mark
        {
            line.remove_prefix(3);
        }
        return true;
    }
}

uint64_t
TextFile::GetLineNumber() const
{
    return m_line;
}

const std::string&
TextFile::GetPath() const
{
    return m_file.GetPath();
}

void
TextFile::Fail(const std::string& expected, const std::string& found) const
{
    Fail(m_line, expected, found);
}

void
TextFile::Fail(uint64_t line, const std::string& expected, const std::string& found) const
{
    throw DataFileError(GetPath() + ": line " + std::to_string(line) + ": expected " + expected +
                        ", found " + found);
}

bool
TextFile::ParseNumber(std::string_view text, float& number)
{
    if (!text.empty() && text.front() == '+')
    {
        text.remove_prefix(1);
        if (!text.empty() && text.front() == '-')
        {
            return false;
        }
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() ||
        !(std::abs(value) <= std::numeric_limits<float>::max()))
    {
        return false;
    }
    number = static_cast<float>(value);
    return true;
}

std::string
TextFile::Quote(std::string_view text)
{
    constexpr std::size_t LONGEST = 32;
    std::string quoted = "'";
    for (const char c : text.substr(0, LONGEST))
    {
        quoted += c >= ' ' && c <= '~' ? c : '?';
    }
    return quoted + (text.size() > LONGEST ? "...'" : "'");
}

} // namespace learning
} // namespace ns3
