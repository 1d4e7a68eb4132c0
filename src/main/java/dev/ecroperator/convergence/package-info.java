/**
 * The kernel that every kind shares: failures, findings, the verdict on a pass, and when to look
 * again. It depends on the JDK alone, and touches neither AWS nor the cluster.
 */
@NullMarked
package dev.ecroperator.convergence;

import org.jspecify.annotations.NullMarked;
