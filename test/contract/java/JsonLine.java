import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** One line of output: a JSON object built field by field. Lines of several threads do not mix. */
final class JsonLine {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final StringBuilder text = new StringBuilder("{");

    JsonLine with(String name, String value) {
        return field(name, value == null ? "null" : quote(value));
    }

    JsonLine with(String name, long value) {
        return field(name, Long.toString(value));
    }

    void print() {
        synchronized (OUT) {
            OUT.println(text + "}");
        }
    }

    private JsonLine field(String name, String json) {
        text.append(text.length() == 1 ? "" : ",").append(quote(name)).append(':').append(json);
        return this;
    }

    private static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char each : value.toCharArray()) {
            boolean plain = each >= ' ' && each != '"' && each != '\\';
            quoted.append(plain ? String.valueOf(each) : String.format("\\u%04x", (int) each));
        }
        return quoted.append('"').toString();
    }
}
