/**
 * The CRDs: how they are generated from the records, and what the real API server makes of them.
 */
@NullMarked
package dev.ecroperator.crd;

import org.jspecify.annotations.NullMarked;
