package rocketwire.bench;

import com.alibaba.fastjson2.JSONObject;
import java.util.Arrays;

/** Durations of one round; safe for many threads. */
final class Latencies {
    private double[] millis;
    private int count;

    Latencies(int capacity) {
        millis = new double[capacity];
    }

    synchronized void add(long nanos) {
        if (count == millis.length) millis = Arrays.copyOf(millis, 2 * count + 1);
        millis[count++] = nanos / 1e6;
    }

    /** The middle one, and the one that only one in a hundred exceeds, ms. */
    synchronized JSONObject toJson() {
        double[] sorted = Arrays.copyOf(millis, count);
        Arrays.sort(sorted);
        return JSONObject.of("p50", at(sorted, 0.5), "p99", at(sorted, 0.99));
    }

    private static double at(double[] sorted, double part) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * part))];
    }
}
