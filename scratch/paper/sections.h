/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PAPER_SECTIONS_H
#define PAPER_SECTIONS_H

#include "../report/study-report.h"
#include "published-curves.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-paper
 *
 * Figures 2 and 3: mixing coefficients by closed form and sampled (database mixing).
 * @param report where to
 */
void AddMixingSection(StudyReport& report);

/**
 * @ingroup distributed-learning-paper
 *
 * The quadratic's stationary noise and dispersion, and both treatments of a lost gradient
 * (databases quadratic and quadratic-gradients).
 * @param report where to
 */
void AddQuadraticSection(StudyReport& report);

/**
 * @ingroup distributed-learning-paper
 *
 * The influence of drops against the number of servers: on the quadratic exactly, and on a small
 * network (databases quadratic and servers).
 * @param report where to
 */
void AddServersSection(StudyReport& report);

/**
 * @ingroup distributed-learning-paper
 *
 * Figures 4(a), 4(b), 5(a) and 5(b): image classification at reduced length (database images).
 * @param published the paper's curves
 * @param report where to
 */
void AddImagesSection(const PublishedCurves& published, StudyReport& report);

/**
 * @ingroup distributed-learning-paper
 *
 * The same by the paper's own recipe, if it was run (database cifar10).
 * @param published the paper's curves
 * @param report where to
 */
void AddCifarSection(const PublishedCurves& published, StudyReport& report);

/**
 * @ingroup distributed-learning-paper
 *
 * Figures 4(c) and 5(c): the language task (database language).
 * @param published the paper's curves
 * @param report where to
 */
void AddLanguageSection(const PublishedCurves& published, StudyReport& report);

/**
 * @ingroup distributed-learning-paper
 *
 * Figures 6 and 7, and the training under the loss that other traffic makes (databases network,
 * correlated and independent).
 * @param published the paper's curves
 * @param report where to
 */
void AddNetworkSection(const PublishedCurves& published, StudyReport& report);

} // namespace learning
} // namespace ns3

#endif /* PAPER_SECTIONS_H */
