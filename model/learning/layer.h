/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LAYER_H
#define LAYER_H

#include "kernels.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * One step of a layered model: an affine map of all numbers, a convolution, or a pooling, and
 * perhaps max(0, .) after it.
 *
 * Normalised convolutions work on interleaved images (see Kernels), so they come first in a model,
 * with a mean pooling after the last of them.
 */
struct Layer
{
    /// What the layer does.
    enum Kind
    {
        AFFINE,                 //!< y = W x + b
        CONVOLUTION,            //!< the same filters in every window, plus a bias each
        MAX_POOL,               //!< the largest value of every window
        NORMALIZED_CONVOLUTION, //!< a convolution without biases, batch normalisation, perhaps a
                                //!< shortcut, and max(0, .), always
        MEAN_POOL //!< the mean of every channel over all pixels, after a NORMALIZED_CONVOLUTION
    };

    /// Where the weights start; biases start at 0.
    enum Start
    {
        ZERO,       //!< 0
        HE_UNIFORM, //!< uniform in +-sqrt(6 / in), variance 2 / in (He et al., ICCV 2015, eq. 10),
                    //!< for layers followed by max(0, .)
        GLOROT_UNIFORM //!< uniform in +-sqrt(6 / (in + out)) (Glorot and Bengio, AISTATS 2010, eq.
                       //!< 16), for the last layer
    };

    Kind kind{AFFINE};    //!< what the layer does
    Start start{ZERO};    //!< where its weights start
    bool relu{false};     //!< whether max(0, .) follows, of the first three kinds
    bool shortcut{false}; //!< of a NORMALIZED_CONVOLUTION: whether what goes into the layer before
                          //!< it is added: every stride-th pixel, missing channels taken as 0
    uint32_t inputs{0};   //!< numbers of a sample that go in
    uint32_t outputs{0};  //!< numbers of a sample that come out
    Windows windows;      //!< of a convolution or a pooling; of MEAN_POOL only the input

    /**
     * Weighted sums, each with weights of its own.
     * @return outputs of an affine map, filters of a convolution, 0 of a pooling
     */
    uint32_t GetUnits() const;

    /**
     * Numbers of which one output is a weighted sum.
     * @return inputs of an affine map, channels x kernel x kernel of a convolution, 0 of a pooling
     */
    uint32_t GetFanIn() const;

    /**
     * Number of weights, biases not included.
     * @return units x fan-in
     */
    uint32_t GetWeightCount() const;

    /**
     * Number of biases, or of gammas and betas.
     * @return one a unit, two of a NORMALIZED_CONVOLUTION
     */
    uint32_t GetBiasCount() const;
};

/**
 * @ingroup distributed-learning-learning
 *
 * An affine layer.
 * @param inputs numbers of a sample that go in
 * @param outputs numbers of a sample that come out
 * @param start where its weights start
 * @param relu whether max(0, .) follows
 * @return the layer
 */
Layer MakeAffineLayer(uint32_t inputs, uint32_t outputs, Layer::Start start, bool relu);

/**
 * @ingroup distributed-learning-learning
 *
 * A convolution that is normalised; its weights start He-uniform.
 * @param windows its extent, but for outHeight and outWidth
 * @param shortcut whether a shortcut ends here
 * @return the layer
 */
Layer MakeNormalizedConvolutionLayer(Windows windows, bool shortcut);

} // namespace learning
} // namespace ns3

#endif /* LAYER_H */
