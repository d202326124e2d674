#include "CVectorLoops.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

// Sums of products are fused: they are the kernel's business alone, as they would be BLAS's.
#pragma clang fp contract(fast)

#define WIDE __attribute__((target("avx512f,avx512dq")))

enum { lanes = 8, tile_rows = 6, tile_columns = 4, tile = tile_rows * tile_columns, most_rows = 1024, margin_points = 8 };

typedef double Vector __attribute__((vector_size(lanes * sizeof(double))));

// No function: a vector by value would depend on who calls.
#define LOAD(vector, source) memcpy(&(vector), source, sizeof(vector))

// sums[i] = the sum over the lanes of v[i], for eight vectors.
static inline __attribute__((always_inline)) WIDE void sum_lanes(const Vector *v, double *sums) {
  Vector pairs[4], fours[2];
  for (int i = 0; i < 4; i++)
    pairs[i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 0, 8, 2, 10, 4, 12, 6, 14) +
               __builtin_shufflevector(v[2 * i], v[2 * i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  for (int i = 0; i < 2; i++)
    fours[i] = __builtin_shufflevector(pairs[2 * i], pairs[2 * i + 1], 0, 1, 8, 9, 4, 5, 12, 13) +
               __builtin_shufflevector(pairs[2 * i], pairs[2 * i + 1], 2, 3, 10, 11, 6, 7, 14, 15);
  Vector sum = __builtin_shufflevector(fours[0], fours[1], 0, 1, 2, 3, 8, 9, 10, 11) +
               __builtin_shufflevector(fours[0], fours[1], 4, 5, 6, 7, 12, 13, 14, 15);
  memcpy(sums, &sum, sizeof sum);
}

// sums[i * tile_columns + j] = scaled column i · column j over whole vectors of rows. All sums stay in registers.
static inline WIDE void multiply_tile(const double *scaled, long scaled_stride, const double *const *columns, long rows,
                                      const double *upcoming, double *sums) {
  Vector total[tile] = {0};
  const double *first = columns[0], *second = columns[1], *third = columns[2], *fourth = columns[3];
  for (long row = 0; row < rows; row += lanes) {
    // One line a turn: asked for all at once they would wait for each other.
    __builtin_prefetch(upcoming + row, 0, 2);
    Vector x, a, b, c, d;
    LOAD(a, first + row);
    LOAD(b, second + row);
    LOAD(c, third + row);
    LOAD(d, fourth + row);
#pragma clang loop unroll(full)
    for (int i = 0; i < tile_rows; i++) {
      LOAD(x, scaled + i * scaled_stride + row);
      total[4 * i] += x * a;
      total[4 * i + 1] += x * b;
      total[4 * i + 2] += x * c;
      total[4 * i + 3] += x * d;
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < tile; i += lanes) sum_lanes(total + i, sums + i);
}

static WIDE void scale(const double *restrict source, const double *restrict weights, long rows,
                       double *restrict target) {
  for (long row = 0; row < rows; row++) target[row] = source[row] * weights[row];
}

static WIDE void weighted_gram_of_rows(const double *base, long stride, long columns, long rows,
                                       const double *weights, const double **upcoming, const double *upcoming_end,
                                       double *gram) {
  double scaled[tile_rows * most_rows] __attribute__((aligned(64)));
  double sums[tile];
  const long whole = rows / lanes * lanes;
  for (long first = 0; first < columns; first += tile_rows) {
    const long height = columns - first < tile_rows ? columns - first : tile_rows;
    // Beyond the last column it is taken again, and the products are dropped.
    for (long i = 0; i < tile_rows; i++)
      scale(base + (first + (i < height ? i : height - 1)) * stride, weights, rows, scaled + i * most_rows);
    for (long second = 0; second < first + height; second += tile_columns) {
      const long width = columns - second < tile_columns ? columns - second : tile_columns;
      const double *others[tile_columns];
      for (long j = 0; j < tile_columns; j++) others[j] = base + (second + (j < width ? j : width - 1)) * stride;
      multiply_tile(scaled, most_rows, others, whole, *upcoming, sums);
      // At the end the last lines are asked for again, which costs nothing.
      if (upcoming_end - *upcoming >= 2 * whole) *upcoming += whole;
      for (long i = 0; i < height; i++)
        for (long j = 0; j < width; j++) {
          double sum = sums[i * tile_columns + j];
          for (long row = whole; row < rows; row++) sum += scaled[i * most_rows + row] * others[j][row];
          gram[(first + i) * columns + second + j] += sum;
        }
    }
  }
}

WIDE void transposed_products(const double *base, long stride, long columns, long rows, const double *vectors,
                         long vector_stride, long points, double *products) {
  const long whole = rows / lanes * lanes;
  double sums[tile];
  for (long first = 0; first < columns; first += tile_rows) {
    // The last strip reaches back to columns that are done.
    const long start = first + tile_rows <= columns ? first : columns - tile_rows;
    for (long point = 0; point < points; point += tile_columns) {
      const long width = points - point < tile_columns ? points - point : tile_columns;
      const double *others[tile_columns];
      for (long j = 0; j < tile_columns; j++) others[j] = vectors + (point + (j < width ? j : width - 1)) * vector_stride;
      multiply_tile(base + start * stride, stride, others, whole, base + start * stride, sums);
      for (long i = first - start; i < tile_rows; i++)
        for (long j = 0; j < width; j++) {
          double sum = sums[i * tile_columns + j];
          for (long row = whole; row < rows; row++) sum += base[(start + i) * stride + row] * others[j][row];
          products[(point + j) * columns + start + i] += sum;
        }
    }
  }
}

// Margins of two vectors of rows for so many points.
static inline __attribute__((always_inline)) WIDE void margins_of_rows(const double *base, long stride, long columns,
                                                                       const double *coefficients, const int points,
                                                                       double *margins, long margin_stride) {
  Vector total[2 * margin_points] = {0};
  for (long column = 0; column < columns; column++) {
    Vector first, second;
    LOAD(first, base + column * stride);
    LOAD(second, base + column * stride + lanes);
#pragma clang loop unroll(full)
    for (int point = 0; point < points; point++) {
      const double coefficient = coefficients[point * columns + column];
      total[2 * point] += first * coefficient;
      total[2 * point + 1] += second * coefficient;
    }
  }
#pragma clang loop unroll(full)
  for (int point = 0; point < points; point++)
    memcpy(margins + point * margin_stride, total + 2 * point, 2 * sizeof *total);
}

WIDE void point_margins(const double *base, long stride, long columns, long rows, const double *coefficients,
                        long points, double *margins, long margin_stride) {
  for (long row = 0; row < rows; row += margin_rows)
    // The rows of all columns stay in the first level cache for all points.
    for (long point = 0; point < points; point += margin_points) {
      const double *own = coefficients + point * columns;
      double *target = margins + point * margin_stride + row;
      switch (points - point < margin_points ? points - point : margin_points) {
#define MARGINS(count) \
  case count: margins_of_rows(base + row, stride, columns, own, count, target, margin_stride); break
        MARGINS(1);
        MARGINS(2);
        MARGINS(3);
        MARGINS(4);
        MARGINS(5);
        MARGINS(6);
        MARGINS(7);
        MARGINS(8);
      }
    }
}

int has_weighted_gram(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"); }

void weighted_gram(const double *base, long stride, long columns, long rows, const double *weights,
                   const double *upcoming, long upcoming_count, double *gram) {
  const double *end = upcoming + upcoming_count;
  // Nothing upcoming: what is at hand anyway.
  if (upcoming_count < most_rows) end = (upcoming = base) + most_rows;
  for (long first = 0; first < rows; first += most_rows)
    weighted_gram_of_rows(base + first, stride, columns, rows - first < most_rows ? rows - first : most_rows,
                          weights + first, &upcoming, end, gram);
}

#else

int has_weighted_gram(void) { return 0; }

void transposed_products(const double *base, long stride, long columns, long rows, const double *vectors,
                         long vector_stride, long points, double *products) {
  __builtin_trap();
}

void point_margins(const double *base, long stride, long columns, long rows, const double *coefficients, long points,
                   double *margins, long margin_stride) {
  __builtin_trap();
}

void weighted_gram(const double *base, long stride, long columns, long rows, const double *weights,
                   const double *upcoming, long upcoming_count, double *gram) {
  __builtin_trap();
}

#endif
