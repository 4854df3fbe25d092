import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.tools.command.MQAdminStartup;

/**
 * The Java clients beside which the contract tests run: many producers, consumers and calls of the admin tool in one
 * process. Reads a command a line, its words between tabs, the first one an id of the caller's:
 *   ID send ...     see Sending
 *   ID request ...  see Asking
 *   ID consume ...  see Reading; until "ID stop"
 *   ID admin WORD...  calls the admin tool and prints { id, event: "printed", text }
 * Prints JSON lines, each with the id: what the command finds, at the end { id, event: "done" } or { id, event:
 * "failed", error }. Says { event: "ready" } first of all, and ends when its input does.
 */
public final class Peer {
    private static final int START_TIMEOUT_MS = 20_000;
    private static final Map<String, Reading> READINGS = new ConcurrentHashMap<>();

    public static void main(String[] args) throws Exception {
        new JsonLine("", "ready").print();
        ExecutorService threads = Executors.newCachedThreadPool();
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split("\t", -1);
            threads.execute(() -> run(words[0], words[1], Arrays.copyOfRange(words, 2, words.length)));
        }
        System.exit(0);
    }

    /** A start is a call of the Java client that may fail. */
    interface Start {
        void run() throws Exception;
    }

    /** Many clients that start at once in a JVM that is cold itself keep each other from being answered in time. */
    static void startOneByOne(ClientConfig client, Start start) throws Exception {
        client.setMqClientApiTimeout(START_TIMEOUT_MS);
        synchronized (READINGS) {
            start.run();
        }
    }

    private static void run(String id, String verb, String[] args) {
        try {
            switch (verb) {
                case "send":
                    new Sending(id, args).run();
                    break;
                case "request":
                    new Asking(id, args).run();
                    break;
                case "consume":
                    Reading reading = new Reading(id, args);
                    READINGS.put(id, reading);
                    reading.start();
                    return;
                case "stop":
                    READINGS.remove(id).stop();
                    break;
                case "admin":
                    new JsonLine(id, "printed").with("text", admin(args)).print();
                    break;
                default:
                    throw new IllegalArgumentException("unknown command " + verb);
            }
            new JsonLine(id, "done").print();
        } catch (Throwable error) {
            new JsonLine(id, "failed").with("error", String.valueOf(error)).print();
        }
    }

    /** The tool prints to the output of the process, so it runs once at a time. */
    private static synchronized String admin(String[] args) {
        PrintStream[] kept = {System.out, System.err};
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream catching = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(catching);
        System.setErr(catching);
        try {
            MQAdminStartup.main0(args, null);
        } finally {
            System.setOut(kept[0]);
            System.setErr(kept[1]);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
