/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "standard-output.h"

#include <iostream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

void
CheckStandardOutput(const std::string& what)
{
    std::cout.flush();
    if (!std::cout)
    {
        throw std::runtime_error("the " + what + " cannot be written to the standard output");
    }
}

} // namespace learning
} // namespace ns3
