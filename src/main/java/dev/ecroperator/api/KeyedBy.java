package dev.ecroperator.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The API server tells the items of this list apart by a member that is unique among them, and
 * merges what several writers apply. A list without it is one value, of whoever wrote it last.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface KeyedBy {
  /** The member. */
  String value();
}
