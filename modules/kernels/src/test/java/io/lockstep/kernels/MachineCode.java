package io.lockstep.kernels;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The x86-64 code of one method as the JVM prints it in hexadecimal ({@code
 * -XX:CompileCommand=print}, without a disassembler), as far as it is vector code.
 *
 * <p>An instruction is recognized by its bytes, whatever comes before it. Of vectors there are two
 * encodings: EVEX, {@code 62 P0 P1 P2 opcode ModRM}, and VEX, {@code C4 P0 P1 opcode ModRM} or
 * {@code C5 P0 opcode ModRM} (Intel, Software Developer's Manual, volume 2, sections 2.3 and 2.7).
 *
 * @param bytes the code
 */
record MachineCode(byte[] bytes) {
  private static final Pattern COMPILED =
      Pattern.compile("Compiled method \\((c[12])\\) +\\d+ +\\d+ ( *%)?.* +\\S+::(\\w+) .*");
  private static final Pattern HEX =
      Pattern.compile(" +0x[0-9a-f]{16}: +((?:[0-9a-f]{2,4}[ |]*)+)");

  private static final int EVEX = 0x62;
  private static final int VEX3 = 0xC4;
  private static final int VEX2 = 0xC5;

  private static final int MAP_0F = 1;
  private static final int MAP_0F38 = 2;

  /** vfmadd231ps, of {@link #MAP_0F38}. */
  private static final int FMA = 0xB8;

  /** Loads and stores of packed floats or whole registers, of {@link #MAP_0F}. */
  private static final List<Integer> MOVES = List.of(0x10, 0x11, 0x28, 0x29, 0x6F, 0x7F);

  /** The methods that C2 compiled from their beginning, the newest code of each. */
  static Map<String, MachineCode> ofC2(Stream<String> lines) {
    Map<String, StringBuilder> codes = new TreeMap<>();
    StringBuilder[] current = {new StringBuilder()};
    lines.forEach(
        line -> {
          Matcher compiled = COMPILED.matcher(line);
          Matcher hex = HEX.matcher(line);
          if (compiled.matches()) {
            current[0] = new StringBuilder();
            if (compiled.group(1).equals("c2") && compiled.group(2) == null) {
              codes.put(compiled.group(3), current[0]);
            }
          } else if (hex.matches()) {
            current[0].append(hex.group(1).replaceAll("[ |]", ""));
          }
        });
    Map<String, MachineCode> parsed = new TreeMap<>();
    codes.forEach(
        (name, code) ->
            parsed.put(name, new MachineCode(HexFormat.of().parseHex(code.toString()))));
    return parsed;
  }

  private int at(int i) {
    return i < bytes.length ? bytes[i] & 0xFF : 0;
  }

  /** Where fused multiply-adds begin. */
  List<Integer> multiplyAdds() {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < bytes.length; i++) {
      if (map(i) == MAP_0F38 && at(opcode(i)) == FMA) {
        found.add(i);
      }
    }
    return found;
  }

  /** How many instructions between two places move a vector to or from the stack. */
  int stackMoves(int from, int to) {
    int found = 0;
    for (int i = from; i < to; i++) {
      int opcode = at(opcode(i));
      boolean vector =
          (map(i) == MAP_0F && MOVES.contains(opcode)) || (map(i) == MAP_0F38 && opcode == FMA);
      found += vector && isOnStack(opcode(i) + 1) ? 1 : 0;
    }
    return found;
  }

  /** Which map of opcodes the vector instruction at {@code i} is of; 0 if there is none. */
  private int map(int i) {
    return switch (at(i)) {
      case EVEX -> at(i + 1) & 0x0F;
      case VEX3 -> at(i + 1) & 0x1F;
      case VEX2 -> MAP_0F;
      default -> 0;
    };
  }

  private int opcode(int i) {
    return switch (at(i)) {
      case EVEX -> i + 4;
      case VEX3 -> i + 3;
      default -> i + 2;
    };
  }

  /** Whether ModRM is of memory and names a SIB byte, and that the stack pointer alone. */
  private boolean isOnStack(int modRm) {
    return at(modRm) < 0xC0 && (at(modRm) & 7) == 4 && at(modRm + 1) == 0x24;
  }
}
