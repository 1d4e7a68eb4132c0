@NullMarked
package dev.ecroperator.aws;

import org.jspecify.annotations.NullMarked;
