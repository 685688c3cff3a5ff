/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef HTML_PAGE_H
#define HTML_PAGE_H

#include <sstream>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * Rows of texts with a heading, shown as plain text or HTML.
 */
struct TextTable
{
    std::vector<std::string> heading; //!< name, and unit, of each column
    std::vector<std::vector<std::string>>
        rows;              //!< as many cells as columns; an empty row is a rule
    size_t textColumns{1}; //!< columns at the left that hold text; the others are set to the right

    /**
     * For a terminal.
     * @return aligned lines
     */
    std::string ToText() const;

    /**
     * For a web page.
     * @return a table element
     */
    std::string ToHtml() const;
};

/**
 * @ingroup distributed-learning-sweep
 *
 * A self-contained web page: nothing in it is fetched from anywhere.
 */
class HtmlPage
{
  public:
    /**
     * Starts a page.
     * @param title its title and first heading
     * @param subtitle one line below
     */
    HtmlPage(const std::string& title, const std::string& subtitle);

    /**
     * Starts a section.
     * @param heading its heading
     */
    void AddHeading(const std::string& heading);

    /**
     * Adds a paragraph.
     * @param text plain text
     */
    void AddParagraph(const std::string& text);

    /**
     * Adds a list.
     * @param items plain texts
     */
    void AddList(const std::vector<std::string>& items);

    /**
     * Adds a table.
     * @param table the table
     */
    void AddTable(const TextTable& table);

    /**
     * Adds figures side by side, with one caption.
     * @param svgs svg elements; empty ones are left out
     * @param caption plain text
     */
    void AddFigures(const std::vector<std::string>& svgs, const std::string& caption);

    /**
     * Writes the page, whole or not at all.
     * @param file its path
     * @throws std::runtime_error if it cannot be written
     */
    void Write(const std::string& file) const;

    /**
     * Makes a text safe to stand in HTML.
     * @param text plain text
     * @return the text, escaped
     */
    static std::string Escape(const std::string& text);

  private:
    std::string m_title;       //!< of the page
    std::ostringstream m_body; //!< what was added so far
};

} // namespace learning
} // namespace ns3

#endif /* HTML_PAGE_H */
