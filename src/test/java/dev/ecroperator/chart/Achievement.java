package dev.ecroperator.chart;

/** What an operator brings about in the course of its life, in this order. */
enum Achievement {
  /** It has started, and says so. */
  RUNS,
  /** It goes on running. */
  STAYS,
  /** A Repository and an ImageReplication are Ready. */
  READY,
  /** Both have events. */
  TOLD,
  /** An edit is followed. */
  KEPT,
  /** Both are deleted, and gone. */
  GONE
}
