import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** One line of output: a JSON object built field by field. Nothing else that is printed comes into it. */
final class JsonLine {
    private static final PrintStream OUT = System.out;
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
        byte[] line = (text + "}\n").getBytes(StandardCharsets.UTF_8);
        // One write, as what others print, such as loggers, may come between two.
        OUT.write(line, 0, line.length);
        OUT.flush();
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
