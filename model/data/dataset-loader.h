/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DATASET_LOADER_H
#define DATASET_LOADER_H

#include "dataset.h"

#include "ns3/ptr.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * What a run learns from and what it is judged by; the two have the same shape and classes.
 */
struct LoadedData
{
    Ptr<Dataset> training; //!< to be dealt to the workers
    Ptr<Dataset> test;     //!< never learned from
};

/**
 * @ingroup distributed-learning-data
 *
 * Loads a data set by name. Legal names, with the defaults of all options:
 *
 * - `fashion-mnist`: Debian package dataset-fashion-mnist, or its four files in the directory;
 * - `mnist`: its four IDX files in the directory, compressed or not;
 * - `cifar-10`: data_batch_1.bin .. data_batch_5.bin and test_batch.bin in the directory or in its
 *   subdirectory cifar-10-batches-bin;
 * - `libsvm:FILE[:TESTFILE][:target=class,testShare=0.2]`: see ReadLibsvm();
 * - `csv:FILE[:TESTFILE][:target=class,label=last,testShare=0.2]`: see ReadCsv();
 * - `bio:FILE[:TESTFILE][:minimumCount=2,testShare=0.2]`: see ReadBio() and EncodeTexts();
 * -
 * `synthetic-linear[:samples=10000,testSamples=2000,seed=1,features=100,condition=100,noise=0.1]`:
 *   see LinearLaw;
 * - `synthetic-logistic[:samples=10000,testSamples=2000,seed=1,features=100,condition=100,signal=4,
 *   noise=0.05]`: see LogisticLaw;
 * - `synthetic-clusters[:samples=10000,testSamples=2000,seed=1,features=20,classes=10,
 *   separation=4]`: see ClusterLaw;
 * - `synthetic-quadratic[:samples=10000,testSamples=2000,seed=1,features=100,curvature=1,
 *   variance=1]`: see QuadraticLaw;
 * - `synthetic-atis[:samples=5000,testSamples=900,seed=1,vocabulary=943,noise=0.001]`: see
 *   FlightQueryLaw.
 *
 * target is class or regression, label is first or last. Without a TESTFILE, the share testShare of
 * the samples, above 0 and below 1, is held out: always the same ones, drawn at random. Paths may
 * not contain ":", nor "=" in the last part of the name; relative ones start at the directory.
 * @param name the name
 * @param directory where the files are; empty for the place where they are by default
 * @return training and test set
 * @throws std::invalid_argument if a name or option is not legal, with a list of the legal ones
 * @throws DataFileError if a file is missing, with what to install, or not what it should be
 */
LoadedData LoadDataset(const std::string& name, const std::string& directory = "");

/**
 * @ingroup distributed-learning-data
 *
 * The files that LoadDataset() would read, so that nobody writes to them.
 * @param name the name
 * @param directory where the files are; empty for the place where they are by default
 * @return their paths, none for data that are drawn
 * @throws std::invalid_argument if the name is not legal
 * @throws DataFileError if a file of a set with files of its own is missing
 */
std::vector<std::string> FindDatasetFiles(const std::string& name,
                                          const std::string& directory = "");

/**
 * @ingroup distributed-learning-data
 *
 * Legal names of data sets, for help texts.
 * @return a list, separated by commas
 */
std::string GetDatasetNames();

} // namespace learning
} // namespace ns3

#endif /* DATASET_LOADER_H */
