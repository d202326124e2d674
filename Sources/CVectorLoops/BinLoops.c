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

void vector_columns_of_rows(const double *restrict rows, long stride, long count, long columns, long capacity,
                            double *restrict target) {
  for (long i = 0; i < count; i++)
    for (long column = 0; column < columns; column++) target[column * capacity + i] = rows[i * stride + column];
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
