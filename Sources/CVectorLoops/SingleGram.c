#include "CVectorLoops.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

// Sums of products are fused: they are the kernel's business alone, as they would be BLAS's.
#pragma clang fp contract(fast)

#define WIDE __attribute__((target("avx512f,avx512dq")))

enum { lanes = 16, tile_rows = 6, tile_columns = 4, tile = tile_rows * tile_columns, most_rows = 512 };

typedef float Singles __attribute__((vector_size(lanes * sizeof(float))));
typedef float HalfSingles __attribute__((vector_size(lanes / 2 * sizeof(float))));
typedef double Doubles __attribute__((vector_size(lanes / 2 * sizeof(double))));

// No function: a vector by value would depend on who calls.
#define LOAD(vector, source) memcpy(&(vector), source, sizeof(vector))

static WIDE void square_roots(const double *restrict weights, long rows, double *restrict roots) {
  for (long row = 0; row < rows; row++) roots[row] = __builtin_sqrt(weights[row]);
}

// target = source * roots in single precision, zeros up to a whole vector; returns source · factors.
static WIDE double scale(const double *restrict source, const double *restrict roots, const double *restrict factors,
                         long rows, float *restrict target) {
  Doubles total[2] = {0}, value, root, factor;
  const long whole = rows / lanes * lanes;
  for (long row = 0; row < whole; row += lanes)
#pragma clang loop unroll(full)
    for (int half = 0; half < 2; half++) {
      const long first = row + half * lanes / 2;
      LOAD(value, source + first);
      LOAD(root, roots + first);
      LOAD(factor, factors + first);
      total[half] += value * factor;
      HalfSingles scaled = __builtin_convertvector(value * root, HalfSingles);
      memcpy(target + first, &scaled, sizeof scaled);
    }
  double product = 0;
  for (int i = 0; i < lanes / 2; i++) product += total[0][i] + total[1][i];
  for (long row = whole; row < rows; row++) {
    target[row] = (float)(source[row] * roots[row]);
    product += source[row] * factors[row];
  }
  for (long row = rows; row % lanes != 0; row++) target[row] = 0;
  return product;
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

// At the end the last lines are asked for again, which costs nothing.
static inline void advance(const double **upcoming, const double *end, long whole) {
  if (end - *upcoming >= 2 * whole) *upcoming += whole;
}

static WIDE void single_gram_of_rows(const double *base, long stride, long columns, long rows, const double *weights,
                                     const double *factors, const double **upcoming, const double *upcoming_end,
                                     float *scratch, double *gram, double *products) {
  double roots[most_rows], sums[tile];
  const long whole = (rows + lanes - 1) / lanes * lanes;
  square_roots(weights, rows, roots);
  for (long column = 0; column < columns; column++)
    products[column] += scale(base + column * stride, roots, factors, rows, scratch + column * single_gram_stride);
  // The strip that is not whole comes first, where it is shortest.
  for (long first = 0, height; first < columns; first += height) {
    height = first == 0 && columns % tile_rows != 0 ? columns % tile_rows : tile_rows;
    // Whole tiles reach beyond the diagonal by less than their width, a triangle does the rest.
    const long square_end = (first + tile_columns - 1) / tile_columns * tile_columns;
    const float *own = scratch + first * single_gram_stride;
    for (long second = 0; second < square_end; second += tile_columns) {
      multiply_tile(own, scratch + second * single_gram_stride, single_gram_stride, whole, *upcoming, sums);
      advance(upcoming, upcoming_end, whole);
      for (int i = 0; i < tile_rows; i++)
        for (int j = 0; j < tile_columns; j++) gram[(first + i) * columns + second + j] += sums[i * tile_columns + j];
    }
    const float *corner = scratch + square_end * single_gram_stride;
    const long order = first + height - square_end;
    switch (order) {
#define TRIANGLE(order) \
  case order: multiply_triangle(corner, single_gram_stride, whole, order, *upcoming, sums); break
      TRIANGLE(1);
      TRIANGLE(2);
      TRIANGLE(3);
      TRIANGLE(4);
      TRIANGLE(5);
      TRIANGLE(6);
    }
    advance(upcoming, upcoming_end, whole);
    for (long i = 0; i < order; i++)
      for (long j = 0; j <= i; j++)
        gram[(square_end + i) * columns + square_end + j] += sums[i * (i + 1) / 2 + j];
  }
}

int has_single_gram(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"); }

long single_gram_scratch(long columns) { return columns * single_gram_stride; }

void single_gram(const double *base, long stride, long columns, long rows, const double *weights,
                 const double *factors, const double *upcoming, long upcoming_count, float *scratch, double *gram,
                 double *products) {
  const double *end = upcoming + upcoming_count;
  // Nothing upcoming: what is at hand anyway.
  if (upcoming_count < most_rows) end = (upcoming = base) + most_rows;
  for (long first = 0; first < rows; first += most_rows)
    single_gram_of_rows(base + first, stride, columns, rows - first < most_rows ? rows - first : most_rows,
                        weights + first, factors + first, &upcoming, end, scratch, gram, products);
}

#else

int has_single_gram(void) { return 0; }

long single_gram_scratch(long columns) { return 0; }

void single_gram(const double *base, long stride, long columns, long rows, const double *weights,
                 const double *factors, const double *upcoming, long upcoming_count, float *scratch, double *gram,
                 double *products) {
  __builtin_trap();
}

#endif
