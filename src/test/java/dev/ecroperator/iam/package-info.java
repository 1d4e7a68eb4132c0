/** The IAM policies in {@code examples/iam}, held against what the code calls. */
@NullMarked
package dev.ecroperator.iam;

import org.jspecify.annotations.NullMarked;
