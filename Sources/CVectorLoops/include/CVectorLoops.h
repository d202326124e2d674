#ifndef REVISIT_VECTOR_LOOPS_H
#define REVISIT_VECTOR_LOOPS_H

#include "TermLoops.h"
#include "BinLoops.h"
#include "PhaseLoops.h"

// Loops over one column of a block of rows, compiled for several widths of vector registers and chosen by the
// processor when the program starts. Multiplications and additions are never fused, so that every processor gives the
// same bits.

/// How a raw value becomes a term: offset + slope * (t(x) - centre), with x kept within lower...upper first; NaN gives
/// `missing`.
typedef struct {
  double lower, upper, centre, slope, offset, missing;
} VectorTerm;

/// Features side by side that fill a vector register of 512 bits.
enum { vector_group_width = 8 };

/// The terms of so many features, constant after constant.
typedef struct {
  double lower[vector_group_width], upper[vector_group_width], centre[vector_group_width], slope[vector_group_width],
      offset[vector_group_width], missing[vector_group_width];
} VectorTermGroup;

/// target[i] = term(source[i * stride]) with t(x) = x.
void vector_linear_term(const double *source, long stride, long count, const VectorTerm *term, double *target);
/// target[i] = term(source[i * stride]) with t(x) = sign(x) log(1 + |x|).
void vector_logarithm_term(const double *source, long stride, long count, const VectorTerm *term, double *target);
/// target[i] = term(target[i]), linear or logarithm.
void vector_linear_in_place(long count, const VectorTerm *term, double *target);
void vector_logarithm_in_place(long count, const VectorTerm *term, double *target);
/// target[i] = source[i * stride] is NaN ? missing : present.
void vector_missing_mark(const double *source, long stride, long count, double present, double missing, double *target);
/// target[i] = table[source[i * stride]] for values in 0..<levels (cut to whole numbers), `missing` for NaN, else
/// `unseen`.
void vector_lookup(const double *source, long stride, long count, const double *table, long levels, double missing,
                   double unseen, double *target);
/// target[i] = positions[i] == position ? present : absent.
void vector_position_mark(const double *positions, long count, double position, double present, double absent,
                          double *target);
/// target[i] = 1 / (1 + exp(-target[i])).
void vector_logistic(long count, double *target);
/// Weighted log loss, its first and its second derivative by the margin; outcomes and weights are `stride` apart.
void vector_log_loss(const double *margins, const double *outcomes, const double *weights, long stride, long count,
                     double *losses, double *residuals, double *curvatures);
/// target[i] = source[i * stride].
void vector_gather(const double *source, long stride, long count, double *target);
/// Linear terms of groups of features, each of which starts at features[g] in the row: `count` rows, `stride` apart, to
/// eight targets a group. Rows beyond the last are asked for.
void vector_transpose(const double *rows, long stride, long count, long groups, const long *features,
                      const VectorTermGroup *terms, double *const *targets);
/// target[i] += what groups of features of row i add, the terms of all of them; a bit of `logarithms` tells for which
/// t(x) = sign(x) log(1 + |x|). Rows beyond the last are asked for.
void vector_add_rows(const double *rows, long stride, long count, long groups, const long *features,
                     const VectorTermGroup *terms, const unsigned char *logarithms, double *target);
/// Range of each of `columns` features over some rows, which begin `stride` apart, the weight of the rows where it is
/// NaN, and the sum of marks of those rows, which are numbered from `first`, added to what is there. Rows of weight 0
/// are left out.
void vector_survey(const double *rows, long stride, long columns, long count, const double *weights, long first, double *least,
                   double *greatest, double *missing_weight, unsigned long *missing_pattern);
/// Whether `weighted_gram` has a kernel for this processor.
int has_weighted_gram(void);
/// gram += XᵀWX over some rows of columns that are `stride` apart; gram is columns × columns, row-major, and of use on
/// and below its diagonal only. Meanwhile memory that is read next is asked for.
void weighted_gram(const double *base, long stride, long columns, long rows, const double *weights,
                   const double *upcoming, long upcoming_count, double *gram);
/// Rows that `point_margins` works on together, and columns that `transposed_products` needs at least; both need the
/// processor that `weighted_gram` does.
enum { margin_rows = 16, product_columns = 6 };
/// margins[p * margin_stride + i] = row i of X · vector p of the coefficients, for rows up to a multiple of
/// `margin_rows`.
void point_margins(const double *base, long stride, long columns, long rows, const double *coefficients, long points,
                   double *margins, long margin_stride);
/// products[p * columns + j] += column j of X · vector p.
void transposed_products(const double *base, long stride, long columns, long rows, const double *vectors,
                         long vector_stride, long points, double *products);
/// Whether `single_gram` has a kernel for this processor.
int has_single_gram(void);
/// Elements of scratch, zeros at first, that `single_gram` needs for so many columns.
long single_gram_scratch(long columns);
/// Distance between columns in the scratch, in elements: odd in cache lines.
enum { single_gram_stride = 528 };
/// As `weighted_gram`, with products in single precision: an element (i, j) is off by less than 2^-18 of the root of
/// elements (i, i) and (j, j). Weights are at least 0. Beside it, in double precision, products += Xᵀ·factors.
void single_gram(const double *base, long stride, long columns, long rows, const double *weights,
                 const double *factors, const double *upcoming, long upcoming_count, float *scratch, double *gram,
                 double *products);
/// Below: for the processor that `single_gram` has a kernel for. Columns and vectors in single precision stand multiples of
/// `single_lanes` apart and are zeros from their last row on up to one.
enum { single_lanes = 16, single_margin_rows = 32 };
/// target[i] = source[i] in single precision.
void single_copy(const double *source, long count, float *target);
/// As `point_margins`, for rows up to a multiple of `single_margin_rows`.
void single_point_margins(const float *base, long stride, long columns, long rows, const float *coefficients,
                          long points, float *margins, long margin_stride);
/// As `transposed_products`; 32 products are added up in single precision, the rest in double. Vectors up to a multiple
/// of four may be read. Meanwhile memory that is read next is asked for.
void single_transposed_products(const float *base, long stride, long columns, long rows, const float *vectors,
                                long vector_stride, long points, const float *upcoming, long upcoming_count,
                                double *products);
/// target[i] = p = 1 / (1 + exp(-margins[i])) up to a half, beyond it p - 1: both p and 1 - p keep their precision.
void vector_signed_probabilities(const double *margins, long count, float *target);
/// How the log loss of rows with known probabilities p (as above) changes with their margins: puts weight * (the change
/// of p) in place of the change d of each margin, and returns the sum of weight * (the change of the loss less what it
/// would be if it were linear, (p - outcome) * d).
double single_loss_changes(const float *probabilities, const float *weights, long rows, float *changes);
/// The sum of weights[i] * values[i]^2.
double vector_weighted_squares(const double *values, const double *weights, long count);
/// Asks for memory that is about to be read.
void vector_prefetch(const double *first, long count);

#endif
