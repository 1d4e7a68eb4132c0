/**
 * A small Kubernetes API server on loopback, driven by CRD files. It knows no production code and
 * is no judge: where it and a real kube-apiserver differ, the real one is right.
 */
@NullMarked
package dev.ecroperator.simulator.kube;

import org.jspecify.annotations.NullMarked;
