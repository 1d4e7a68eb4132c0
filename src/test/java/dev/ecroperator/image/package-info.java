/** The operator's image: what is in it, and the operator run out of it. */
@NullMarked
package dev.ecroperator.image;

import org.jspecify.annotations.NullMarked;
