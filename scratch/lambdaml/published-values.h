/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PUBLISHED_VALUES_H
#define PUBLISHED_VALUES_H

#include <map>
#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-lambdaml
 *
 * A number that was published or measured by the authors.
 */
struct PublishedValue
{
    std::string table;    //!< of the report that it is compared in
    std::string quantity; //!< what it is, with its unit
    double value{0};      //!< the number
    double tolerance{0};  //!< largest relative difference that counts as agreement
    char mark{'U'};       //!< P, H, U or D, as published-values.csv explains
    std::string source;   //!< where it stands

    /**
     * How far it can be trusted.
     * @return such as "unverified"
     */
    std::string GetTrust() const;
};

/**
 * @ingroup distributed-learning-lambdaml
 *
 * The numbers of LambdaML (SIGMOD 2021) that the report is held to: those of
 * scratch/lambdaml/published-values.csv.
 */
class PublishedValues
{
  public:
    /**
     * Reads the numbers.
     * @param file path of a CSV file with the columns id, table, quantity, value, tolerance, mark,
     * source; comments begin with #; fields with commas are quoted
     * @throws std::runtime_error naming file and line if it cannot be read
     */
    explicit PublishedValues(const std::string& file);

    /**
     * A number.
     * @param id its id
     * @return the number
     * @throws std::invalid_argument if there is none
     */
    const PublishedValue& Get(const std::string& id) const;

    /**
     * All numbers.
     * @return by id
     */
    const std::map<std::string, PublishedValue>& GetAll() const;

  private:
    std::map<std::string, PublishedValue> m_values; //!< by id
};

} // namespace learning
} // namespace ns3

#endif /* PUBLISHED_VALUES_H */
