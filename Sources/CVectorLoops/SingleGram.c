#include "SingleTile.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

// Sums of products are fused: they are the kernel's business alone, as they would be BLAS's.
#pragma clang fp contract(fast)

enum { most_rows = 512 };

typedef float HalfSingles __attribute__((vector_size(lanes / 2 * sizeof(float))));

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
      multiply_tile(own, single_gram_stride, scratch + second * single_gram_stride, single_gram_stride, whole,
                    *upcoming, sums);
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
