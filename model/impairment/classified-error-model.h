/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CLASSIFIED_ERROR_MODEL_H
#define CLASSIFIED_ERROR_MODEL_H

#include "segment-error-model.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-impairment
 *
 * Gives each class of traffic on a device a loss law of its own: data segments, control segments
 * and packets of other applications.
 *
 * A class without a law of its own is not lost, unless DropControl or DropOther of this model says
 * that it shares the one of data. Each law has its own random stream and state, so what one class
 * sends does not change the losses of another. The DropControl and DropOther of the parts have no
 * say.
 */
class ClassifiedErrorModel : public SegmentErrorModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    int64_t AssignStreams(int64_t stream) override;

  protected:
    void DoDispose() override;

  private:
    bool DropsNextSegment(TrafficClass traffic, const SegmentTag::Message& message) override;
    bool IsSubject(TrafficClass traffic) const override;
    void DoReset() override;

    /**
     * The law that a class has of its own.
     * @param traffic the class
     * @return the law, or null
     */
    const Ptr<SegmentErrorModel>& GetOwn(TrafficClass traffic) const;

    Ptr<SegmentErrorModel> m_data;    //!< law of data, or null
    Ptr<SegmentErrorModel> m_control; //!< law of control, or null
    Ptr<SegmentErrorModel> m_other;   //!< law of other traffic, or null
};

} // namespace learning
} // namespace ns3

#endif /* CLASSIFIED_ERROR_MODEL_H */
