/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CONSENSUS_ADMM_H
#define CONSENSUS_ADMM_H

#include "local-optimization.h"

#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-optimization
 *
 * The alternating direction method of multipliers for a linear model of two classes, with an L1
 * penalty lambda on the weights w; the bias b has none. A round is LocalEpochs of mini-batches; the
 * vector is (u, w, b), twice the size of the model.
 *
 * RELEASED, what the released code of LambdaML does: steps on loss + (rho/2) |w + u - z|, a norm
 * that is not squared and leaves the bias out; u, w and b are averaged and every worker restarts
 * from the means; z = S(w + u) of the means, with the soft threshold S at lambda / (workers rho); u
 * = u + w - z of the means. u and z start uniform in [0, 1), u of each worker its own.
 *
 * TEXTBOOK: steps on loss + (rho/2) |w + u - z|^2, bias included; z = S(mean of w + u) (for the
 * bias the mean alone); u = u + w - z of the worker's own w, which it keeps; u and z start at 0 and
 * the model's start. S. Boyd et al., Foundations and Trends in Machine Learning 3 (2011),
 * section 7.1.1.
 *
 * Limits: convex models only, which here are those with one weight a feature and one bias.
 */
class ConsensusAdmm : public GradientOptimization
{
  public:
    /// Whose steps are taken.
    enum Variant
    {
        RELEASED, //!< those of the released code
        TEXTBOOK  //!< those of the textbook
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    void Compute() override;
    double GetEpochsPerRound() const override;
    std::vector<double> GetVector() const override;
    void Merge(const std::vector<double>& sum, uint32_t parts) override;
    double GetVectorFactor() const override;
    std::vector<float> GetParameters() const override;
    std::vector<double> Save() const override;
    void Restore(const std::vector<double>& state) override;

  protected:
    void DoConfigure() override;

  private:
    /// Adds the gradient of the penalty to that of the loss.
    void AddPenalty();

    Variant m_variant;       //!< whose steps are taken
    uint32_t m_localEpochs;  //!< epochs of a round
    double m_rho;            //!< penalty on disagreement
    double m_lambda;         //!< L1 penalty
    std::vector<double> m_u; //!< scaled dual variables, those of weights or of all parameters
    std::vector<double> m_z; //!< consensus, likewise
};

} // namespace serverless
} // namespace ns3

#endif /* CONSENSUS_ADMM_H */
