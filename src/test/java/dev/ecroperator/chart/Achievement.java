package dev.ecroperator.chart;

/** What an operator brings about in the course of its life, in this order. */
enum Achievement {
  /** It has started, and says so. */
  RUNS,
  /** It goes on running. */
  STAYS,
  /** An object of each of its kinds is Ready. */
  READY,
  /** All have events. */
  TOLD,
  /** Edits are followed. */
  KEPT,
  /** All are deleted, and gone. */
  GONE
}
