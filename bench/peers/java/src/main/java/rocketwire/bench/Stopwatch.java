package rocketwire.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Begins to measure when it is made. */
final class Stopwatch {
    private static final OperatingSystemMXBean SYSTEM =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final long cpu = SYSTEM.getProcessCpuTime();
    private final long startedAt = System.nanoTime();

    Measured stop() {
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        return new Measured(seconds, (SYSTEM.getProcessCpuTime() - cpu) / 1e3, 0, null);
    }
}
