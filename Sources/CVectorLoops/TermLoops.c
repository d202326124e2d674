#include "TermLoops.h"

#include <stddef.h>

#pragma STDC FP_CONTRACT OFF

#define MOST_CELLS 4

#if defined(__x86_64__)
#define FOR_EACH_WIDTH __attribute__((target_clones("avx512dq", "avx2", "default")))
#else
#define FOR_EACH_WIDTH
#endif

// The cells that a row touches with their shares; `pair` is a constant where this is inlined.
static inline __attribute__((always_inline)) long cells_of(const TermRows *rows, int pair, long row, double *shares) {
  double share = rows->first_share[row];
  long first = rows->first[row];
  if (!pair) {
    shares[0] = 1 - share;
    shares[1] = share;
    return first;
  }
  double other = rows->second_share[row];
  shares[0] = (1 - share) * (1 - other);
  shares[1] = (1 - share) * other;
  shares[2] = share * (1 - other);
  shares[3] = share * other;
  return first * rows->width + rows->second[row];
}

// How far the k-th cell of a row lies behind its first one.
static inline __attribute__((always_inline)) long offset_of(const TermRows *rows, int k) {
  return (k & 1) + (k >> 1) * rows->width;
}

static inline __attribute__((always_inline)) void add_margins(const TermRows *rows, int pair, const double *values,
                                                              long start, long count, double *margins) {
  for (long i = 0; i < count; i++) {
    double shares[MOST_CELLS];
    const double *value = values + cells_of(rows, pair, start + i, shares);
    double sum = shares[0] * value[0] + shares[1] * value[1];
    if (pair) sum += shares[2] * value[rows->width] + shares[3] * value[rows->width + 1];
    margins[i] += sum;
  }
}

void term_add_margins(const TermRows *rows, const double *values, long start, long count, double *margins) {
  if (rows->second == NULL) {
    add_margins(rows, 0, values, start, count, margins);
  } else {
    add_margins(rows, 1, values, start, count, margins);
  }
}

static inline __attribute__((always_inline)) void add_sums(const TermRows *rows, int pair, const double *amounts,
                                                           long count, double *sums) {
  for (long i = 0; i < count; i++) {
    double shares[MOST_CELLS];
    double *sum = sums + cells_of(rows, pair, i, shares);
    for (int k = 0; k < (pair ? 4 : 2); k++) sum[offset_of(rows, k)] += amounts[i] * shares[k];
  }
}

void term_add_sums(const TermRows *rows, const double *amounts, long count, double *sums) {
  if (rows->second == NULL) {
    add_sums(rows, 0, amounts, count, sums);
  } else {
    add_sums(rows, 1, amounts, count, sums);
  }
}

static inline __attribute__((always_inline)) void add_gram(const TermRows *i, int i_pair, const TermRows *j, int j_pair,
                                                           const double *weights, long count, long cells,
                                                           double *gram) {
  for (long row = 0; row < count; row++) {
    double of_i[MOST_CELLS], of_j[MOST_CELLS];
    long cell_i = cells_of(i, i_pair, row, of_i);
    double *target = gram + cell_i * cells + cells_of(j, j_pair, row, of_j);
    for (int a = 0; a < (i_pair ? 4 : 2); a++) {
      double weight = weights[row] * of_i[a];
      double *line = target + offset_of(i, a) * cells;
      for (int b = 0; b < (j_pair ? 4 : 2); b++) line[offset_of(j, b)] += weight * of_j[b];
    }
  }
}

void term_add_gram(const TermRows *i, const TermRows *j, const double *weights, long count, long cells, double *gram) {
  if (i->second == NULL && j->second == NULL) {
    add_gram(i, 0, j, 0, weights, count, cells, gram);
  } else if (i->second == NULL) {
    add_gram(i, 0, j, 1, weights, count, cells, gram);
  } else if (j->second == NULL) {
    add_gram(i, 1, j, 0, weights, count, cells, gram);
  } else {
    add_gram(i, 1, j, 1, weights, count, cells, gram);
  }
}

// The directions of one feature at a row.
static inline __attribute__((always_inline)) void mix(const double *values, long columns, long node, double share,
                                                      double *result) {
  const double *here = values + node * columns;
  for (long c = 0; c < columns; c++) result[c] = (1 - share) * here[c] + share * here[columns + c];
}

// The same loop for both precisions; they differ in the type of the design alone.
#define DEFINE_FILL_DESIGN(NAME, REAL)                                                                                \
  FOR_EACH_WIDTH void NAME(const TermRows *rows, const TermDirectionSet *directions, const double *scales,            \
                           long start, long count, long stride, double *scratch, REAL *design) {                      \
    const int *first_of = directions->first_of, *second_of = directions->second_of;                                   \
    double *second = scratch + directions->first_columns;                                                             \
    for (long i = 0; i < count; i++) {                                                                                \
      REAL *row = design + i * stride;                                                                                \
      double scale = scales[i];                                                                                       \
      mix(directions->first, directions->first_columns, rows->first[start + i], rows->first_share[start + i],         \
          scratch);                                                                                                   \
      if (rows->second == NULL) {                                                                                     \
        for (long c = 0; c < directions->columns; c++) row[c] = (REAL)(scale * scratch[c]);                           \
      } else {                                                                                                        \
        mix(directions->second, directions->second_columns, rows->second[start + i], rows->second_share[start + i],   \
            second);                                                                                                  \
        for (long c = 0; c < directions->columns; c++)                                                                \
          row[c] = (REAL)(scale * scratch[first_of[c]] * second[second_of[c]]);                                       \
      }                                                                                                               \
    }                                                                                                                 \
  }

DEFINE_FILL_DESIGN(term_fill_design, double)
DEFINE_FILL_DESIGN(term_fill_single_design, float)

void term_add_pair_sums(const unsigned char *first, const unsigned char *second, long height, long width,
                        const unsigned char *folds, const double *gradients, const double *curvatures, long count,
                        double *sums) {
  for (long i = 0; i < count; i++) {
    double *cell = sums + 2 * ((folds[i] * height + first[i]) * width + second[i]);
    cell[0] += gradients[i];
    cell[1] += curvatures[i];
  }
}
