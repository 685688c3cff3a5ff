/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "cost-ledger.h"

#include "key-value-cache.h"
#include "object-store.h"
#include "parameter-machine.h"

#include "ns3/boolean.h"
#include "ns3/function-worker.h"
#include "ns3/integer.h"
#include "ns3/string.h"

#include <iomanip>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(CostLedger);

namespace
{
constexpr int64_t HOUR = BillingRules::HOUR;
constexpr int64_t GIGABYTE_SECOND = 1024000000; //!< megabytes and microseconds

/**
 * Refuses a cost that 64 bits would not hold.
 * @param number of nano-dollars, or of what is paid for
 * @param item what is paid for
 * @throws std::runtime_error with one sentence if it is too large
 */
void
CheckFits(double number, const std::string& item)
{
    if (!(number < 9e18))
    {
        throw std::runtime_error(item + ": so much of it is used, or it is so dear, that the cost "
                                        "is more than 9e9 dollars, or cannot be counted");
    }
}
} // namespace

int64_t
CostLedger::Entry::GetAmount() const
{
    CheckFits(static_cast<double>(quantity) / static_cast<double>(per) * static_cast<double>(price),
              item);
    // quantity times price may need more than 64 bits, which not every machine has; multiples of
    // per apart, it does not, since per^2 + per < 2^64 for an hour in us
    static_assert(HOUR <= (int64_t{1} << 32) - 1);
    const auto rest = static_cast<uint64_t>(quantity % per) * static_cast<uint64_t>(price % per);
    const auto half = static_cast<uint64_t>(per / 2);
    return quantity / per * price + quantity % per * (price / per) +
           static_cast<int64_t>((rest + half) / static_cast<uint64_t>(per));
}

TypeId
CostLedger::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::CostLedger")
            .SetParent<Object>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<CostLedger>()
            .AddAttribute("Prices",
                          "Price table, perhaps with changes, such as "
                          "aws-2020,vm:t2.medium=0.05; see ns3::serverless::PriceTable "
                          "(assumed: the one of LambdaML's time).",
                          StringValue("aws-2020"),
                          MakeStringAccessor(&CostLedger::m_tableName),
                          MakeStringChecker())
            .AddAttribute("RoundsHours",
                          "Whether hours of cache nodes are rounded up, as the vendor does; "
                          "LambdaML's channel table suggests that they are not.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&CostLedger::SetRoundsHours),
                          MakeBooleanChecker())
            .AddAttribute("MinimumSeconds",
                          "Seconds that a machine is billed at least, 0 to 1e6; 60 (vendor "
                          "documentation).",
                          IntegerValue(60),
                          MakeIntegerAccessor(&CostLedger::SetMinimumSeconds),
                          MakeIntegerChecker<int64_t>(0, 1000000));
    return tid;
}

const PriceTable&
CostLedger::GetPrices() const
{
    if (!m_prices)
    {
        m_prices = std::make_unique<PriceTable>(m_tableName);
    }
    return *m_prices;
}

const BillingRules&
CostLedger::GetRules() const
{
    return m_rules;
}

void
CostLedger::SetRoundsHours(bool roundsHours)
{
    m_rules.roundsHours = roundsHours;
}

void
CostLedger::SetMinimumSeconds(int64_t seconds)
{
    m_rules.minimumSeconds = seconds;
}

void
CostLedger::Add(const std::string& item, const std::string& unit, int64_t quantity, int64_t per)
{
    Entry& entry = m_entries[item];
    entry.item = item;
    entry.unit = unit;
    CheckFits(static_cast<double>(entry.quantity) + static_cast<double>(quantity), item);
    entry.quantity += quantity;
    entry.price = GetPrices().GetPrice(item);
    entry.per = per;
}

void
CostLedger::ObserveWorker(Ptr<TrainingWorker> worker, Ptr<FunctionPlatform> platform)
{
    if (!DynamicCast<FunctionWorker>(worker))
    {
        return;
    }
    const Time quantum = platform->GetBillingQuantum();
    worker->TraceConnectWithoutContext(
        "Instance",
        Callback<void, uint32_t, Time, uint32_t>(
            [this, quantum](uint32_t /* worker */, Time duration, uint32_t megabytes) {
                AddInstance(duration, quantum, megabytes);
            }));
}

void
CostLedger::ObserveService(Ptr<StorageService> service)
{
    const std::string node = GetNodeItem(service);
    if (!node.empty())
    {
        GetPrices().GetPrice(node);
    }
    if (DynamicCast<ObjectStore>(service))
    {
        service->TraceConnectWithoutContext("Request",
                                            MakeCallback(&CostLedger::CountStoreRequest, this));
    }
    else if (DynamicCast<DynamoTable>(service))
    {
        service->TraceConnectWithoutContext("Request",
                                            MakeCallback(&CostLedger::CountTableRequest, this));
    }
}

void
CostLedger::AddInstance(Time duration, Time quantum, uint32_t megabytes)
{
    const std::string item = "function:gb-second";
    const int64_t billed = BillingRules::GetInstanceMicroseconds(duration, quantum);
    CheckFits(static_cast<double>(billed) * megabytes, item);
    Add(item, "MB us", billed * megabytes, GIGABYTE_SECOND);
    Add("function:invocation", "invocations", 1, 1);
}

void
CostLedger::AddMachines(const std::string& type, uint32_t count, Time duration)
{
    const std::string item = "vm:" + type;
    const int64_t billed = m_rules.GetMachineMicroseconds(duration);
    CheckFits(static_cast<double>(billed) * count, item);
    Add(item, "us", billed * count, HOUR);
}

std::string
CostLedger::GetNodeItem(Ptr<StorageService> service)
{
    if (const auto cache = DynamicCast<KeyValueCache>(service))
    {
        return "cache:" + cache->GetNodeType();
    }
    const auto machine = DynamicCast<ParameterMachine>(service);
    return machine ? "vm:" + machine->GetMachineType() : "";
}

void
CostLedger::AddNode(Ptr<StorageService> service, Time duration)
{
    const std::string item = GetNodeItem(service);
    if (DynamicCast<KeyValueCache>(service))
    {
        Add(item, "us", m_rules.GetNodeMicroseconds(duration), HOUR);
    }
    else if (!item.empty())
    {
        Add(item, "us", m_rules.GetMachineMicroseconds(duration), HOUR);
    }
}

void
CostLedger::CountStoreRequest(const StorageRequestRecord& record)
{
    if (record.status == StorageFrame::THROTTLED)
    {
        return;
    }
    switch (record.operation)
    {
    case StorageFrame::PUT:
        Add("s3:put", "requests", 1, 1);
        return;
    case StorageFrame::LIST:
        Add("s3:list", "requests", 1, 1);
        return;
    case StorageFrame::DELETE:
    case StorageFrame::BATCH_DELETE:
        Add("s3:delete", "requests", 1, 1);
        return;
    default:
        Add("s3:get", "requests", 1, 1);
        return;
    }
}

void
CostLedger::CountTableRequest(const StorageRequestRecord& record)
{
    if (record.units == 0)
    {
        return; // refused
    }
    const bool writes = record.operation == StorageFrame::PUT ||
                        record.operation == StorageFrame::DELETE ||
                        record.operation == StorageFrame::BATCH_DELETE;
    Add(writes ? "dynamo:write" : "dynamo:read", "units", static_cast<int64_t>(record.units), 1);
}

std::vector<CostLedger::Entry>
CostLedger::GetEntries() const
{
    std::vector<Entry> entries;
    for (const auto& [item, entry] : m_entries)
    {
        entries.push_back(entry);
    }
    return entries;
}

int64_t
CostLedger::GetTotal() const
{
    int64_t total = 0;
    for (const auto& [item, entry] : m_entries)
    {
        const int64_t amount = entry.GetAmount();
        CheckFits(static_cast<double>(total) + static_cast<double>(amount), item);
        total += amount;
    }
    return total;
}

std::string
CostLedger::Describe() const
{
    std::ostringstream text;
    text << std::left << std::setw(24) << "item" << std::right << std::setw(20) << "quantity"
         << " " << std::left << std::setw(12) << "unit" << std::right << std::setw(16)
         << "amount_nano_usd"
         << "\n";
    for (const Entry& entry : GetEntries())
    {
        text << std::left << std::setw(24) << entry.item << std::right << std::setw(20)
             << entry.quantity << " " << std::left << std::setw(12) << entry.unit << std::right
             << std::setw(16) << entry.GetAmount() << "\n";
    }
    text << std::left << std::setw(24) << "total" << std::right << std::setw(49) << GetTotal()
         << "\n";
    return text.str();
}

} // namespace serverless
} // namespace ns3
