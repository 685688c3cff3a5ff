/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "scratch-memory.h"

#include <algorithm>
#include <cstdint>

namespace ns3
{
namespace learning
{

namespace
{

constexpr std::size_t ALIGNMENT = 64;

/// A piece of memory with an aligned beginning.
struct Chunk
{
    std::unique_ptr<char[]> memory; //!< what was allocated
    char* begin;                    //!< first aligned byte
    std::size_t size;               //!< bytes from there on
};

Chunk
MakeChunk(std::size_t size)
{
    Chunk chunk{std::unique_ptr<char[]>(new char[size + ALIGNMENT]), nullptr, size};
    const auto address = reinterpret_cast<std::uintptr_t>(chunk.memory.get());
    chunk.begin = chunk.memory.get() + (ALIGNMENT - address % ALIGNMENT);
    return chunk;
}

} // namespace

/// Chunks in the order in which they fill; all but the first go when the next outermost scope
/// begins.
struct ScratchMemory::Arena
{
    std::vector<Chunk> chunks; //!< at least one
    std::size_t chunk{0};      //!< the one in use
    std::size_t used{0};       //!< bytes of it that are taken

    Arena()
    {
        chunks.push_back(MakeChunk(1 << 16));
    }
};

ScratchMemory::Arena&
ScratchMemory::GetArena()
{
    static thread_local Arena arena;
    return arena;
}

ScratchMemory::ScratchMemory()
    : m_arena(GetArena()),
      m_chunk(m_arena.chunk),
      m_used(m_arena.used)
{
    if (m_chunk == 0 && m_used == 0 && m_arena.chunks.size() > 1)
    {
        // Last time took several chunks: one that would have been enough.
        std::size_t size = 0;
        for (const auto& chunk : m_arena.chunks)
        {
            size += chunk.size;
        }
        m_arena.chunks.erase(m_arena.chunks.begin() + 1, m_arena.chunks.end());
        m_arena.chunks.front() = MakeChunk(size);
    }
}

ScratchMemory::~ScratchMemory()
{
    m_arena.chunk = m_chunk;
    m_arena.used = m_used;
}

void*
ScratchMemory::TakeBytes(std::size_t size)
{
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    while (m_arena.used + size > m_arena.chunks[m_arena.chunk].size)
    {
        if (m_arena.chunk + 1 == m_arena.chunks.size())
        {
            m_arena.chunks.push_back(MakeChunk(std::max(size, 2 * m_arena.chunks.back().size)));
        }
        m_arena.chunk++;
        m_arena.used = 0;
    }
    void* block = m_arena.chunks[m_arena.chunk].begin + m_arena.used;
    m_arena.used += size;
    return block;
}

} // namespace learning
} // namespace ns3
