/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef FUNCTION_WORKER_H
#define FUNCTION_WORKER_H

#include "function-platform.h"
#include "training-worker.h"

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-platform
 *
 * A worker on functions: invoked, it loads its partition and trains; before its life ends it stores
 * a checkpoint and invokes itself again; the successor loads partition and checkpoint and goes on,
 * bit by bit. Of the training nothing but the checkpoint's bytes survives an instance; what rounds
 * and loading took, and how many rounds there were, goes with the invocation. Connections end with
 * the instance, also that to a separate channel: its successor makes its own.
 *
 * A round begins only if it is expected to end LifetimeMargin and the time of a load before the
 * lifetime does: another worker may load meanwhile, and is waited for.
 *
 * An instance that reaches its lifetime is killed. A worker whose partition does not fit into the
 * memory fails when it has loaded it. A worker that would have to invoke itself again before it has
 * finished a round fails, and says so.
 *
 * Unlike in the released code of LambdaML, every worker stores a checkpoint of its own and waits
 * for it: there, all read worker 0's, which need not be there yet. Each checkpoint is a new object,
 * so that no successor reads an older one from a store that shows overwritten objects late
 * (StorageService, VisibilityDelay). None is deleted, which would be one more request of each life.
 */
class FunctionWorker : public TrainingWorker
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Where it runs; before it starts.
     * @param platform the platform
     */
    void SetPlatform(Ptr<FunctionPlatform> platform);

    /**
     * Instances used.
     * @return the number
     */
    uint32_t GetInvocations() const;

    /**
     * Listener to instances.
     * @param worker index of the worker
     * @param duration from begin to end
     * @param megabytes memory of the instance
     */
    typedef void (*InstanceTracedCallback)(uint32_t worker, Time duration, uint32_t megabytes);

  protected:
    void DoDispose() override;
    void DoStart() override;
    void DoLoaded() override;
    bool DoBeforeRound() override;
    void DoEnd() override;

  private:
    /// An instance begins.
    void BeginInstance();

    /// The instance ends.
    void EndInstance();

    /// Stores the state, then invokes itself again.
    void StoreCheckpoint();

    /// Reads the state.
    void LoadCheckpoint();

    /**
     * Name of the checkpoint after the rounds so far.
     * @return bucket/key
     */
    std::string GetCheckpointName() const;

    Ptr<FunctionPlatform> m_platform; //!< where it runs
    uint32_t m_invocations{0};        //!< instances so far
    bool m_isRunning{false};          //!< whether an instance runs
    Time m_begin;                     //!< of the instance
    Time m_loading;                   //!< longest time from a begin to the first round, so far
    uint32_t m_firstRound{0};         //!< rounds before the instance
    EventId m_kill;                   //!< end of the lifetime

    TracedCallback<uint32_t, Time, uint32_t> m_instanceTrace; //!< an instance ended
};

} // namespace serverless
} // namespace ns3

#endif /* FUNCTION_WORKER_H */
