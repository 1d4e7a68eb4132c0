/** IAM policy documents and ECR lifecycle policies as values, compared by what they mean. */
@NullMarked
package dev.ecroperator.policy;

import org.jspecify.annotations.NullMarked;
