package dev.ecroperator.repository;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A member of the catalog entry.
 *
 * @param name as the contract spells it
 * @param empty an entry that declares it, and it alone, to be empty
 */
record CatalogMember(String name, Function<Catalog, @Nullable Object> member, Catalog empty) {
  static final List<CatalogMember> ALL =
      List.of(
          new CatalogMember(
              "description", Catalog::description, new Catalog("", null, null, null, null)),
          new CatalogMember(
              "aboutText", Catalog::aboutText, new Catalog(null, "", null, null, null)),
          new CatalogMember(
              "usageText", Catalog::usageText, new Catalog(null, null, "", null, null)),
          new CatalogMember(
              "architectures",
              Catalog::architectures,
              new Catalog(null, null, null, List.of(), null)),
          new CatalogMember(
              "operatingSystems",
              Catalog::operatingSystems,
              new Catalog(null, null, null, null, List.of())));

  /** What an entry declares of it; null for nothing. */
  @Nullable Object in(Catalog catalog) {
    return member.apply(catalog);
  }

  /** Its name in {@code status.managed}. */
  String field() {
    return Managed.catalog(name);
  }
}
