/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "program.h"

#include "../sweep/standard-output.h"

#include <exception>
#include <iostream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

int
RunProgram(const std::string& name, int argc, char* argv[], void (*body)(int, char*[]))
{
    try
    {
        body(argc, argv);
        CheckStandardOutput("report");
        return 0;
    }
    catch (const std::invalid_argument& error)
    {
        std::cerr << name << ": " << error.what() << std::endl;
        return 2;
    }
    catch (const std::exception& error)
    {
        std::cerr << name << ": " << error.what() << std::endl;
        return 1;
    }
}

} // namespace learning
} // namespace ns3
