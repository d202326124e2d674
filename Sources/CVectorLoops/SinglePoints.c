#include "SingleTile.h"

#include <stdint.h>

#if defined(__x86_64__) && defined(__linux__)

// Sums of products are fused: they are the kernel's business alone, as they would be BLAS's.
#pragma clang fp contract(fast)

#define INLINE static inline __attribute__((always_inline))

enum { margin_points = 8, most_rows = 512 };

WIDE void single_copy(const double *restrict source, long count, float *restrict target) {
  for (long i = 0; i < count; i++) target[i] = (float)source[i];
}

// Margins of two vectors of rows for so many points.
INLINE WIDE void margins_of_rows(const float *base, long stride, long columns, const float *coefficients,
                                 const int points, float *margins, long margin_stride) {
  Singles total[2 * margin_points] = {0};
  for (long column = 0; column < columns; column++) {
    Singles first, second;
    LOAD(first, base + column * stride);
    LOAD(second, base + column * stride + lanes);
#pragma clang loop unroll(full)
    for (int point = 0; point < points; point++) {
      const float coefficient = coefficients[point * columns + column];
      total[2 * point] += first * coefficient;
      total[2 * point + 1] += second * coefficient;
    }
  }
#pragma clang loop unroll(full)
  for (int point = 0; point < points; point++)
    memcpy(margins + point * margin_stride, total + 2 * point, 2 * sizeof *total);
}

WIDE void single_point_margins(const float *base, long stride, long columns, long rows, const float *coefficients,
                               long points, float *margins, long margin_stride) {
  for (long row = 0; row < rows; row += single_margin_rows)
    // The rows of all columns stay in the first level cache for all points.
    for (long point = 0; point < points; point += margin_points) {
      const float *own = coefficients + point * columns;
      float *target = margins + point * margin_stride + row;
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

// The sum over the lanes, in double precision.
INLINE WIDE double sum_of_lanes(const Singles *v) {
  Doubles halves = __builtin_convertvector(__builtin_shufflevector(*v, *v, 0, 1, 2, 3, 4, 5, 6, 7), Doubles) +
                   __builtin_convertvector(__builtin_shufflevector(*v, *v, 8, 9, 10, 11, 12, 13, 14, 15), Doubles);
  double sum = 0;
  for (int i = 0; i < lanes / 2; i++) sum += halves[i];
  return sum;
}

WIDE void single_transposed_products(const float *base, long stride, long columns, long rows, const float *vectors,
                                     long vector_stride, long points, const float *upcoming, long upcoming_count,
                                     double *products) {
  double sums[tile];
  const long whole = (rows + lanes - 1) / lanes * lanes;
  // A tile asks for twice as much as it reads of a column.
  const float *end = upcoming + upcoming_count;
  for (long first = 0; first < columns; first += tile_rows) {
    // The last strip reaches back to columns that are done.
    const long start = first + tile_rows <= columns ? first : columns - tile_rows;
    for (long point = 0; point < points; point += tile_columns) {
      const float *own = base + start * stride;
      multiply_tile(own, stride, vectors + point * vector_stride, vector_stride, whole, upcoming, sums);
      // At the end the last lines are asked for again, which costs nothing.
      if (end - upcoming >= 4 * whole) upcoming += 2 * whole;
      for (long i = first - start; i < tile_rows; i++)
        for (long j = 0; j < tile_columns && point + j < points; j++)
          products[(point + j) * columns + start + i] += sums[i * tile_columns + j];
    }
  }
}

static const float log2e = 1.44269504f, ln2 = 0.693147181f;
// log 2 in two parts; the first has trailing zero bits, so that a small whole multiple of it is exact.
static const float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
// 1.5 * 2^23: adding it rounds to the nearest whole number, which is then in the lowest bits.
static const float rounding_shift = 12582912.0f;
static const uint32_t bits_of_one = 0x3f800000, bits_of_root_one_half = 0x3f3504f3;
// Changes of a margin beyond it are taken for it: powers of it, and odds times it, are normal numbers.
static const float greatest_change = 80;

INLINE uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

INLINE float from_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// log y of a normal number, to some 1e-7
INLINE float logarithm(float y) {
  int32_t exponent = (int32_t)(bits_of(y) - bits_of_root_one_half) >> 23;
  float f = from_bits(bits_of(y) - ((uint32_t)exponent << 23)) - 1;
  float s = f / (2 + f), z = s * s;
  return exponent * ln2 + s * (2 + z * (2.0f / 3 + z * (2.0f / 5 + z * (2.0f / 7))));
}

WIDE static void change_losses(const float *restrict probabilities, const float *restrict weights, long rows,
                               float *restrict changes, float *restrict losses) {
#pragma clang loop vectorize_width(16)
  for (long i = 0; i < rows; i++) {
    float change = changes[i], probability = probabilities[i], weight = weights[i];
    float raised = change < -greatest_change ? -greatest_change : change;
    float d = raised > greatest_change ? greatest_change : raised;
    // Both p and 1 - p, the lesser one as it is.
    float p = probability < 0 ? 1 + probability : probability;
    float rest = probability < 0 ? -probability : 1 - probability;
    // exp(d) and exp(d) - 1
    float shifted = d * log2e + rounding_shift, k = shifted - rounding_shift;
    float r = (d - k * ln2_high) - k * ln2_low;
    float q = r + r * r * (1.0f / 2 + r * (1.0f / 6 + r * (1.0f / 24 + r * (1.0f / 120 + r * (1.0f / 720 + r * (1.0f / 5040))))));
    float power = from_bits((bits_of(shifted) << 23) + bits_of_one);
    float rise = power * q + (power - 1), growth = power * q + power;
    // The odds grow by exp(d): p becomes p exp(d) / y.
    float z = p * rise, y = rest + p * growth;
    float inverse = 1 / y;
    // With what the rounding of 1 + z lost, where it is not small itself.
    float correction = (z - (y - 1)) * (y > 0.5f ? inverse : 0);
    losses[i] = weight * ((logarithm(y) + correction) - p * d);
    changes[i] = weight * (rest * z * inverse);
  }
}

WIDE double single_loss_changes(const float *probabilities, const float *weights, long rows, float *changes) {
  float losses[most_rows];
  double sum = 0;
  for (long first = 0; first < rows; first += most_rows) {
    const long some = rows - first < most_rows ? rows - first : most_rows;
    change_losses(probabilities + first, weights + first, some, changes + first, losses);
    const long whole = some / lanes * lanes;
    Singles total = {0}, loss;
    for (long row = 0; row < whole; row += lanes) {
      LOAD(loss, losses + row);
      total += loss;
    }
    sum += sum_of_lanes(&total);
    for (long row = whole; row < some; row++) sum += losses[row];
  }
  return sum;
}

#else

void single_copy(const double *source, long count, float *target) { __builtin_trap(); }

void single_point_margins(const float *base, long stride, long columns, long rows, const float *coefficients,
                          long points, float *margins, long margin_stride) {
  __builtin_trap();
}

void single_transposed_products(const float *base, long stride, long columns, long rows, const float *vectors,
                                long vector_stride, long points, const float *upcoming, long upcoming_count,
                                double *products) {
  __builtin_trap();
}

double single_loss_changes(const float *probabilities, const float *weights, long rows, float *changes) {
  __builtin_trap();
}

#endif
