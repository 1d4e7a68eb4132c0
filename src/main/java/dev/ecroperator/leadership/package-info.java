/**
 * Which of several replicas acts: the one that holds the Lease, for as long as it can be sure of
 * it.
 */
@NullMarked
package dev.ecroperator.leadership;

import org.jspecify.annotations.NullMarked;
