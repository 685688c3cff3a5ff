/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace ns3
{
namespace learning
{

Progress::Progress(size_t total, size_t done, uint32_t jobs)
    : m_total(total),
      m_done(done),
      m_jobs(jobs),
      m_terminal(isatty(STDOUT_FILENO) == 1),
      m_last(Clock::now())
{
}

Progress::~Progress()
{
    Clear();
}

void
Progress::Finished(const std::string& label, const std::string& message, double seconds)
{
    ++m_done;
    ++m_timed;
    m_failed += message.empty() ? 0 : 1;
    m_seconds += seconds;
    m_last = Clock::now();
    if (!m_terminal || !message.empty())
    {
        Clear();
        std::cout << "[" << m_done << "/" << m_total << "] " << (message.empty() ? "ok" : "failed")
                  << " in " << std::fixed << std::setprecision(1) << seconds << " s: " << label
                  << (message.empty() ? "" : ": ") << message << std::endl;
    }
    Draw();
}

void
Progress::Tick()
{
    if (Clock::now() - m_drawn > std::chrono::milliseconds(200))
    {
        Draw();
    }
}

void
Progress::Clear()
{
    if (m_terminal)
    {
        std::cout << "\r\033[K" << std::flush;
    }
}

void
Progress::Draw()
{
    if (!m_terminal)
    {
        return;
    }
    m_drawn = Clock::now();
    std::ostringstream text;
    text << " " << m_done << "/" << m_total;
    if (m_failed > 0)
    {
        text << ", " << m_failed << " failed";
    }
    if (m_timed > 0)
    {
        const double waited = std::chrono::duration<double>(m_drawn - m_last).count();
        const double left = m_seconds / static_cast<double>(m_timed) *
                            static_cast<double>(m_total - m_done) / m_jobs;
        text << ", " << FormatDuration(std::max(0.0, left - waited)) << " left";
    }
    winsize size{};
    const int columns =
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
    const int width = std::clamp(columns - static_cast<int>(text.str().size()) - 3, 0, 60);
    const int filled = m_total == 0 ? width : static_cast<int>(width * m_done / m_total);
    std::cout << "\r[" << std::string(filled, '=') << std::string(width - filled, ' ') << "]"
              << text.str() << "\033[K" << std::flush;
}

std::string
Progress::FormatDuration(double seconds)
{
    const auto whole = static_cast<long long>(std::lround(seconds));
    char text[32];
    if (whole >= 3600)
    {
        std::snprintf(text,
                      sizeof(text),
                      "%lld:%02lld:%02lld",
                      whole / 3600,
                      whole / 60 % 60,
                      whole % 60);
    }
    else
    {
        std::snprintf(text, sizeof(text), "%lld:%02lld", whole / 60, whole % 60);
    }
    return text;
}

} // namespace learning
} // namespace ns3
