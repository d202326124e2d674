#ifndef SINGLE_TILE_H
#define SINGLE_TILE_H

#include "CVectorLoops.h"

#include <string.h>

// Products of a few columns in single precision, shared by the kernels for Gram matrices and for many points.

#if defined(__x86_64__) && defined(__linux__)

#pragma clang fp contract(fast)

#define WIDE __attribute__((target("avx512f,avx512dq")))

enum { lanes = single_lanes, tile_rows = 6, tile_columns = 4, tile = tile_rows * tile_columns };

typedef float Singles __attribute__((vector_size(lanes * sizeof(float))));
typedef double Doubles __attribute__((vector_size(lanes / 2 * sizeof(double))));

// No function: a vector by value would depend on who calls.
#define LOAD(vector, source) memcpy(&(vector), source, sizeof(vector))

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
#define PREFETCH(upcoming, row)                                            \
  __builtin_prefetch((const double *)(upcoming) + (row), 0, 2);            \
  __builtin_prefetch((const double *)(upcoming) + (row) + lanes / 2, 0, 2)

// sums[i * tile_columns + j] = column i of `first` · column j of `second`. All sums stay in registers.
static inline WIDE void multiply_tile(const float *first, long first_stride, const float *second, long second_stride,
                                      long rows, const void *upcoming, double *sums) {
  Singles total[tile] = {0};
  for (long row = 0; row < rows; row += lanes) {
    PREFETCH(upcoming, row);
    Singles x, a, b, c, d;
    LOAD(a, second + row);
    LOAD(b, second + second_stride + row);
    LOAD(c, second + 2 * second_stride + row);
    LOAD(d, second + 3 * second_stride + row);
#pragma clang loop unroll(full)
    for (int i = 0; i < tile_rows; i++) {
      LOAD(x, first + i * first_stride + row);
      total[4 * i] += x * a;
      total[4 * i + 1] += x * b;
      total[4 * i + 2] += x * c;
      total[4 * i + 3] += x * d;
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < tile; i += 4) sum_lanes(total + i, sums + i);
}

#endif

#endif
