package dev.ecroperator.replication;

/** What ECR accepts in the document. AWS has told several numbers, so they are configurable. */
record Limits(int rules, int destinationsPerRule, int filtersPerRule) {
  static final Limits DEFAULT = new Limits(25, 100, 100);
}
