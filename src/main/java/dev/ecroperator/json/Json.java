package dev.ecroperator.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value: immutable, and equal by JSON's own rules (the order of members and the spelling of
 * numbers do not count, the order of elements does). Members keep their order and numbers their
 * spelling, so that what is only passed through is written as it was read.
 *
 * <p>Jackson's tree is not used, for it is mutable and forgets how a number was spelled.
 */
public sealed interface Json {

  /** Appends the shortest text of this value. */
  void write(StringBuilder out);

  /** What this value is, for messages: "an object", "a number". */
  String kind();

  /** The shortest text of this value. */
  default String compact() {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }

  /** An object. Names are unique, since {@link StrictJson} refuses duplicates. */
  record Obj(Map<String, Json> members) implements Json {
    public static final Obj EMPTY = new Obj(Map.of());

    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** The member's value; null where there is none. */
    public @Nullable Json get(String name) {
      return members.get(name);
    }

    /** This object with a member replaced where it stands, or added at the end. */
    public Obj with(String name, Json value) {
      Map<String, Json> changed = new LinkedHashMap<>(members);
      changed.put(name, value);
      return new Obj(changed);
    }

    /** As {@link #with(String, Json)}; a value that is null adds nothing. */
    public Obj withText(String name, @Nullable String value) {
      return value == null ? this : with(name, new Text(value));
    }

    /** As {@link #with(String, Json)}; a value that is null adds nothing. */
    public Obj withNumber(String name, @Nullable Integer value) {
      return value == null ? this : with(name, new Num(value.toString()));
    }

    /** As {@link #with(String, Json)}; a list that is null or empty adds nothing. */
    public Obj withTexts(String name, @Nullable List<String> values) {
      return values == null || values.isEmpty() ? this : with(name, Arr.ofTexts(values));
    }

    /** The members whose names are accepted, in their order. */
    public Map<String, Json> membersWhere(Predicate<String> name) {
      Map<String, Json> chosen = new LinkedHashMap<>(members);
      chosen.keySet().removeIf(name.negate());
      return chosen;
    }

    @Override
    public void write(StringBuilder out) {
      char separator = '{';
      for (Map.Entry<String, Json> member : members.entrySet()) {
        out.append(separator);
        new Text(member.getKey()).write(out);
        out.append(':');
        member.getValue().write(out);
        separator = ',';
      }
      out.append(members.isEmpty() ? "{}" : "}");
    }

    @Override
    public String kind() {
      return "an object";
    }
  }

  /** A list. */
  record Arr(List<Json> elements) implements Json {
    public Arr {
      elements = List.copyOf(elements);
    }

    public static Arr ofTexts(Iterable<String> values) {
      List<Json> elements = new ArrayList<>();
      values.forEach(value -> elements.add(new Text(value)));
      return new Arr(elements);
    }

    @Override
    public void write(StringBuilder out) {
      char separator = '[';
      for (Json element : elements) {
        out.append(separator);
        element.write(out);
        separator = ',';
      }
      out.append(elements.isEmpty() ? "[]" : "]");
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A string. */
  record Text(String value) implements Json {
    @Override
    public void write(StringBuilder out) {
      out.append('"');
      JsonStringEncoder.getInstance().quoteAsString(value, out);
      out.append('"');
    }

    @Override
    public String kind() {
      return "a string";
    }
  }

  /** A number as it was spelled; equal by value. {@link StrictJson} bounds digits and exponent. */
  record Num(String spelling) implements Json {
    /** The number without trailing zeros: equal where the numbers are. */
    public BigDecimal value() {
      return new BigDecimal(spelling).stripTrailingZeros();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Num that && value().equals(that.value());
    }

    @Override
    public int hashCode() {
      return value().hashCode();
    }

    @Override
    public void write(StringBuilder out) {
      out.append(spelling);
    }

    @Override
    public String kind() {
      return "a number";
    }
  }

  /** The three literal names. */
  enum Literal implements Json {
    TRUE("true"),
    FALSE("false"),
    NULL("null");

    public final String spelling;

    Literal(String spelling) {
      this.spelling = spelling;
    }

    @Override
    public void write(StringBuilder out) {
      out.append(spelling);
    }

    @Override
    public String kind() {
      return spelling;
    }
  }
}
