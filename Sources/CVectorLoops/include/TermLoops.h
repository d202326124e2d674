#ifndef REVISIT_TERM_LOOPS_H
#define REVISIT_TERM_LOOPS_H

// Loops over rows that stand on the nodes of terms: between two neighbouring nodes of one feature (two cells), or within
// a cell of the grid of two features (four cells). A row touches no other cell of a term.

/// Where rows stand on a term: on `first` (node and the share of the next node), for a pair also on `second`, whose grid
/// row is `width` nodes wide; `second` is NULL for a term of one feature.
typedef struct {
  const unsigned char *first;
  const double *first_share;
  const unsigned char *second;
  const double *second_share;
  long width;
} TermRows;

/// margins[i] += the term's value at row start + i, for its values at the cells.
void term_add_margins(const TermRows *rows, const double *values, long start, long count, double *margins);
/// sums[cell] += rows' shares of the cell times their amount, over all rows 0..<count.
void term_add_sums(const TermRows *rows, const double *amounts, long count, double *sums);
/// gram[cell of i * cells + cell of j] += weight times both shares, over all rows 0..<count; `cells` is how many j has.
void term_add_gram(const TermRows *i, const TermRows *j, const double *weights, long count, long cells, double *gram);
/// Some directions of a term, made of those of its axes: direction c is that of `first_of[c]` on the first feature, for a pair
/// times that of `second_of[c]` on the second. The axes' values are nodes × columns.
typedef struct {
  const double *first;
  long first_columns;
  const double *second;
  long second_columns;
  const int *first_of;
  const int *second_of;
  long columns;
} TermDirectionSet;

/// The term's directions at rows start + i times scales[i], to design[i * stride].
///
/// `scratch` has room for the columns of both axes.
void term_fill_design(const TermRows *rows, const TermDirectionSet *directions, const double *scales, long start,
                      long count, long stride, double *scratch, double *design);
/// The same in single precision.
void term_fill_single_design(const TermRows *rows, const TermDirectionSet *directions, const double *scales, long start,
                             long count, long stride, double *scratch, float *design);
/// sums[2 * ((fold * height + first) * width + second)] += gradient, and the curvature to the element after it.
void term_add_pair_sums(const unsigned char *first, const unsigned char *second, long height, long width,
                        const unsigned char *folds, const double *gradients, const double *curvatures, long count,
                        double *sums);

#endif
