/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "program-run.h"

#include "ns3/simulator.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Writes out what is still in a buffer.
 * @return whether all has been written to the standard output since the program began
 */
bool
FlushOutput()
{
    std::cout.flush();
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout;
}

} // namespace

int
RunProgram(const std::string& name, const std::function<void()>& run)
{
    std::string message;
    int status = EXIT_FAILURE;
    try
    {
        run();
        if (!FlushOutput())
        {
            throw std::runtime_error("the output cannot be written to the standard output");
        }
        status = EXIT_SUCCESS;
    }
    catch (const std::invalid_argument& error)
    {
        message = error.what();
        status = 2;
    }
    catch (const std::bad_alloc&)
    {
        message = "not enough memory: fewer workers, smaller batches or a smaller model need less";
    }
    catch (const std::exception& error)
    {
        message = error.what();
    }
    if (status != EXIT_SUCCESS)
    {
        FlushOutput(); // before the sentence
        std::cerr << name << ": " << message << std::endl;
    }
    Simulator::Destroy(); // of what is left
    return status;
}

} // namespace learning
} // namespace ns3
