/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "gzip-memory.h"

#include <libdeflate.h>
#include <memory>

namespace ns3
{
namespace learning
{

bool
InflateInMemory(const std::vector<uint8_t>& file, std::vector<uint8_t>& bytes)
{
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor(
        libdeflate_alloc_decompressor(),
        &libdeflate_free_decompressor);
    std::size_t read = 0;
    std::size_t written = 0;
    return decompressor &&
           libdeflate_gzip_decompress_ex(decompressor.get(),
                                         file.data(),
                                         file.size(),
                                         bytes.data(),
                                         bytes.size(),
                                         &read,
                                         &written) == LIBDEFLATE_SUCCESS &&
           read == file.size() && written == bytes.size();
}

} // namespace learning
} // namespace ns3
