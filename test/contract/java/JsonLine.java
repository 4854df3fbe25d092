import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** One line of output: a JSON object built field by field. Lines of several threads do not mix. */
final class JsonLine {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final StringBuilder text = new StringBuilder("{");

    JsonLine(String id, String event) {
        with("id", id).with("event", event);
    }

    private JsonLine() {
    }

    JsonLine with(String name, String value) {
        return field(name, value == null ? "null" : quote(value));
    }

    JsonLine with(String name, long value) {
        return field(name, Long.toString(value));
    }

    JsonLine with(String name, Map<String, String> values) {
        JsonLine inner = new JsonLine();
        new TreeMap<>(values).forEach(inner::with);
        return field(name, inner.text + "}");
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
