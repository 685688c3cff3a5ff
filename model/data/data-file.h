/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DATA_FILE_H
#define DATA_FILE_H

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * A data file that cannot be read; what() is one sentence, "FILE: offset N: expected X, found Y".
 */
class DataFileError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/**
 * @ingroup distributed-learning-data
 *
 * A file read from its beginning to its end, plain or compressed by gzip, which is told by its
 * first two bytes.
 *
 * Nothing is believed before it is checked: no more memory is allocated than twice what the file
 * really holds. Several gzip streams in a row are read as one; anything else after a stream is an
 * error.
 */
class DataFile
{
  public:
    /**
     * Opens a file.
     * @param path its path
     * @throws DataFileError if it is not a file that can be read
     */
    explicit DataFile(const std::string& path);

    ~DataFile();
    DataFile(const DataFile&) = delete;
    DataFile& operator=(const DataFile&) = delete;

    /**
     * Path of the file.
     * @return what the constructor was given
     */
    const std::string& GetPath() const;

    /**
     * Position of the next byte, after decompression.
     * @return bytes read so far
     */
    uint64_t GetOffset() const;

    /**
     * Most bytes that the file can hold: its size, or 1,032 times its size when compressed, the
     * largest ratio that the deflate format allows.
     * @return bytes
     */
    uint64_t GetSizeLimit() const;

    /**
     * Reads as many bytes as there are.
     * @param bytes where to put them
     * @param count how many are wanted
     * @return how many were read, fewer than wanted only at the end of the file
     */
    std::size_t Read(void* bytes, std::size_t count);

    /**
     * Reads bytes that must be there.
     * @param count how many
     * @param what what they are, for the error message
     * @return the bytes
     * @throws DataFileError if the file ends before, and before memory is allocated for them
     */
    std::vector<uint8_t> ReadExactly(uint64_t count, const std::string& what);

    /**
     * Reads the rest of the file, in one piece where that is possible and faster.
     * @param count bytes that must be there, and no more
     * @param what what they are, for the error message
     * @return the bytes
     * @throws DataFileError if the file ends before or goes on
     */
    std::vector<uint8_t> ReadRest(uint64_t count, const std::string& what);

    /**
     * Checks that nothing follows.
     * @throws DataFileError if the file goes on
     */
    void ExpectEnd();

    /**
     * Ends the reading of a file that is not what it should be.
     * @param offset position of the fault in bytes, after decompression
     * @param expected what should be there
     * @param found what is there
     * @throws DataFileError always
     */
    [[noreturn]] void Fail(uint64_t offset,
                           const std::string& expected,
                           const std::string& found) const;

  private:
    struct Inflater;

    /**
     * Inflates the whole file in memory.
     * @param size bytes that it must hold
     * @return the bytes, or none if the file must be read in another way; the position is as before
     */
    std::vector<uint8_t> InflateWhole(uint64_t size);

    /**
     * Reads from the disk.
     * @param bytes where to put the bytes
     * @param count how many are wanted
     * @return how many were read
     */
    std::size_t ReadRaw(void* bytes, std::size_t count);

    /**
     * Reads and decompresses.
     * @param bytes where to put the bytes
     * @param count how many are wanted
     * @return how many were read
     */
    std::size_t ReadCompressed(void* bytes, std::size_t count);

    /**
     * Fails at a position of the compressed file.
     * @param expected what should be there
     * @param found what is there
     * @throws DataFileError always
     */
    [[noreturn]] void FailCompressed(const std::string& expected, const std::string& found) const;

    std::string m_path;                                     //!< path as given
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> m_file; //!< the open file
    uint64_t m_size{0};                                     //!< bytes on disk
    uint64_t m_rawOffset{0};                                //!< bytes read from disk
    uint64_t m_offset{0};                                   //!< bytes handed out
    std::unique_ptr<Inflater> m_inflater;                   //!< state of zlib, null when plain
};

/**
 * @ingroup distributed-learning-data
 *
 * A text file read line by line, plain or compressed by gzip. Lines end with LF or CR LF and are of
 * at most 64 MiB.
 */
class TextFile
{
  public:
    /**
     * Opens a file.
     * @param path its path
     * @throws DataFileError if it is not a file that can be read
     */
    explicit TextFile(const std::string& path);

    /**
     * Moves to the next line.
     * @param line set to the line without its end; valid until the next call
     * @return false at the end of the file
     */
    bool NextLine(std::string_view& line);

    /**
     * Number of the line that NextLine() gave last.
     * @return the number, from 1; 0 before the first
     */
    uint64_t GetLineNumber() const;

    /**
     * Path of the file.
     * @return what the constructor was given
     */
    const std::string& GetPath() const;

    /**
     * Ends the reading of a file that is not what it should be, at the present line.
     * @param expected what should be there
     * @param found what is there
     * @throws DataFileError always
     */
    [[noreturn]] void Fail(const std::string& expected, const std::string& found) const;

    /**
     * Ends the reading of a file that is not what it should be.
     * @param line number of the faulty line, from 1
     * @param expected what should be there
     * @param found what is there
     * @throws DataFileError always
     */
    [[noreturn]] void Fail(uint64_t line,
                           const std::string& expected,
                           const std::string& found) const;

    /**
     * Reads a number as float holds it. Signs are allowed; words such as nan and inf are not.
     * @param text the number and nothing else
     * @param number set if the text is a number
     * @return false if the text is not a finite number
     */
    static bool ParseNumber(std::string_view text, float& number);

    /**
     * Text as it can be shown in a message: short, in quotes, unprintable characters replaced.
     * @param text any text
     * @return at most about 40 characters
     */
    static std::string Quote(std::string_view text);

  private:
    DataFile m_file;            //!< the bytes
    std::vector<char> m_buffer; //!< bytes read ahead
    std::size_t m_begin{0};     //!< first byte in the buffer that is not yet handed out
    std::size_t m_end{0};       //!< end of the bytes in the buffer
    uint64_t m_line{0};         //!< number of the present line
};

} // namespace learning
} // namespace ns3

#endif /* DATA_FILE_H */
