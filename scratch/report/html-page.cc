/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "html-page.h"

#include "../sweep/whole-file.h"

#include <algorithm>

namespace ns3
{
namespace learning
{

namespace
{

/// Looks of the page.
const char* const STYLE = R"(
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f6f8; color: #1d252d; font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 24px 56px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 34px 0 10px; }
p { max-width: 110ch; margin: 8px 0; }
ul { margin: 8px 0; padding-left: 20px; }
.subtitle { color: #5b6875; margin: 0 0 18px; }
figure { margin: 14px 0 26px; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(440px, 1fr)); gap: 12px; }
.panels > div { background: #fff; border: 1px solid #dfe4e9; border-radius: 8px; padding: 8px; min-width: 0; }
svg { display: block; width: 100%; height: auto; }
figcaption { color: #46525e; font-size: 13.5px; margin-top: 8px; max-width: 110ch; }
.scroll { overflow-x: auto; background: #fff; border: 1px solid #dfe4e9; border-radius: 8px; margin: 10px 0; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th { text-align: right; font-weight: 600; color: #46525e; background: #f9fafb; border-bottom: 1px solid #dfe4e9; vertical-align: bottom; }
th, td { padding: 5px 12px; text-align: right; white-space: nowrap; }
th.text, td.text { text-align: left; }
td.text { white-space: normal; overflow-wrap: break-word; }
tr.first td { border-top: 1px solid #dfe4e9; }
tbody tr:hover { background: #f2f6fa; }
@media print { body { background: #fff; } h2, figure { break-inside: avoid; } }
@media (max-width: 560px) { .panels { grid-template-columns: 1fr; } main { padding: 16px 10px; } }
)";

/**
 * Width of a text on a terminal: its characters, not its bytes.
 * @param text UTF-8
 * @return number of code points
 */
size_t
GetWidth(const std::string& text)
{
    return std::count_if(text.begin(), text.end(), [](unsigned char c) {
        return (c & 0xC0) != 0x80;
    });
}

} // namespace

std::string
TextTable::ToText() const
{
    std::vector<size_t> widths(heading.size());
    auto all = rows;
    all.insert(all.begin(), heading);
    for (const auto& row : all)
    {
        for (size_t i = 0; i < row.size(); ++i)
        {
            widths[i] = std::max(widths[i], GetWidth(row[i]));
        }
    }
    std::string text;
    for (const auto& row : all)
    {
        std::string line;
        for (size_t i = 0; i < row.size(); ++i)
        {
            const std::string padding(widths[i] - GetWidth(row[i]), ' ');
            line += (i == 0 ? "" : "  ") + (i < textColumns ? row[i] + padding : padding + row[i]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string
TextTable::ToHtml() const
{
    std::ostringstream html;
    const auto cell = [&](const char* tag, size_t column, const std::string& text) {
        html << "<" << tag << (column < textColumns ? " class=\"text\"" : "") << ">"
             << HtmlPage::Escape(text) << "</" << tag << ">";
    };
    html << "<div class=\"scroll\"><table><thead><tr>";
    for (size_t i = 0; i < heading.size(); ++i)
    {
        cell("th", i, heading[i]);
    }
    html << "</tr></thead><tbody>\n";
    bool first = false;
    for (const auto& row : rows)
    {
        if (row.empty())
        {
            first = true;
            continue;
        }
        html << (first ? "<tr class=\"first\">" : "<tr>");
        first = false;
        for (size_t i = 0; i < row.size(); ++i)
        {
            cell("td", i, row[i]);
        }
        html << "</tr>\n";
    }
    html << "</tbody></table></div>\n";
    return html.str();
}

HtmlPage::HtmlPage(const std::string& title, const std::string& subtitle)
    : m_title(title)
{
    m_body << "<h1>" << Escape(title) << "</h1>\n<p class=\"subtitle\">" << Escape(subtitle)
           << "</p>\n";
}

std::string
HtmlPage::Escape(const std::string& text)
{
    std::string escaped;
    for (char c : text)
    {
        switch (c)
        {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

void
HtmlPage::AddHeading(const std::string& heading)
{
    m_body << "<h2>" << Escape(heading) << "</h2>\n";
}

void
HtmlPage::AddParagraph(const std::string& text)
{
    m_body << "<p>" << Escape(text) << "</p>\n";
}

void
HtmlPage::AddList(const std::vector<std::string>& items)
{
    m_body << "<ul>\n";
    for (const auto& item : items)
    {
        m_body << "<li>" << Escape(item) << "</li>\n";
    }
    m_body << "</ul>\n";
}

void
HtmlPage::AddTable(const TextTable& table)
{
    m_body << table.ToHtml();
}

void
HtmlPage::AddFigures(const std::vector<std::string>& svgs, const std::string& caption)
{
    if (std::all_of(svgs.begin(), svgs.end(), [](const std::string& svg) { return svg.empty(); }))
    {
        return;
    }
    m_body << "<figure><div class=\"panels\">\n";
    for (const auto& svg : svgs)
    {
        if (!svg.empty())
        {
            m_body << "<div>" << svg << "</div>\n";
        }
    }
    m_body << "</div><figcaption>" << Escape(caption) << "</figcaption></figure>\n";
}

void
HtmlPage::Write(const std::string& file) const
{
    std::ostringstream html;
    html << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
         << Escape(m_title) << "</title>\n<style>" << STYLE << "</style>\n</head>\n<body><main>\n"
         << m_body.str() << "</main></body>\n</html>\n";
    WriteWholeFile(file, html.str());
}

} // namespace learning
} // namespace ns3
