/** What users write and read: the kinds, their specs and statuses, and conditions. */
@NullMarked
package dev.ecroperator.api;

import org.jspecify.annotations.NullMarked;
