package io.lockstep.data.formula;

/**
 * A word or sign of a formula.
 *
 * @param kind what it is
 * @param text as it is written; a name without backquotes, a text without quotes
 * @param position of its first character, counted from 1
 */
record Token(Kind kind, String text, int position) {

  enum Kind {
    NUMBER,
    TEXT,
    NAME,
    SIGN,
    END
  }

  boolean isSign(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /** For messages. */
  String described() {
    return kind == Kind.END ? "the end of the formula" : "'" + text + "'";
  }
}
