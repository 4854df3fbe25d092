package rocketwire.bench;

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The Java client as a driver of the benchmark. The last argument is the setup as JSON; it tells when it is connected, and
 * then runs a round for each line of input.
 */
public final class Driver {
    private static final String MARK = "@bench ";
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Driver() {
    }

    public static void main(String[] args) throws Exception {
        try {
            Round round = open(Setup.parse(args[args.length - 1]));
            report("told", "connected");
            serve(round);
        } catch (Throwable error) {
            fail(error);
        }
        // The clients' threads would keep the process alive.
        Runtime.getRuntime().halt(0);
    }

    private static void serve(Round round) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            try {
                report("told", round.run(JSON.parseObject(line).getIntValue("messages")).toJson());
            } catch (Throwable error) {
                fail(error);
            }
        }
    }

    private static Round open(Setup setup) throws Exception {
        switch (setup.workload()) {
            case "send":
                return Sending.open(setup);
            case "oneway":
                return Sending.openOneway(setup);
            case "batch":
                return Sending.openBatch(setup);
            case "auto-batch":
                return Sending.openAutoBatch(setup);
            case "consume":
                return Consuming.open(setup);
            case "orderly":
                return Consuming.openOrderly(setup);
            case "lite-pull":
                return LitePulling.open(setup);
            case "pop":
                return Consuming.openPop(setup);
            case "end-to-end":
                return EndToEnd.open(setup);
            case "transaction":
                return Transactions.open(setup);
            case "request-reply":
                return Requests.open(setup);
            default:
                throw new IllegalArgumentException("this driver has no workload " + setup.workload());
        }
    }

    private static void report(String name, Object value) {
        OUT.println(MARK + JSONObject.of(name, value));
    }

    /** The parent makes a note of it; the trace is for who looks on. */
    private static void fail(Throwable error) {
        Throwable cause = error.getCause();
        report("failed", cause == null ? error.toString() : error + ", because of " + cause);
        error.printStackTrace(OUT);
    }
}
