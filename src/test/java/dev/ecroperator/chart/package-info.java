/**
 * The Helm chart and the plain manifests, with the real helm and the real Kubernetes API server.
 */
@NullMarked
package dev.ecroperator.chart;

import org.jspecify.annotations.NullMarked;
