/**
 * The process: its wiring, and the only reader of the environment.
 *
 * <p>The words of this code: a <i>room</i> is a package. A <i>pass</i> is one reconciliation of an
 * object, or of all that share a registry's configuration. A <i>look</i> reads AWS. To <i>tell</i>
 * is to write status and events, and what is <i>told</i> stands in the status. A <i>pin</i> is what
 * the annotation {@code ecroperator.dev/target} says that an object means. What is <i>held</i> is
 * kept by us: a setting in ECR that we keep as declared ({@code status.managed}), or an object with
 * our finalizer.
 */
@NullMarked
package dev.ecroperator;

import org.jspecify.annotations.NullMarked;
