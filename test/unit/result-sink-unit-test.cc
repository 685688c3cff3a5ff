/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"

#include "ns3/result-sink.h"

#include <chrono>
#include <sqlite3.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Locks a database in another process for a time, which begins when this returns.
 * @param file the database
 * @param time how long
 * @return the process, which ends with status 0 if all went well
 */
pid_t
LockElsewhere(const std::string& file, std::chrono::milliseconds time)
{
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const pid_t process = fork();
    if (process == 0)
    {
        sqlite3* database = nullptr;
        bool isWell = sqlite3_open(file.c_str(), &database) == SQLITE_OK &&
                      sqlite3_exec(database, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr) == 0;
        isWell = write(ends[1], "", 1) == 1 && isWell;
        sqlite3_sleep(static_cast<int>(time.count()));
        sqlite3_close(database);
        _exit(isWell ? 0 : 1);
    }
    char told;
    EXPECT_EQ(read(ends[0], &told, 1), 1);
    close(ends[0]);
    close(ends[1]);
    return process;
}

} // namespace

// Set-up: a run that writes to a database, which another process then locks for 4.5 s.
// Expected: another run that would begin says so within 3 s; a record of the one that has begun
// waits until the lock is gone.
TEST(ResultSink, WaitsForALockOnceARunHasBegun)
{
    const TemporaryDirectory directory;
    const std::string file = directory.Path("records.sqlite");
    DatabaseSink begun(file, {{"name", "value"}});
    const pid_t other = LockElsewhere(file, std::chrono::milliseconds(4500));
    const auto start = std::chrono::steady_clock::now();
    ExpectError<std::runtime_error>([&file] { DatabaseSink(file, {}); }, {file, "locked for 2 s"});
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
    EXPECT_NO_THROW(begun.Write(TrainingRecord()));
    int status = -1;
    waitpid(other, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_NO_THROW(DatabaseSink(file, {}));
}
