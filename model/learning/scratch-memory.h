/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SCRATCH_MEMORY_H
#define SCRATCH_MEMORY_H

#include <cstddef>
#include <memory>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Memory of the calling thread for intermediate results, given back when this object goes out of
 * scope.
 *
 * The memory stays with the thread and is reused, so that nothing is allocated in the long run.
 * Scopes nest, last in first out. Blocks are aligned to 64 bytes and hold no particular values.
 */
class ScratchMemory
{
  public:
    ScratchMemory();
    ~ScratchMemory();
    ScratchMemory(const ScratchMemory&) = delete;
    ScratchMemory& operator=(const ScratchMemory&) = delete;

    /**
     * Takes a block.
     * @tparam T a type without constructor
     * @param count number of elements
     * @return the block, valid until this object goes out of scope
     */
    template <typename T>
    T* Take(std::size_t count)
    {
        return static_cast<T*>(TakeBytes(count * sizeof(T)));
    }

  private:
    /**
     * Takes a block.
     * @param size its size in bytes
     * @return the block
     */
    void* TakeBytes(std::size_t size);

    struct Arena;

    /**
     * Memory of the calling thread.
     * @return the arena
     */
    static Arena& GetArena();

    Arena& m_arena;      //!< the thread's memory
    std::size_t m_chunk; //!< chunk in use when this scope began
    std::size_t m_used;  //!< bytes of it that were taken
};

} // namespace learning
} // namespace ns3

#endif /* SCRATCH_MEMORY_H */
