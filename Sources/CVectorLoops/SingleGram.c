#include "CVectorLoops.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

// Sums of products are fused: they are the kernel's business alone, as they would be BLAS's.
#pragma clang fp contract(fast)

#define WIDE __attribute__((target("avx512f,avx512dq")))

enum { lanes = 16, tile_rows = 6, tile_columns = 4, tile = tile_rows * tile_columns, most_rows = 512 };

typedef float Singles __attribute__((vector_size(lanes * sizeof(float))));
typedef double Doubles __attribute__((vector_size(lanes / 2 * sizeof(double))));

// No function: a vector by value would depend on who calls.
#define LOAD(vector, source) memcpy(&(vector), source, sizeof(vector))

static WIDE void square_roots(const double *restrict weights, long rows, double *restrict roots) {
  for (long row = 0; row < rows; row++) roots[row] = __builtin_sqrt(weights[row]);
}

// target = source * roots in single precision, zeros up to a whole vector.
static WIDE void scale(const double *restrict source, const double *restrict roots, long rows, float *restrict target) {
  for (long row = 0; row < rows; row++) target[row] = (float)(source[row] * roots[row]);
  for (long row = rows; row % lanes != 0; row++) target[row] = 0;
}

// sums[i] = the sum over the lanes of v[i], for four vectors. A lane has added up most_rows / lanes products in single
// precision, then four lanes are added; the rest is double.
static inline __attribute__((always_inline)) WIDE void sum_lanes(const Singles *v, double *sums) {
  Singles p = __builtin_shufflevector(v[0], v[1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29) +
              __builtin_shufflevector(v[0], v[1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  Singles q = __builtin_shufflevector(v[2], v[3], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29) +
              __builtin_shufflevector(v[2], v[3], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  Singles fours = __builtin_shufflevector(p, q, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +
                  __builtin_shufflevector(p, q, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
  Doubles halves =
      __builtin_convertvector(__builtin_shufflevector(fours, fours, 0, 1, 2, 3, 4, 5, 6, 7), Doubles) +
      __builtin_convertvector(__builtin_shufflevector(fours, fours, 8, 9, 10, 11, 12, 13, 14, 15), Doubles);
  for (int j = 0; j < 4; j++) sums[j] = halves[j] + halves[j + 4];
}

// Two lines a turn: asked for all at once they would wait for each other.
#define PREFETCH(upcoming, row)                      \
  __builtin_prefetch((upcoming) + (row), 0, 2);      \
  __builtin_prefetch((upcoming) + (row) + lanes / 2, 0, 2)

// sums[i * tile_columns + j] = column i of `first` · column j of `second`. All sums stay in registers.
static inline WIDE void multiply_tile(const float *first, const float *second, long stride, long rows,
                                      const double *upcoming, double *sums) {
  Singles total[tile] = {0};
  for (long row = 0; row < rows; row += lanes) {
    PREFETCH(upcoming, row);
    Singles x, a, b, c, d;
    LOAD(a, second + row);
    LOAD(b, second + stride + row);
    LOAD(c, second + 2 * stride + row);
    LOAD(d, second + 3 * stride + row);
#pragma clang loop unroll(full)
    for (int i = 0; i < tile_rows; i++) {
      LOAD(x, first + i * stride + row);
      total[4 * i] += x * a;
      total[4 * i + 1] += x * b;
      total[4 * i + 2] += x * c;
      total[4 * i + 3] += x * d;
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < tile; i += 4) sum_lanes(total + i, sums + i);
}

// sums[i * (i + 1) / 2 + j] = column i · column j for j <= i < order, a tile on the diagonal.
static inline __attribute__((always_inline)) WIDE void multiply_triangle(const float *columns, long stride, long rows,
                                                                         const int order, const double *upcoming,
                                                                         double *sums) {
  Singles total[tile] = {0};
  for (long row = 0; row < rows; row += lanes) {
    PREFETCH(upcoming, row);
    Singles x[tile_rows];
#pragma clang loop unroll(full)
    for (int i = 0; i < order; i++) LOAD(x[i], columns + i * stride + row);
#pragma clang loop unroll(full)
    for (int i = 0; i < order; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j <= i; j++) total[i * (i + 1) / 2 + j] += x[i] * x[j];
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < order * (order + 1) / 2; i += 4) sum_lanes(total + i, sums + i);
}

static WIDE void single_gram_of_rows(const double *base, long stride, long columns, long rows, const double *weights,
                                     const double **upcoming, const double *upcoming_end, float *scratch,
                                     double *gram) {
  double roots[most_rows], sums[tile];
  const long whole = (rows + lanes - 1) / lanes * lanes;
  square_roots(weights, rows, roots);
  for (long column = 0; column < columns; column++)
    scale(base + column * stride, roots, rows, scratch + column * single_gram_stride);
  for (long first = 0; first < columns; first += tile_rows) {
    const long height = columns - first < tile_rows ? columns - first : tile_rows;
    // Tiles as long as whole ones reach no further than two columns beyond the diagonal, then a triangle.
    const long square_end = (first + tile_columns - 1) / tile_columns * tile_columns;
    const float *own = scratch + first * single_gram_stride;
    for (long second = 0; second < square_end && second < first + height; second += tile_columns) {
      const long width = columns - second < tile_columns ? columns - second : tile_columns;
      multiply_tile(own, scratch + second * single_gram_stride, single_gram_stride, whole, *upcoming, sums);
      // At the end the last lines are asked for again, which costs nothing.
      if (upcoming_end - *upcoming >= 2 * whole) *upcoming += whole;
      if (height == tile_rows && width == tile_columns) {
        for (int i = 0; i < tile_rows; i++)
          for (int j = 0; j < tile_columns; j++)
            gram[(first + i) * columns + second + j] += sums[i * tile_columns + j];
      } else {
        for (long i = 0; i < height; i++)
          for (long j = 0; j < width; j++) gram[(first + i) * columns + second + j] += sums[i * tile_columns + j];
      }
    }
    if (square_end >= first + height) continue;
    const float *corner = scratch + square_end * single_gram_stride;
    if (square_end == first)
      multiply_triangle(corner, single_gram_stride, whole, tile_rows, *upcoming, sums);
    else
      multiply_triangle(corner, single_gram_stride, whole, tile_rows - tile_columns / 2, *upcoming, sums);
    if (upcoming_end - *upcoming >= 2 * whole) *upcoming += whole;
    for (long i = 0; square_end + i < first + height; i++)
      for (long j = 0; j <= i; j++)
        gram[(square_end + i) * columns + square_end + j] += sums[i * (i + 1) / 2 + j];
  }
}

int has_single_gram(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"); }

// A tile that hangs over reads columns beyond the last one, and drops their products.
long single_gram_scratch(long columns) { return (columns + tile_rows + tile_columns) * single_gram_stride; }

void single_gram(const double *base, long stride, long columns, long rows, const double *weights,
                 const double *upcoming, long upcoming_count, float *scratch, double *gram) {
  const double *end = upcoming + upcoming_count;
  // Nothing upcoming: what is at hand anyway.
  if (upcoming_count < most_rows) end = (upcoming = base) + most_rows;
  for (long first = 0; first < rows; first += most_rows)
    single_gram_of_rows(base + first, stride, columns, rows - first < most_rows ? rows - first : most_rows,
                        weights + first, &upcoming, end, scratch, gram);
}

#else

int has_single_gram(void) { return 0; }

long single_gram_scratch(long columns) { return 0; }

void single_gram(const double *base, long stride, long columns, long rows, const double *weights,
                 const double *upcoming, long upcoming_count, float *scratch, double *gram) {
  __builtin_trap();
}

#endif
