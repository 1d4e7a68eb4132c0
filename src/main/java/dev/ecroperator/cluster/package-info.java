/**
 * Between a kind and the Kubernetes API: the skeleton that the passes of all kinds share, reading
 * that no foreign object ends, and the operator's own writes: pins and finalizers, status, events.
 * Every effect on the Kubernetes API that a reconciler has goes through here.
 */
@NullMarked
package dev.ecroperator.cluster;

import org.jspecify.annotations.NullMarked;
