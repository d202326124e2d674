#ifndef REVISIT_PHASE_LOOPS_H
#define REVISIT_PHASE_LOOPS_H

/// Visits that come of phases which pass at a negative binomial number: n with probability (shape)_n / n! y^n (1 - y)^shape.
struct PhaseLoop {
  double shape, y;
  /// Phases a visit takes, and phases of the next visit that are still to pass before the first n.
  long regularity, to_visit;
  /// The first n that counts, and the number of the most probable one.
  double first, mode;
  /// Visits that are made of the phases before the first n, and the chance that the next one is made.
  double visits, next;
  /// How many visits those phases are enough for.
  double made_by_first;
  /// The chance of the visit after that is next * staying / (leaving + staying), and staying grows by 1 with each.
  double leaving, staying;
};

/// The mean number of visits, and of its square: sums over n until what is left is less than a rounding error.
/// `squares` is the sum of (2 m - 1) times the chance that the m-th visit is made, over those before the first n.
double phase_mean(const struct PhaseLoop *loop);
void phase_moments(const struct PhaseLoop *loop, double squares, double *mean, double *square);

#endif
