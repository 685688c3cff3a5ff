/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flight-queries.h"

#include <array>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

/// What hashed keys are for: equal seeds must not give equal draws for different purposes.
enum Purpose : uint64_t
{
    SENTENCE = 0x464c494748545301, //!< one sentence
    NAMES,                         //!< invented names
    NOISE                          //!< wrong tags
};

/// The grammar, see TaggedGrammar.
const char* const RULES = R"(
query 30 <opening> <flights> <route> <details>
query 7 <wish> <route> <details> <ending>
query 8 what is the <cheap> <fare> <route> <details>
query 6 which [airline_name airline] flights <route> <details>
query 6 which airlines fly <route> <details>
query 5 does [airline_name airline] have any <kind> <route> <details>
query 4 what kind of aircraft is used on <numbered> <route>
query 4 how much is a [class_type class] ticket <route> <details>
query 4 <opening> <flights> <route> <stop> <details>
query 4 <opening> <flights> that arrive in <to> <arrival> and leave from <from> <departure>
query 6 what ground transportation is there in [city_name city] <vehicle>
query 3 how far is [fromloc.airport_name airport] from [toloc.city_name city]
query 4 what does <thing> mean
query 4 list the airports in [city_name city]
query 2 is there a [transport_type vehicle] from [fromloc.airport_name airport] to downtown [city_name city]
query 2 when does <numbered> <route> [depart_time.time_relative relative] [depart_time.time time] arrive
query 2 how many <flights> does [airline_name airline] have <route> <departure>
query 2 do you have [airline_code code] [flight_number number] from <from> to <to> on [depart_date.day_name day]
query 1 what meals are served on <numbered> [depart_date.day_name day]
query 1 what time zone is [city_name city] [state_name state] in
opening 14
opening 10 show me
opening 8 list
opening 6 i need
opening 5 what are
opening 5 please give me
opening 4 i would like to see
opening 4 find
opening 3 could you tell me about
opening 2 okay show me
opening 1 uh show
wish 10 i want to fly
wish 6 i would like to travel
wish 5 i need to go
wish 3 i am planning a trip
wish 3 my boss has to get
wish 2 hello i want to book a seat
wish 2 may i fly
ending 12
ending 3 please
ending 2 which flights are there
ending 2 what do you have for me
ending 1 and i want a [meal_description food] meal
ending 1 and i also need a [transport_type vehicle] there
flights 12 flights
flights 7 all flights
flights 4 the [cost_relative superlative] flight
flights 3 [flight_stop stops] flights
flights 3 [round_trip trip] flights
flights 3 [class_type class] flights
flights 3 [airline_name airline] flights
flights 2 [flight_mod order] flight
flights 2 the [flight_mod order] flight
flights 2 [flight_days frequency] flights
flights 2 [economy economy] fares
flights 2 a flight
flights 1 [depart_date.day_name day] flights
flights 1 [depart_time.period_of_day period] flights
kind 4 flights
kind 2 [flight_stop stops] flights
kind 2 [depart_time.period_of_day period] flights
kind 1 [connect connect] flights
cheap 5 [cost_relative superlative]
cheap 2
cheap 2 [flight_mod order]
fare 5 fare
fare 3 [round_trip trip] fare
fare 2 [class_type class] fare
fare 1 price of a [round_trip trip] ticket
numbered 4 flight [flight_number number]
numbered 3 [airline_name airline] flight [flight_number number]
numbered 1 [airline_code code] [flight_number number]
thing 3 fare code [fare_basis_code basis]
thing 2 restriction [restriction_code restriction]
thing 2 airline code [airline_code code]
thing 1 airport code [airport_code airportcode]
thing 1 aircraft code [aircraft_code aircraft]
route 30 from <from> to <to>
route 14 <from> to <to>
route 7 to <to> from <from>
route 6 between <from> and <to>
route 4 that leave <from> and go to <to>
route 3 <to> from <from>
route 3 leaving <from> to reach <to>
route 3 that go to <to> and start in <from>
route 2 departing from <from> and ending up in <to>
route 1 from <from> or [or or] [fromloc.city_name city] to <to>
from 40 [fromloc.city_name city]
from 5 [fromloc.city_name city] [fromloc.state_name state]
from 2 [fromloc.city_name city] [fromloc.state_code statecode]
from 3 [fromloc.airport_name airport]
from 3 [fromloc.airport_code airportcode]
to 40 [toloc.city_name city]
to 5 [toloc.city_name city] [toloc.state_name state]
to 2 [toloc.city_name city] [toloc.state_code statecode]
to 3 [toloc.airport_name airport]
to 3 [toloc.airport_code airportcode]
stop 6 with a stop in [stoploc.city_name city]
stop 3 stopping over in [stoploc.city_name city] [stoploc.state_name state]
stop 2 via [stoploc.city_name city]
stop 2 that stop at [stoploc.airport_name airport]
stop 1 with a [connect connect] flight in [stoploc.city_name city]
details 100
details 24 <departure>
details 8 leaving <departure>
details 8 arriving <arrival>
details 5 <departure> and returning <return>
details 4 <departure> that arrive <arrival>
details 3 with a return <return>
details 3 <departure> and back <return>
details 3 on [airline_name airline]
details 2 on a [aircraft_code aircraft]
details 2 that serve [meal meal]
details 2 for less than [fare_amount amount]
details 2 under [fare_amount amount] <departure>
details 1 with fare code [fare_basis_code basis]
details 1 flying [flight_days frequency] except [day_name day]
details 1 with [class_type class] seats [mod mod] available
vehicle 3
vehicle 1 besides a [transport_type vehicle]
vehicle 1 like a [transport_type vehicle] or [or or] a [transport_type vehicle]
departure 8 on <departureday>
departure 4 on <departureday> <departuretime>
departure 5 <departuretime>
departure 3 [depart_date.today_relative today]
departure 2 [depart_date.today_relative today] <departuretime>
departureday 14 [depart_date.day_name day]
departureday 5 [depart_date.month_name month] [depart_date.day_number daynumber]
departureday 3 [depart_date.day_name day] [depart_date.month_name month] [depart_date.day_number daynumber]
departureday 2 the [depart_date.day_number daynumber] of [depart_date.month_name month]
departureday 2 [depart_date.date_relative next] [depart_date.day_name day]
departureday 1 [depart_date.month_name month] [depart_date.day_number daynumber] [depart_date.year year]
departuretime 5 in the [depart_time.period_of_day period]
departuretime 5 [depart_time.time_relative relative] [depart_time.time time]
departuretime 4 [depart_time.period_of_day period]
departuretime 3 at [depart_time.time time]
departuretime 1 in the [depart_time.period_mod late] [depart_time.period_of_day period]
departuretime 2 between [depart_time.start_time time] and [depart_time.end_time time]
arrival 8 on <arrivalday>
arrival 5 on <arrivalday> <arrivaltime>
arrival 8 <arrivaltime>
arrival 2 [arrive_date.today_relative today]
arrivalday 10 [arrive_date.day_name day]
arrivalday 4 [arrive_date.month_name month] [arrive_date.day_number daynumber]
arrivalday 2 the [arrive_date.day_number daynumber] of [arrive_date.month_name month]
arrivalday 2 [arrive_date.date_relative next] [arrive_date.day_name day]
arrivaltime 6 [arrive_time.time_relative relative] [arrive_time.time time]
arrivaltime 4 at [arrive_time.time time]
arrivaltime 4 in the [arrive_time.period_of_day period]
arrivaltime 1 in the [arrive_time.period_mod late] [arrive_time.period_of_day period]
arrivaltime 2 between [arrive_time.start_time time] and [arrive_time.end_time time]
return 8 on <returnday>
return 4 on <returnday> <returntime>
return 3 [return_date.today_relative today]
return 3 <returntime>
returnday 8 [return_date.day_name day]
returnday 4 [return_date.month_name month] [return_date.day_number daynumber]
returnday 2 [return_date.date_relative next] [return_date.day_name day]
returntime 4 [return_time.time_relative relative] [return_time.time time]
returntime 3 in the [return_time.period_of_day period]
returntime 1 in the [return_time.period_mod late] [return_time.period_of_day period]
)";

/// Phrases of the slots but names, most frequent first.
const std::pair<const char*, const char*> LISTS[] = {
    {"day", "monday wednesday friday tuesday thursday sunday saturday"},
    {"month",
     "june july august may april december september november october march january february"},
    {"daynumber",
     "first third twenty_fifth second fifth sixteenth twenty_third fourth thirtieth eighth "
     "seventeenth twenty_first tenth sixth twelfth twenty_seventh eleventh ninth fourteenth "
     "twenty_second seventh thirty_first fifteenth twentieth twenty_ninth one eight"},
    {"year", "ninety_one ninety_two ninety_three"},
    {"next", "next this the_following"},
    {"today", "tomorrow today tonight the_day_after_tomorrow the_next_day"},
    {"period", "morning afternoon evening night noon day"},
    {"late", "early late"},
    {"relative", "after before around by no_later_than"},
    {"time",
     "five_pm eight_am noon six_pm ten_am seven_pm nine_am four_pm midnight three_pm eleven_am "
     "one_pm twelve_o'clock two_pm nine_o'clock six_thirty_am seven_fifteen_pm five "
     "eight_forty_five_am ten_thirty"},
    {"class", "first_class coach business_class coach_class economy_class"},
    {"superlative", "cheapest lowest least_expensive most_expensive lowest_cost shortest"},
    {"stops", "nonstop direct one_stop non_stop two_stop"},
    {"trip", "round_trip one_way"},
    {"order", "earliest latest last first next"},
    {"frequency", "daily every_day weekday weekend"},
    {"economy", "economy saver"},
    {"connect", "connecting connect"},
    {"meal", "breakfast dinner lunch a_snack meals"},
    {"food", "vegetarian hot light low_salt"},
    {"mod", "still not_yet only"},
    {"or", "or either"},
    {"vehicle", "taxi rental_car limousine bus train shuttle_bus"},
    {"amount",
     "two_hundred_dollars five_hundred_dollars one_hundred_dollars three_hundred_dollars "
     "nine_hundred_and_fifty_dollars one_thousand_dollars"},
    {"restriction", "ap_slash_eighty ap_fifty_seven ap_sixty vu_slash_one"},
};

/// Words that make names of several words.
const std::array<const char*, 8> BEFORE_NAMES =
    {"new", "port", "saint", "north", "fort", "lake", "mount", "east"};
const std::array<const char*, 4> AFTER_NAMES = {"city", "beach", "falls", "springs"};

/// A list of invented names.
struct NameList
{
    const char* list;   //!< its name
    uint32_t share;     //!< of the words that are left for names, in percent
    uint32_t syllables; //!< of a name; 0 for codes of letters
    const char* ending; //!< word that all phrases end with, or nothing
    uint32_t compounds; //!< percent of the names that are of two words
};

const NameList NAME_LISTS[] = {
    {"city", 34, 2, "", 30},
    {"state", 8, 3, "", 20},
    {"statecode", 5, 0, "", 0},
    {"airport", 6, 3, "airport", 15},
    {"airportcode", 6, 0, "", 0},
    {"airline", 8, 2, "airlines", 0},
    {"code", 5, 0, "", 0},
    {"number", 17, 3, "", 0},
    {"aircraft", 5, 0, "", 0},
    {"basis", 6, 0, "", 0},
}; //!< shares add up to 100

/**
 * Invents a word.
 * @param syllables how many of them, or 0 for a code of three letters
 * @param engine the random numbers
 * @return the word
 */
std::string
Invent(uint32_t syllables, RandomEngine& engine)
{
    static const char* const ONSETS[] = {"b", "d", "f", "g", "k", "l",  "m",  "n",  "p",  "r",
                                         "s", "t", "v", "w", "h", "st", "br", "cl", "gr", "tr"};
    static const char* const VOWELS[] = {"a", "e", "i", "o", "u", "ai", "ea"};
    static const char* const CODAS[] = {"", "n", "r", "l", "m", "s"};
    std::string word;
    if (syllables == 0)
    {
        for (int i = 0; i < 3; ++i)
        {
            word += static_cast<char>('a' + engine.NextBelow(26));
        }
        return word;
    }
    for (uint32_t i = 0; i < syllables; ++i)
    {
        word += ONSETS[engine.NextBelow(std::size(ONSETS))];
        word += VOWELS[engine.NextBelow(std::size(VOWELS))];
        word += CODAS[engine.NextBelow(std::size(CODAS))];
    }
    return word;
}

/**
 * The phrases of all slots: those above, and invented ones until there are enough words.
 * @param vocabulary number of words, and one for what is unknown
 * @return the lists
 */
TaggedGrammar::Lists
MakeLists(uint32_t vocabulary)
{
    TaggedGrammar::Lists lists;
    std::set<std::string> words;
    for (const auto& [name, phrases] : LISTS)
    {
        std::istringstream text(phrases);
        for (std::string phrase; text >> phrase;)
        {
            lists[name].push_back(phrase);
        }
    }
    for (const NameList& names : NAME_LISTS)
    {
        lists[names.list] = {names.ending[0] != '\0' ? names.ending : "one"};
    }
    words = TaggedGrammar(RULES, lists).GetWords();
    words.insert(BEFORE_NAMES.begin(), BEFORE_NAMES.end());
    words.insert(AFTER_NAMES.begin(), AFTER_NAMES.end());
    if (vocabulary < FlightQueryLaw::MIN_VOCABULARY || vocabulary > FlightQueryLaw::MAX_VOCABULARY)
    {
        throw std::invalid_argument("flight queries: vocabulary " + std::to_string(vocabulary) +
                                    " is out of range, " +
                                    std::to_string(FlightQueryLaw::MIN_VOCABULARY) + " to " +
                                    std::to_string(FlightQueryLaw::MAX_VOCABULARY) + " is legal");
    }
    const auto fixed = static_cast<uint32_t>(words.size() + 1);
    RandomEngine engine(SplitMix64(NAMES));
    uint32_t percent = 0;
    for (const NameList& names : NAME_LISTS)
    {
        percent += names.share;
        const std::size_t end = fixed + uint64_t{vocabulary - fixed} * percent / 100 - 1;
        auto& phrases = lists[names.list];
        phrases.clear();
        while (words.size() < end)
        {
            const std::string word = Invent(names.syllables, engine);
            if (!words.insert(word).second)
            {
                continue;
            }
            std::string phrase = word;
            if (engine.NextBelow(100) < names.compounds)
            {
                const uint32_t k = engine.NextBelow(BEFORE_NAMES.size() + AFTER_NAMES.size());
                phrase = k < BEFORE_NAMES.size()
                             ? std::string(BEFORE_NAMES[k]) + "_" + word
                             : word + "_" + AFTER_NAMES[k - BEFORE_NAMES.size()];
            }
            if (names.ending[0] != '\0')
            {
                phrase += std::string("_") + names.ending;
            }
            phrases.push_back(phrase);
        }
    }
    return lists;
}

} // namespace

FlightQueryLaw::FlightQueryLaw(uint32_t vocabulary, double noise, uint64_t seed)
    : m_grammar(RULES, MakeLists(vocabulary)),
      m_noise(noise),
      m_seed(seed)
{
    if (!(noise >= 0 && noise <= 0.5))
    {
        throw std::invalid_argument("flight queries: noise " + std::to_string(noise) +
                                    " is out of range, 0 to 0.5 is legal");
    }
    std::set<std::string> words = m_grammar.GetWords();
    words.insert(BEFORE_NAMES.begin(), BEFORE_NAMES.end()); // also where no name has them
    words.insert(AFTER_NAMES.begin(), AFTER_NAMES.end());
    m_words.assign(words.begin(), words.end());
    m_tags.assign(1, "O");
    m_tags.insert(m_tags.end(), m_grammar.GetTags().begin(), m_grammar.GetTags().end());
}

TaggedText
FlightQueryLaw::DrawText(uint32_t sentences, uint64_t stream) const
{
    TaggedText text;
    for (uint32_t i = 0; i < sentences; ++i)
    {
        RandomEngine engine(SplitMix64(SENTENCE, m_seed, stream, i));
        m_grammar.Draw("query", engine, text);
        // an engine of its own: the words do not depend on the noise
        RandomEngine slips(SplitMix64(NOISE, m_seed, stream, i));
        for (uint64_t k = text.start[i]; k < text.start[i + 1]; ++k)
        {
            if (slips.NextUniform() < m_noise)
            {
                const uint32_t other = slips.NextBelow(static_cast<uint32_t>(m_tags.size() - 1));
                text.tags[k] = m_tags[other] == text.tags[k] ? m_tags.back() : m_tags[other];
            }
        }
    }
    return text;
}

Ptr<Dataset>
FlightQueryLaw::Generate(uint32_t sentences, uint64_t stream) const
{
    return TextEncoder(m_words, {m_tags.begin() + 1, m_tags.end()})
        .Encode(DrawText(sentences, stream));
}

} // namespace learning
} // namespace ns3
