#include "CVectorLoops.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_WIDTH __attribute__((target_clones("avx512dq", "avx2", "default")))
#else
#define FOR_EACH_WIDTH
#endif
#define INLINE static inline __attribute__((always_inline))

// The functions below agree with the C library's to 1e-15 relative. Their coefficients are those of plain Taylor
// series, which converge fast enough after the range is reduced.

static const double log2e = 1.4426950408889634;
// log 2 in two parts; the first has trailing zero bits, so that a small whole multiple of it is exact.
static const double ln2_high = 6.93147180369123816490e-01;
static const double ln2_low = 1.90821492927058770002e-10;
static const double ln2 = 0.6931471805599453;
static const double root_two_minus_one = 0.41421356237309503;
// 1.5 * 2^52: adding it rounds to the nearest whole number, which is then in the lowest bits.
static const double rounding_shift = 6755399441055744.0;
static const double two_to_52 = 4503599627370496.0;
static const uint64_t bits_of_two_to_52 = 0x4330000000000000;
static const uint64_t bits_of_one = 0x3ff0000000000000;
static const uint64_t bits_of_root_one_half = 0x3fe6a09e667f3bcd;
// Least argument whose exponential is a normal number.
static const double least_exponent = -708.0;

INLINE uint64_t bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

INLINE double from_bits(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// 2 artanh(s) for |s| <= .172
INLINE double twice_artanh(double s) {
  double z = s * s, z2 = z * z, z4 = z2 * z2;
  double low = (1.0 / 3 + z * (1.0 / 5)) + z2 * (1.0 / 7 + z * (1.0 / 9));
  double high = (1.0 / 11 + z * (1.0 / 13)) + z2 * (1.0 / 15 + z * (1.0 / 17));
  return 2 * s + 2 * s * z * (low + z4 * (high + z4 * (1.0 / 19 + z * (1.0 / 21))));
}

// exp(x) for x <= 0; below -708 that of -708
INLINE double exponential(double x) {
  double bounded = x < least_exponent ? least_exponent : x;
  double shifted = bounded * log2e + rounding_shift;
  double k = shifted - rounding_shift;
  double r = (bounded - k * ln2_high) - k * ln2_low;
  double r2 = r * r, r4 = r2 * r2;
  double low = (1 + r) + r2 * (0.5 + r * (1.0 / 6));
  double middle = (1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040));
  double high = (1.0 / 40320 + r * (1.0 / 362880)) + r2 * (1.0 / 3628800 + r * (1.0 / 39916800));
  double polynomial = low + r4 * (middle + r4 * (high + r4 * (1.0 / 479001600)));
  // The lowest bits of `shifted` are k: they become the exponent of 2^k.
  return polynomial * from_bits((bits_of(shifted) << 52) + bits_of_one);
}

// log(1 + x) for x in 0...1
INLINE double logarithm_of_one_plus(double x) {
  // Above sqrt(2) - 1 the half of 1 + x is taken, so that |s| stays below .172.
  int is_large = x > root_two_minus_one;
  double s = (is_large ? x - 1 : x) / (is_large ? x + 3 : x + 2);
  return (is_large ? ln2 : 0) + twice_artanh(s);
}

// sign(x) log(1 + |x|); NaN stays NaN
INLINE double signed_logarithm(double x) {
  double a = fabs(x);
  double y = 1 + a;
  // What the rounding of 1 + |x| lost.
  double correction = (a - (y - 1)) / y;
  uint64_t exponent = (bits_of(y) - bits_of_root_one_half) >> 52;
  double k = from_bits(exponent | bits_of_two_to_52) - two_to_52;
  double f = from_bits(bits_of(y) - (exponent << 52)) - 1;
  double logarithm = k * ln2_high + (twice_artanh(f / (2 + f)) + (k * ln2_low + correction));
  return copysign(logarithm, x);
}

INLINE double within(double x, const VectorTerm *term) {
  // NaN fails both comparisons and passes through.
  double raised = x < term->lower ? term->lower : x;
  return raised > term->upper ? term->upper : raised;
}

INLINE double finish(double transformed, const VectorTerm *term) {
  double value = term->offset + term->slope * (transformed - term->centre);
  return value != value ? term->missing : value;
}

// Kept apart from the arithmetic: compilers vectorise a loop with a variable stride for a stride of 1 only.
INLINE void gather(const double *restrict source, long stride, long count, double *restrict target) {
  for (long i = 0; i < count; i++) target[i] = source[i * stride];
}

void vector_gather(const double *source, long stride, long count, double *target) {
  gather(source, stride, count, target);
}

FOR_EACH_WIDTH
void vector_linear_in_place(long count, const VectorTerm *term, double *restrict target) {
  const VectorTerm own = *term;
  for (long i = 0; i < count; i++) target[i] = finish(within(target[i], &own), &own);
}

FOR_EACH_WIDTH
void vector_logarithm_in_place(long count, const VectorTerm *term, double *restrict target) {
  const VectorTerm own = *term;
  for (long i = 0; i < count; i++)
    target[i] = finish(signed_logarithm(within(target[i], &own)), &own);
}

void vector_linear_term(const double *restrict source, long stride, long count, const VectorTerm *term,
                        double *restrict target) {
  gather(source, stride, count, target);
  vector_linear_in_place(count, term, target);
}

void vector_logarithm_term(const double *restrict source, long stride, long count, const VectorTerm *term,
                           double *restrict target) {
  gather(source, stride, count, target);
  vector_logarithm_in_place(count, term, target);
}

FOR_EACH_WIDTH
void vector_missing_mark(const double *restrict source, long stride, long count, double present, double missing,
                         double *restrict target) {
  gather(source, stride, count, target);
  for (long i = 0; i < count; i++) target[i] = target[i] != target[i] ? missing : present;
}

void vector_lookup(const double *restrict source, long stride, long count, const double *restrict table, long levels,
                   double missing, double unseen, double *restrict target) {
  for (long i = 0; i < count; i++) {
    double value = source[i * stride];
    target[i] = value >= 0 && value < levels ? table[(long)value] : value != value ? missing : unseen;
  }
}

FOR_EACH_WIDTH
void vector_position_mark(const double *restrict positions, long count, double position, double present, double absent,
                          double *restrict target) {
  for (long i = 0; i < count; i++) target[i] = positions[i] == position ? present : absent;
}

FOR_EACH_WIDTH
void vector_logistic(long count, double *target) {
  for (long i = 0; i < count; i++) {
    double margin = target[i];
    double e = exponential(-fabs(margin));
    target[i] = (margin < 0 ? e : 1) / (1 + e);
  }
}

FOR_EACH_WIDTH
void vector_log_loss(const double *restrict margins, const double *restrict outcomes, const double *restrict weights,
                     long stride, long count, double *restrict losses, double *restrict residuals,
                     double *restrict curvatures) {
  for (long i = 0; i < count; i++) {
    double margin = margins[i], outcome = outcomes[i * stride], weight = weights[i * stride];
    // exp(-|margin|) never overflows, and each of the terms keeps its relative precision.
    double e = exponential(-fabs(margin));
    double inverse = 1 / (1 + e);
    double probability = (margin < 0 ? e : 1) * inverse;
    double softplus = (margin < 0 ? 0 : margin) + logarithm_of_one_plus(e);
    losses[i] = weight * (softplus - outcome * margin);
    residuals[i] = weight * (probability - outcome);
    curvatures[i] = weight * (e * inverse * inverse);
  }
}

FOR_EACH_WIDTH
void vector_signed_probabilities(const double *restrict margins, long count, float *restrict target) {
  for (long i = 0; i < count; i++) {
    double e = exponential(-fabs(margins[i]));
    double lesser = e / (1 + e);
    target[i] = (float)(margins[i] < 0 ? lesser : -lesser);
  }
}

enum { lanes = vector_group_width, transposed_bytes = 1 << 14 };
typedef double Vector __attribute__((vector_size(lanes * sizeof(double))));
typedef double HalfVector __attribute__((vector_size(lanes / 2 * sizeof(double))));
typedef long Mask __attribute__((vector_size(lanes * sizeof(long))));

// No functions: vectors by value would depend on who calls.
#define LOAD(vector, source) memcpy(&(vector), source, sizeof(vector))
#define CHOSEN(mask, first, second) ((Vector)(((Mask)(first) & (mask)) | ((Mask)(second) & ~(mask))))

// The constants of a group, once with its first and once with its last four features twice.
typedef struct {
  Vector lower[2], upper[2], centre[2], slope[2], offset[2], missing[2];
} Halves;

INLINE void halve(const double *constants, Vector *halves) {
  Vector all;
  LOAD(all, constants);
  halves[0] = __builtin_shufflevector(all, all, 0, 1, 2, 3, 0, 1, 2, 3);
  halves[1] = __builtin_shufflevector(all, all, 4, 5, 6, 7, 4, 5, 6, 7);
}

INLINE void halve_terms(const VectorTermGroup *terms, Halves *halves) {
  halve(terms->lower, halves->lower);
  halve(terms->upper, halves->upper);
  halve(terms->centre, halves->centre);
  halve(terms->slope, halves->slope);
  halve(terms->offset, halves->offset);
  halve(terms->missing, halves->missing);
}

// Takes the logarithm of those of four features, twice, whose bits are set.
INLINE void take_logarithms(unsigned char logarithms, Vector *values) {
  double lane[lanes];
  memcpy(lane, values, sizeof lane);
  for (int i = 0; i < lanes; i++) {
    double logarithm = signed_logarithm(lane[i]);
    lane[i] = logarithms >> i % (lanes / 2) & 1 ? logarithm : lane[i];
  }
  memcpy(values, lane, sizeof lane);
}

// The terms of eight rows of four features side by side, one feature after the other. The features of a row beside
// those of two rows below fill a vector, and pairs of rows, then of pairs, change places.
// Without offsets those of the terms are left out.
INLINE void transpose_half(const double *source, long stride, const Halves *terms, int half, int with_offsets,
                           unsigned char logarithms, Vector *columns) {
  Vector rows[4];
  for (int i = 0; i < 4; i++) {
    const double *first = source + (i / 2 * 4 + i % 2) * stride + half * lanes / 2;
    HalfVector upper, lower;
    LOAD(upper, first);
    LOAD(lower, first + 2 * stride);
    Vector value = __builtin_shufflevector(upper, lower, 0, 1, 2, 3, 4, 5, 6, 7);
    value = CHOSEN(value < terms->lower[half], terms->lower[half], value);
    value = CHOSEN(value > terms->upper[half], terms->upper[half], value);
    if (logarithms != 0) take_logarithms(logarithms, &value);
    value = terms->slope[half] * (value - terms->centre[half]);
    if (with_offsets) value = terms->offset[half] + value;
    rows[i] = CHOSEN(value != value, terms->missing[half], value);
  }
  const Vector even[2] = {__builtin_shufflevector(rows[0], rows[1], 0, 8, 2, 10, 4, 12, 6, 14),
                          __builtin_shufflevector(rows[2], rows[3], 0, 8, 2, 10, 4, 12, 6, 14)};
  const Vector odd[2] = {__builtin_shufflevector(rows[0], rows[1], 1, 9, 3, 11, 5, 13, 7, 15),
                         __builtin_shufflevector(rows[2], rows[3], 1, 9, 3, 11, 5, 13, 7, 15)};
  columns[0] = __builtin_shufflevector(even[0], even[1], 0, 1, 4, 5, 8, 9, 12, 13);
  columns[1] = __builtin_shufflevector(odd[0], odd[1], 0, 1, 4, 5, 8, 9, 12, 13);
  columns[2] = __builtin_shufflevector(even[0], even[1], 2, 3, 6, 7, 10, 11, 14, 15);
  columns[3] = __builtin_shufflevector(odd[0], odd[1], 2, 3, 6, 7, 10, 11, 14, 15);
}

INLINE VectorTerm term_of(const VectorTermGroup *terms, int lane) {
  return (VectorTerm){terms->lower[lane], terms->upper[lane],  terms->centre[lane],
                      terms->slope[lane], terms->offset[lane], terms->missing[lane]};
}

// Rows, in whole vectors, of so many groups whose values stay in the first level cache beside as many after them.
INLINE long rows_together(long groups) {
  const long rows = transposed_bytes / (groups * (long)sizeof(Vector)) / lanes * lanes;
  return rows < lanes ? lanes : rows;
}

INLINE void ask_for(const double *source, long stride) {
  for (int i = 0; i < lanes; i++) __builtin_prefetch(source + i * stride);
}

FOR_EACH_WIDTH
void vector_transpose(const double *rows, long stride, long count, long groups, const long *features,
                      const VectorTermGroup *terms, double *const *targets) {
  const long whole = count / lanes * lanes, together = rows_together(groups);
  for (long first = 0; first < whole; first += together) {
    const long end = first + together < whole ? first + together : whole;
    for (long group = 0; group < groups; group++) {
      Halves halves;
      halve_terms(terms + group, &halves);
      double *const *own = targets + group * lanes;
      for (long row = first; row < end; row += lanes) {
        const double *source = rows + row * stride + features[group];
        ask_for(source + together * stride, stride);
        for (int half = 0; half < 2; half++) {
          Vector columns[lanes / 2];
          transpose_half(source, stride, &halves, half, 0, 0, columns);
          for (int i = 0; i < lanes / 2; i++) memcpy(own[half * lanes / 2 + i] + row, &columns[i], sizeof columns[i]);
        }
      }
    }
  }
  for (long group = 0; group < groups; group++)
    for (int i = 0; i < lanes; i++) {
      const VectorTerm own = term_of(terms + group, i);
      for (long row = whole; row < count; row++)
        targets[group * lanes + i][row] = finish(within(rows[row * stride + features[group] + i], &own), &own);
    }
}

FOR_EACH_WIDTH
void vector_add_rows(const double *rows, long stride, long count, long groups, const long *features,
                     const VectorTermGroup *terms, const unsigned char *logarithms, double *target) {
  const long whole = count / lanes * lanes, together = rows_together(groups);
  for (long first = 0; first < whole; first += together) {
    const long end = first + together < whole ? first + together : whole;
    for (long group = 0; group < groups; group++) {
      Halves halves;
      halve_terms(terms + group, &halves);
      for (long row = first; row < end; row += lanes) {
        const double *source = rows + row * stride + features[group];
        ask_for(source + together * stride, stride);
        Vector total, columns[lanes / 2];
        LOAD(total, target + row);
        for (int half = 0; half < 2; half++) {
          transpose_half(source, stride, &halves, half, 1, logarithms[group] >> half * lanes / 2 & 15, columns);
          // One after the other, whichever group a feature is in: its place in the row changes no bit.
          for (int i = 0; i < lanes / 2; i++) total += columns[i];
        }
        memcpy(target + row, &total, sizeof total);
      }
    }
  }
  for (long row = whole; row < count; row++)
    for (long group = 0; group < groups; group++)
      for (int i = 0; i < lanes; i++) {
        const VectorTerm own = term_of(terms + group, i);
        double value = within(rows[row * stride + features[group] + i], &own);
        if (logarithms[group] >> i & 1) value = signed_logarithm(value);
        target[row] += finish(value, &own);
      }
}

// Rows whose values stay in the first level cache while one group of features after the other is looked at.
enum { surveyed_together = 64 };

// A number that stands for a row, such that sums of different sets of rows differ (SplitMix64's mixer).
INLINE unsigned long mark_of(long row) {
  unsigned long bits = (unsigned long)row * 0x9e3779b97f4a7c15;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
  return bits ^ (bits >> 31);
}

// Range over rows that all have a weight; returns whether a value is missing.
FOR_EACH_WIDTH
static int survey_ranges(const double *rows, long stride, long count, double *least, double *greatest) {
  Vector low, high, value;
  Mask missing = {0};
  LOAD(low, least);
  LOAD(high, greatest);
  for (long row = 0; row < count; row++) {
    LOAD(value, rows + row * stride);
    low = CHOSEN(value < low, value, low);
    high = CHOSEN(value > high, value, high);
    missing |= value != value;
  }
  memcpy(least, &low, sizeof low);
  memcpy(greatest, &high, sizeof high);
  long any = 0;
  for (int i = 0; i < lanes; i++) any |= missing[i];
  return any != 0;
}

static void survey_range(const double *rows, long stride, long count, const double *weights, double *least,
                         double *greatest) {
  for (long row = 0; row < count; row++) {
    double value = rows[row * stride];
    if (!(weights[row] > 0)) continue;
    if (value < *least) *least = value;
    if (value > *greatest) *greatest = value;
  }
}

static void survey_missing(const double *rows, long stride, long count, const double *weights, long first,
                           double *missing_weight, unsigned long *missing_pattern) {
  for (long row = 0; row < count; row++) {
    double value = rows[row * stride];
    if (value == value || !(weights[row] > 0)) continue;
    *missing_weight += weights[row];
    *missing_pattern += mark_of(first + row);
  }
}

void vector_survey(const double *rows, long stride, long columns, long count, const double *weights, long first, double *least,
                   double *greatest, double *missing_weight, unsigned long *missing_pattern) {
  for (long start = 0; start < count; start += surveyed_together) {
    const long some = count - start < surveyed_together ? count - start : surveyed_together;
    const double *base = rows + start * stride, *weight = weights + start;
    if (start + some < count)
      for (long row = some; row < 2 * some; row++) vector_prefetch(base + row * stride, columns);
    int all_count = 1;
    for (long row = 0; row < some; row++) all_count &= weight[row] > 0;
    for (long column = 0; column < columns;) {
      long width = columns - column < lanes ? columns - column : lanes;
      int may_miss = 1;
      if (all_count && columns >= lanes) {
        // The last group reaches back to columns that were looked at: their range stays what it is.
        const long group = column + width - lanes;
        may_miss = survey_ranges(base + group, stride, some, least + group, greatest + group);
      } else {
        for (long i = column; i < column + width; i++)
          survey_range(base + i, stride, some, weight, least + i, greatest + i);
      }
      for (long i = column; may_miss && i < column + width; i++)
        survey_missing(base + i, stride, some, weight, first + start, missing_weight + i, missing_pattern + i);
      column += width;
    }
  }
}

FOR_EACH_WIDTH
double vector_weighted_squares(const double *restrict values, const double *restrict weights, long count) {
  Vector squares = {0}, value, weight;
  const long whole = count / lanes * lanes;
  for (long row = 0; row < whole; row += lanes) {
    LOAD(value, values + row);
    LOAD(weight, weights + row);
    squares += weight * value * value;
  }
  double sum = 0;
  for (long row = whole; row < count; row++) sum += weights[row] * values[row] * values[row];
  for (int i = 0; i < lanes; i++) sum += squares[i];
  return sum;
}

void vector_prefetch(const double *first, long count) {
  const long cache_line = 64 / sizeof(double);
  for (long i = 0; i < count; i += cache_line) __builtin_prefetch(first + i, 0, 2);
}
