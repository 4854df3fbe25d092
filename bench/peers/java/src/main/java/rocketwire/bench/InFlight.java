package rocketwire.bench;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** Starts calls, so many of them at a time, and measures until the last one has ended. Calls that fail are made again. */
final class InFlight {
    private static final int BEARABLE_ERRORS = 1000;

    private final int total;
    private final int atOnce;
    private final Semaphore free;
    private final AtomicLong errors = new AtomicLong();
    private volatile Throwable cause;

    InFlight(int total, int atOnce) {
        this.total = total;
        this.atOnce = atOnce;
        free = new Semaphore(atOnce);
    }

    /** A call that is answered later. */
    interface Call {
        void start(Answer answer) throws Exception;
    }

    /** Ends a call; only the first of its methods that is called counts. */
    final class Answer {
        private final Call call;
        private boolean isOver;

        Answer(Call call) {
            this.call = call;
        }

        void succeed() {
            if (end()) free.release();
        }

        void fail(Throwable error) {
            if (!end()) return;
            cause = error;
            if (errors.incrementAndGet() > BEARABLE_ERRORS) free.release();
            else begin(call);
        }

        private synchronized boolean end() {
            boolean isFirst = !isOver;
            isOver = true;
            return isFirst;
        }
    }

    Measured run(Call call) throws Exception {
        Stopwatch stopwatch = new Stopwatch();
        for (int i = 0; i < total; i++) {
            free.acquire();
            begin(call);
        }
        free.acquire(atOnce);
        Measured measured = stopwatch.stop();
        if (errors.get() > BEARABLE_ERRORS) throw new IllegalStateException(errors + " calls failed", cause);
        return measured.withErrors(errors.get());
    }

    private void begin(Call call) {
        Answer answer = new Answer(call);
        try {
            call.start(answer);
        } catch (Exception error) {
            answer.fail(error);
        }
    }
}
