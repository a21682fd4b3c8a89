// The official binary files of CIFAR-10 and CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html): rows of one label
// byte (CIFAR-100: coarse, then fine) and 3,072 bytes of a 32x32 image, red, green and blue planes.
#pragma once

#include <string>
#include <vector>

#include "libmodel/data/file_source.hpp"
#include "libmodel/data/import_dataset.hpp"

namespace checkerlab::model {

// True when the files hold data_batch_N.bin, or train.bin, anywhere.
bool is_cifar_binary(const std::vector<SourceFile>& files);

// Class names come from batches.meta.txt or fine_label_names.txt; where that is missing they are the label numbers.
// Without test_batch.bin or test.bin, images go to the test split as `goes_to_test` says of "FILE#ROW". Throws
// Error(invalid_data) when a file is not a whole number of rows or a label has no class.
Dataset import_cifar(FileSource& source, const std::vector<SourceFile>& files, const ImportOptions& options,
                     Observer& observer);

}  // namespace checkerlab::model
