/**
 * The operator's own writes to the cluster: pins and finalizers, status, events. Every effect on
 * the Kubernetes API that a reconciler has goes through here.
 */
@NullMarked
package dev.ecroperator.cluster;

import org.jspecify.annotations.NullMarked;
