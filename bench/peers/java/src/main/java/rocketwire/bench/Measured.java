package rocketwire.bench;

import com.alibaba.fastjson2.JSONObject;

/**
 * What is measured in a round: processor time is that of the whole process; errors are sends that failed and were made
 * again, or messages that came twice; latency is null where none is measured.
 */
record Measured(double seconds, double cpuMicros, long errors, Latencies latency) {
    Measured withErrors(long count) {
        return new Measured(seconds, cpuMicros, count, latency);
    }

    Measured withLatency(Latencies latencies) {
        return new Measured(seconds, cpuMicros, errors, latencies);
    }

    JSONObject toJson() {
        JSONObject object = JSONObject.of("seconds", seconds, "cpuMicros", cpuMicros, "errors", errors);
        if (latency != null) object.put("latency", latency.toJson());
        return object;
    }
}
