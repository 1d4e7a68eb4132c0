/** The operator as a process of its own, between a cluster and an AWS, over HTTP. */
@NullMarked
package dev.ecroperator.endtoend;

import org.jspecify.annotations.NullMarked;
