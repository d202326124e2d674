#ifndef REVISIT_BIN_LOOPS_H
#define REVISIT_BIN_LOOPS_H

#include <stdint.h>

/// bins[i] = number of edges at or below values[i], `missing` for NaN. `edges` holds 2·half − 1 of them in ascending
/// order, filled up with NaN behind the last one; half is a power of two, at most 128, or 0 for no edge.
void vector_bin_index(const double *values, long count, const double *edges, long half, uint8_t missing, uint8_t *bins);
/// Copies `columns` neighbouring columns of row-major rows, `stride` apart, to columns that are `capacity` apart.
void vector_columns_of_rows(const double *rows, long stride, long count, long columns, long capacity, double *target);
/// sums[2·bins[i]] += pairs[2·i], sums[2·bins[i] + 1] += pairs[2·i + 1]; rows with an even and with an odd number are
/// added to `even` and to `odd`, so that successive rows of one bin do not wait for each other.
void vector_bin_sums(const uint8_t *bins, const double *pairs, long count, double *even, double *odd);

#endif
