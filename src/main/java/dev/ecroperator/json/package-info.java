/** JSON that others wrote: read strictly, kept as it was written. */
@NullMarked
package dev.ecroperator.json;

import org.jspecify.annotations.NullMarked;
