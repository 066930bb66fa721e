package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a formula into its words and signs. */
final class Lexer {

  private static final String SIGNS = "~+-*/^:(),=";

  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

  /** A name that needs no backquotes. */
  static final Pattern NAME = Pattern.compile("(?:\\p{L}|\\.(?!\\d))[\\p{L}\\p{N}._]*");

  /** What R knows and formulas here do not, so that it is refused whole. */
  private static final Pattern FOREIGN =
      Pattern.compile("%[^%]*%|==|!=|<=|>=|&&|\\|\\||\\|>|<-|->|[<>!&|$@\\[\\]{};]");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  /**
   * The tokens of a formula, the last of which is its end.
   *
   * @throws DataException for a character that is not known, with its position
   */
  static List<Token> tokens(String text) {
    return new Lexer(text).run();
  }

  private List<Token> run() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '`' || c == '"' || c == '\'') {
        quoted(c);
      } else if (!take(NUMBER, Token.Kind.NUMBER) && !take(NAME, Token.Kind.NAME)) {
        sign(c);
      }
    }
    add(Token.Kind.END, "", at);
    return tokens;
  }

  private boolean take(Pattern pattern, Token.Kind kind) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    matcher.useTransparentBounds(true);
    if (!matcher.lookingAt()) {
      return false;
    }
    add(kind, matcher.group(), at);
    at = matcher.end();
    return true;
  }

  private void quoted(char quote) {
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw Formula.problem(text, at + 1, "the quote %c is not closed".formatted(quote));
    }
    Token.Kind kind = quote == '`' ? Token.Kind.NAME : Token.Kind.TEXT;
    add(kind, text.substring(at + 1, end), at);
    at = end + 1;
  }

  private void sign(char c) {
    Matcher foreign = FOREIGN.matcher(text).region(at, text.length());
    if (foreign.lookingAt() || SIGNS.indexOf(c) < 0) {
      String sign =
          foreign.lookingAt() ? foreign.group() : Character.toString(text.codePointAt(at));
      throw Formula.problem(
          text, at + 1, "'%s' is not known; known are + - * : ^ ( ) and ~".formatted(sign));
    }
    add(Token.Kind.SIGN, Character.toString(c), at);
    at++;
  }

  private void add(Token.Kind kind, String value, int start) {
    tokens.add(new Token(kind, value, start + 1));
  }
}
