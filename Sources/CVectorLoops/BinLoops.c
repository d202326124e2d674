#include "BinLoops.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_WIDTH __attribute__((target_clones("avx512dq", "avx2", "default")))
#else
#define FOR_EACH_WIDTH
#endif
#define INLINE static inline __attribute__((always_inline))

// Values searched for side by side: their steps do not depend on each other, so that latencies overlap.
#define TOGETHER 32

INLINE void search(const double *restrict values, const double *restrict edges, long half, uint8_t missing,
                   uint8_t *restrict bins) {
  int64_t positions[TOGETHER] = {0};
  for (long step = half; step > 0; step /= 2)
    for (long i = 0; i < TOGETHER; i++)
      // A NaN behind the last edge is at or below nothing.
      positions[i] += edges[positions[i] + step - 1] <= values[i] ? step : 0;
  for (long i = 0; i < TOGETHER; i++) bins[i] = values[i] != values[i] ? missing : (uint8_t)positions[i];
}

FOR_EACH_WIDTH
void vector_bin_index(const double *restrict values, long count, const double *restrict edges, long half,
                      uint8_t missing, uint8_t *restrict bins) {
  long done = 0;
  for (; done + TOGETHER <= count; done += TOGETHER) search(values + done, edges, half, missing, bins + done);
  if (done < count) {
    double rest[TOGETHER] = {0};
    uint8_t found[TOGETHER];
    memcpy(rest, values + done, (size_t)(count - done) * sizeof rest[0]);
    search(rest, edges, half, missing, found);
    memcpy(bins + done, found, (size_t)(count - done));
  }
}

typedef double Four __attribute__((vector_size(32)));

// Turns four rows of four columns round.
INLINE void turn(const double *restrict rows, long stride, long capacity, double *restrict target) {
  Four a, b, c, d;
  memcpy(&a, rows, sizeof a);
  memcpy(&b, rows + stride, sizeof b);
  memcpy(&c, rows + 2 * stride, sizeof c);
  memcpy(&d, rows + 3 * stride, sizeof d);
  Four even_ab = __builtin_shufflevector(a, b, 0, 4, 2, 6), odd_ab = __builtin_shufflevector(a, b, 1, 5, 3, 7);
  Four even_cd = __builtin_shufflevector(c, d, 0, 4, 2, 6), odd_cd = __builtin_shufflevector(c, d, 1, 5, 3, 7);
  Four columns[4] = {
      __builtin_shufflevector(even_ab, even_cd, 0, 1, 4, 5), __builtin_shufflevector(odd_ab, odd_cd, 0, 1, 4, 5),
      __builtin_shufflevector(even_ab, even_cd, 2, 3, 6, 7), __builtin_shufflevector(odd_ab, odd_cd, 2, 3, 6, 7)};
  for (long column = 0; column < 4; column++)
    memcpy(target + column * capacity, &columns[column], sizeof columns[column]);
}

FOR_EACH_WIDTH
void vector_columns_of_rows(const double *restrict rows, long stride, long count, long columns, long capacity,
                            double *restrict target) {
  long whole_rows = count - count % 4, whole_columns = columns - columns % 4;
  for (long i = 0; i < whole_rows; i += 4)
    for (long column = 0; column < whole_columns; column += 4)
      turn(rows + i * stride + column, stride, capacity, target + column * capacity + i);
  for (long i = 0; i < count; i++)
    for (long column = i < whole_rows ? whole_columns : 0; column < columns; column++)
      target[column * capacity + i] = rows[i * stride + column];
}

INLINE void add(const double *restrict pair, double *restrict sums) {
  sums[0] += pair[0];
  sums[1] += pair[1];
}

void vector_bin_sums(const uint8_t *restrict bins, const double *restrict pairs, long count, double *restrict even,
                     double *restrict odd) {
  long i = 0;
  for (; i + 2 <= count; i += 2) {
    add(pairs + 2 * i, even + 2 * bins[i]);
    add(pairs + 2 * i + 2, odd + 2 * bins[i + 1]);
  }
  if (i < count) add(pairs + 2 * i, even + 2 * bins[i]);
}
