/** The one door to AWS: implements the ports of the other rooms with the AWS SDK. */
@NullMarked
package dev.ecroperator.aws;

import org.jspecify.annotations.NullMarked;
