/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef KERNELS_H
#define KERNELS_H

#include <cstdint>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup distributed-learning-learning
 *
 * The hot loops of the models: plain pointers and sizes in, plain numbers out.
 *
 * The same source is compiled once for each vector width (kernels-v1.cc, kernels-v3.cc,
 * kernels-v4.cc), and the widest that the processor has is used. Within one width results do not
 * depend on the machine, on the alignment of the caller's arrays, or on the threads; between widths
 * they differ in the last bits, because sums are split differently. The environment variable
 * DISTRIBUTED_LEARNING_WIDTH pins the width, or ns-3's global value VectorWidth: v1 (any x86-64, or
 * any other processor), v3 (AVX2 and FMA), v4 (AVX-512).
 */

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Loss of one sample with scores s and target t, and the scores' derivative.
 */
enum class Loss
{
    SQUARED,  //!< one score: (s - t)^2 / 2
    LOGISTIC, //!< one score, t in {0, 1}: log(1 + exp(s)) - t s
    HINGE,  //!< one score, t in {0, 1}, y = 2 t - 1: max(0, 1 - y s), whose derivative at the kink
            //!< is taken as 0
    SOFTMAX //!< one score a class, t the class: log(sum_k exp(s_k)) - s_t
};

/**
 * @ingroup distributed-learning-learning
 *
 * Extent of a convolution or a pooling of one sample: windows of kernel x kernel that move by
 * stride over an image with padding zeros around it. Images are channels x height x width.
 */
struct Windows
{
    uint32_t channels{1};  //!< channels of the input
    uint32_t height{1};    //!< rows of the input
    uint32_t width{1};     //!< columns of the input
    uint32_t filters{1};   //!< channels of the output
    uint32_t kernel{1};    //!< rows and columns of a window
    uint32_t stride{1};    //!< step between windows, rows and columns alike
    uint32_t padding{0};   //!< zeros on each side
    uint32_t outHeight{1}; //!< (height + 2 padding - kernel) / stride + 1, rounded down
    uint32_t outWidth{1};  //!< (width + 2 padding - kernel) / stride + 1, rounded down
};

/**
 * @ingroup distributed-learning-learning
 *
 * The samples of an affine map: dense rows, or compressed sparse rows as in Batch.
 * @tparam Scalar float or double
 */
template <typename Scalar>
struct Rows
{
    uint32_t count{0};                 //!< number of samples n
    uint32_t width{0};                 //!< features of a sample
    const Scalar* dense{nullptr};      //!< n x width, row-major; null when sparse
    const uint32_t* rowStart{nullptr}; //!< n + 1 entries; null when dense
    const uint32_t* columns{nullptr};  //!< column of each stored value
    const Scalar* values{nullptr};     //!< stored values
};

/**
 * @ingroup distributed-learning-learning
 *
 * Sequences of different lengths side by side, one step after the other: step t is the rows
 * start[t] .. start[t + 1] - 1, the k-th of them being of the k-th longest sequence, so that those
 * who end fall off at the end.
 */
struct Steps
{
    uint32_t count{0};              //!< steps of the longest sequence
    const uint32_t* start{nullptr}; //!< count + 1 entries; steps do not grow
};

/**
 * @ingroup distributed-learning-learning
 *
 * One vector width's functions. All are free of state and may run on several threads at once; only
 * large products allocate memory. n is a number of samples; weights are out x in, row-major;
 * scratch memory is 64-byte aligned, other arrays may lie anywhere.
 * @tparam Scalar float or double
 */
template <typename Scalar>
struct Kernels
{
    const char* width; //!< name of the width: v1, v3 or v4

    /**
     * y = x w' + b, then max(0, y) if relu.
     * y: n x out.
     */
    void (*affine)(const Rows<Scalar>& x,
                   const Scalar* w,
                   const Scalar* b,
                   uint32_t out,
                   bool relu,
                   Scalar* y);

    /**
     * Derivative by the weights and the bias of a loss and of the penalty on their squares:
     * gw = penalty w + delta' x, gb = penalty b + column sums of delta.
     * delta: n x out, 64-byte aligned; gw: out x in; gb: out.
     */
    void (*affineWeightGradient)(const Rows<Scalar>& x,
                                 const Scalar* delta,
                                 const Scalar* w,
                                 const Scalar* b,
                                 Scalar penalty,
                                 uint32_t out,
                                 Scalar* gw,
                                 Scalar* gb);

    /**
     * Derivative by the input: dx = delta w.
     * delta: n x out; dx: n x in.
     */
    void (*affineInputGradient)(const Scalar* delta,
                                const Scalar* w,
                                uint32_t n,
                                uint32_t in,
                                uint32_t out,
                                Scalar* dx);

    /**
     * Convolves each sample with each filter (cross-correlation, as is usual), adds the filter's
     * bias, then max(0, y) if relu. x: n x channels x height x width; w: filters x (channels x
     * kernel x kernel); y: n x filters x outHeight x outWidth; scratch: channels x kernel x kernel
     * x outHeight x outWidth.
     */
    void (*convolution)(const Windows& windows,
                        const Scalar* x,
                        const Scalar* w,
                        const Scalar* b,
                        uint32_t n,
                        bool relu,
                        Scalar* scratch,
                        Scalar* y);

    /**
     * Adds the derivative by weights and bias to gw and gb, and writes the derivative by the input
     * to dx unless dx is null. delta is shaped as convolution()'s y, dx as its x; scratch as there.
     */
    void (*convolutionGradient)(const Windows& windows,
                                const Scalar* x,
                                const Scalar* w,
                                const Scalar* delta,
                                uint32_t n,
                                Scalar* scratch,
                                Scalar* gw,
                                Scalar* gb,
                                Scalar* dx);

    /**
     * Largest value of each window (which lies inside the image), then max(0, y) if relu. At a tie
     * the first in row-major order counts. x, y: as in convolution(), filters = channels; winner:
     * for each y, the index of its x within the sample.
     */
    void (*maxPool)(const Windows& windows,
                    const Scalar* x,
                    uint32_t n,
                    bool relu,
                    Scalar* y,
                    uint32_t* winner);

    /**
     * Derivative of maxPool(): dx = 0, then each delta is added to its winner.
     */
    void (*maxPoolGradient)(const Windows& windows,
                            const Scalar* delta,
                            const uint32_t* winner,
                            uint32_t n,
                            Scalar* dx);

    /**
     * Derivative of max(0, .): sets delta to 0 where y is 0.
     */
    void (*maskRelu)(const Scalar* y, uint64_t count, Scalar* delta);

    /**
     * Sum of the samples' losses. scores: n x outputs, 64-byte aligned, overwritten with scale
     * times their derivative; scratch: n, 64-byte aligned;
     * correct: if not null, samples predicted right are added to it (at a tie the first class; a
     * score of 0 is class 0; a score that is not a number is never right).
     */
    double (*loss)(Loss loss,
                   const Scalar* targets,
                   uint32_t n,
                   uint32_t outputs,
                   Scalar scale,
                   Scalar* scratch,
                   Scalar* scores,
                   uint64_t* correct);

    /**
     * Starts a gradient: gradient = factor * parameters, or zeros if factor is 0.
     */
    void (*scaleInto)(const Scalar* parameters, Scalar factor, uint64_t count, Scalar* gradient);

    /**
     * c += a b, all column-major: Eigen's plain product, against which benchmarks measure the
     * others. a: m x k; b: k x n; c: m x n.
     */
    void (
        *product)(const Scalar* a, const Scalar* b, uint32_t m, uint32_t n, uint32_t k, Scalar* c);

    /**
     * Squared Euclidean norm, summed in double precision.
     */
    double (*squaredNorm)(const Scalar* x, uint64_t count);

    /**
     * Long short-term memory, from state 0. Of each row x, with the y and c of the row before it in
     * its sequence: (i, f, g, o) = wx x + wh y' + b; c = sigmoid(f) c' + sigmoid(i) tanh(g);
     * y = sigmoid(o) tanh(c). With n rows in all steps, x: n x in; wx: 4 hidden x in; wh: 4 hidden
     * x hidden; b: 4 hidden; start: hidden, written with 0; gates: n x 4 hidden, written with
     * sigmoids and tanh; cells: n x 2 hidden, written with c and tanh(c); y: n x hidden; all but
     * the weights 64-byte aligned.
     */
    void (*lstm)(const Steps& steps,
                 const Scalar* x,
                 const Scalar* wx,
                 const Scalar* wh,
                 const Scalar* b,
                 uint32_t in,
                 uint32_t hidden,
                 Scalar* start,
                 Scalar* gates,
                 Scalar* cells,
                 Scalar* y);

    /**
     * Derivatives of lstm(), of which start, gates, cells and y are; gates are overwritten with
     * their derivatives. dy: n x hidden, overwritten; scratch: n x hidden; gwx, gwh, gb: added to;
     * dx: n x in, written.
     */
    void (*lstmGradient)(const Steps& steps,
                         const Scalar* x,
                         const Scalar* wx,
                         const Scalar* wh,
                         uint32_t in,
                         uint32_t hidden,
                         const Scalar* start,
                         Scalar* gates,
                         const Scalar* cells,
                         const Scalar* y,
                         Scalar* dy,
                         Scalar* scratch,
                         Scalar* gwx,
                         Scalar* gwh,
                         Scalar* gb,
                         Scalar* dx);

    // Interleaved images: blocks of lanes samples, whose numbers of one channel and pixel lie side
    // by side: blocks x height x width x channels x lanes, 64-byte aligned. The last block is
    // filled up with zeros, and all functions keep it so. Windows are the convolution's.

    uint32_t lanes; //!< samples of a block: as many numbers as fit a vector

    /**
     * Numbers of scratch memory that the functions on interleaved images ask for.
     */
    uint64_t (*interleavedScratch)(const Windows& windows);

    /**
     * Interleaves images. x: n x channels x pixels; y: interleaved.
     */
    void (*interleave)(const Scalar* x, uint32_t n, uint32_t channels, uint32_t pixels, Scalar* y);

    /**
     * Convolves interleaved images x into interleaved images y, without bias. w: as in
     * convolution().
     */
    void (*interleavedConvolution)(const Windows& windows,
                                   const Scalar* x,
                                   const Scalar* w,
                                   uint32_t n,
                                   Scalar* scratch,
                                   Scalar* y);

    /**
     * Adds the derivative by the input to dx, shaped as x.
     */
    void (*interleavedInputGradient)(const Windows& windows,
                                     const Scalar* delta,
                                     const Scalar* w,
                                     uint32_t n,
                                     Scalar* scratch,
                                     Scalar* dx);

    /**
     * Adds the derivative by the weights to gw.
     */
    void (*interleavedWeightGradient)(const Windows& windows,
                                      const Scalar* x,
                                      const Scalar* delta,
                                      uint32_t n,
                                      Scalar* scratch,
                                      Scalar* gw);

    /**
     * Batch normalisation of a convolution's outputs z, with the mean and the (biased) variance of
     * each filter over the n samples and all pixels: y = max(0, gamma (z - mean) / sqrt(variance +
     * 1e-5) + beta + what a shortcut brings).
     * scales: gammas, then betas, one a filter;
     * skipped: windows of the first of the layers that the shortcut skips, whose images x are
     * shortcut: every stride-th row and column of them is added, channels that they lack are taken
     * as 0; null without shortcut;
     * statistics: receives the means, then 1 / sqrt(variance + 1e-5).
     */
    void (*normalize)(const Windows& windows,
                      const Scalar* z,
                      const Scalar* scales,
                      uint32_t n,
                      const Windows* skipped,
                      const Scalar* shortcut,
                      Scalar* scratch,
                      Scalar* statistics,
                      Scalar* y);

    /**
     * Derivative of normalize() but for max(0, .) and the shortcut: overwrites delta by the
     * derivative by z, and adds that by the scales to gradient.
     */
    void (*normalizeGradient)(const Windows& windows,
                              const Scalar* z,
                              const Scalar* scales,
                              const Scalar* statistics,
                              uint32_t n,
                              Scalar* scratch,
                              Scalar* delta,
                              Scalar* gradient);

    /**
     * Derivative by what a shortcut starts from: overwrites dx.
     */
    void (*shortcutGradient)(const Windows& windows,
                             const Windows& skipped,
                             const Scalar* delta,
                             uint32_t n,
                             Scalar* dx);

    /**
     * Mean over the pixels of interleaved images. y: n x channels; scratch: channels x lanes.
     */
    void (*meanPool)(const Scalar* x,
                     uint32_t n,
                     uint32_t channels,
                     uint32_t pixels,
                     Scalar* scratch,
                     Scalar* y);

    /**
     * Derivative of meanPool(): overwrites dx, interleaved. delta: n x channels.
     */
    void (*meanPoolGradient)(const Scalar* delta,
                             uint32_t n,
                             uint32_t channels,
                             uint32_t pixels,
                             Scalar* dx);
};

/**
 * The functions in use: the pinned width, or the widest that this processor has. Double precision
 * knows only v1.
 * @tparam Scalar float or double
 * @return the functions
 * @throws std::invalid_argument if DISTRIBUTED_LEARNING_WIDTH names a width that does not exist
 * here
 */
template <typename Scalar>
const Kernels<Scalar>& GetKernels();

/**
 * Widths that this build has and this processor can run, narrowest first.
 * @return some of v1, v3, v4
 */
std::vector<std::string> GetKernelWidths();

/**
 * Uses another width from now on, in place of the environment's choice. Not while another thread
 * computes.
 * @param width one of GetKernelWidths()
 * @throws std::invalid_argument if there is no such width here
 */
void SelectKernelWidth(const std::string& width);

} // namespace learning
} // namespace ns3

#endif /* KERNELS_H */
