/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "coding-options.h"

#include "type-word.h"

#include "ns3/boolean.h"
#include "ns3/string.h"

#include <string>

namespace ns3
{
namespace learning
{

void
AddCodingOptions(ScenarioOptions& options)
{
    options.Add("compression",
                "what makes few bytes of many numbers: none, top-k:SHARE (the largest), "
                "random-k:SHARE, qsgd:LEVELS, sign, binary16, or a TypeId with attributes in "
                "brackets; only qsgd and binary16 suit models (rps, and parameters sent back)",
                "none",
                "ns3::learning::BlockCoding::Compressor ns3::learning::TopKCompressor::Share "
                "ns3::learning::RandomKCompressor::Share ns3::learning::QsgdCompressor::Levels");
    options.Add("compressed",
                "which blocks are compressed: push, pull or both",
                "push",
                "ns3::learning::BlockCoding::Ways");
    options.Add("hadamard",
                "whether blocks are rotated, so that a lost segment takes a little of every "
                "number: 0 or 1",
                "0",
                "ns3::learning::BlockCoding::Hadamard");
    options.Add("errorFeedback",
                "what a sender of gradients adds to the next one: none, local (what the "
                "compressor left out), acknowledged (also what was not acknowledged as received); "
                "makes random-k and qsgd contractive",
                "none",
                "ns3::learning::BlockCoding::ErrorFeedback "
                "ns3::learning::RandomKCompressor::Contractive "
                "ns3::learning::QsgdCompressor::Contractive");
}

void
SetCoding(ScenarioOptions& options, TrainingHelper& training)
{
    const std::size_t feedback =
        options.GetWord("errorFeedback", {"none", "local", "acknowledged"});
    const bool hadamard = options.GetUnsigned("hadamard", 0, 1) == 1;
    std::string coding = "ns3::learning::BlockCoding";
    if (options.GetText("compression") != "none")
    {
        std::string compressor =
            ReadType(options,
                     "compression",
                     {{"none", "", TypeWord::OWN},
                      {"top-k", "TopKCompressor", TypeWord::OPTION, "Share", "SHARE"},
                      {"random-k", "RandomKCompressor", TypeWord::OPTION, "Share", "SHARE"},
                      {"qsgd", "QsgdCompressor", TypeWord::OPTION, "Levels", "LEVELS"},
                      {"sign", "SignCompressor"},
                      {"binary16", "Binary16Compressor"}});
        if (feedback != 0 && Takes(compressor, "Contractive"))
        {
            compressor = AddAttribute(compressor, "Contractive", "true");
        }
        coding = AddAttribute(coding, "Compressor", compressor);
        static const char* const WAYS[] = {"Pushes", "Pulls", "Both"};
        coding = AddAttribute(coding,
                              "Ways",
                              WAYS[options.GetWord("compressed", {"push", "pull", "both"})]);
    }
    static const char* const FEEDBACK[] = {"None", "Local", "Acknowledged"};
    training.SetCoding(coding,
                       "Hadamard",
                       BooleanValue(hadamard),
                       "ErrorFeedback",
                       StringValue(FEEDBACK[feedback]));
}

} // namespace learning
} // namespace ns3
