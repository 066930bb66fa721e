package io.lockstep.data.formula;

import java.util.Collection;
import java.util.List;

/**
 * What a formula leaves open.
 *
 * @param na for missing cells
 * @param unseen for levels that turn up only later
 * @param coding of factors
 * @param embedded the factors, by the names of their columns in the file, that are not coded but
 *     become one column of their levels' codes, for an embedding
 */
public record EncodingOptions(
    NaAction na, UnseenLevels unseen, FactorCoding coding, List<String> embedded) {

  /** As R does by default. */
  public static final EncodingOptions DEFAULT =
      new EncodingOptions(NaAction.DROP, UnseenLevels.FAIL, FactorCoding.TREATMENT);

  /** Keeps a copy; encodings of runs before there were embeddings have null. */
  public EncodingOptions {
    embedded = embedded == null ? List.of() : List.copyOf(embedded);
  }

  /** Without embeddings. */
  public EncodingOptions(NaAction na, UnseenLevels unseen, FactorCoding coding) {
    this(na, unseen, coding, List.of());
  }

  /** The same with these factors embedded. */
  public EncodingOptions withEmbedded(Collection<String> columns) {
    return new EncodingOptions(na, unseen, coding, columns.stream().sorted().toList());
  }
}
