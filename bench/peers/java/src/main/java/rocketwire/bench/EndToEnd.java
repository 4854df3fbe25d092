package rocketwire.bench;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * Sends at a given pace and consumes in the same process, whose clock measures both ends. A tag of its own keeps the other
 * drivers' messages away, which are on the same topic.
 */
final class EndToEnd {
    /** How often sends are made; each time as many as the pace asks for by then. */
    private static final long EVERY_NANOS = 2_000_000;
    private static final long PROBE_EVERY_NANOS = 200_000_000;
    private static final long ASSIGNED_WITHIN_NANOS = 60_000_000_000L;
    private static final long ARRIVES_WITHIN_SECONDS = 30;
    private static final String PROBE = "probe";

    private final Setup setup;
    private final String tag = Setup.group("e2e");
    private final DefaultMQProducer producer;
    private final Setup.MessageSource messages;
    private final Set<Integer> queues = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> sentAt = new ConcurrentHashMap<>();
    private volatile Latencies latencies;
    private volatile CountDownLatch left;
    private volatile Throwable failed;
    private int rounds;

    private EndToEnd(Setup setup) throws Exception {
        this.setup = setup;
        messages = setup.messages(tag);
        producer = Sending.start(new DefaultMQProducer("bench"), setup);
    }

    static Round open(Setup setup) throws Exception {
        EndToEnd endToEnd = new EndToEnd(setup);
        endToEnd.consume();
        endToEnd.untilAssigned();
        return endToEnd::run;
    }

    private void consume() throws Exception {
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(tag);
        consumer.setNamesrvAddr(setup.namesrvAddr());
        consumer.subscribe(setup.topic(), tag);
        consumer.registerMessageListener((MessageListenerConcurrently) (received, context) -> {
            for (MessageExt message : received) handle(message);
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        consumer.start();
    }

    /** Sends probes until one of each queue has come. */
    private void untilAssigned() throws Exception {
        long deadline = System.nanoTime() + ASSIGNED_WITHIN_NANOS;
        while (queues.size() < setup.queues()) {
            if (System.nanoTime() > deadline) throw new IllegalStateException("no messages of some queues came");
            for (int i = 0; i < setup.queues(); i++) producer.send(messages.with(PROBE));
            LockSupport.parkNanos(PROBE_EVERY_NANOS);
        }
    }

    private void handle(MessageExt message) {
        long now = System.nanoTime();
        String key = message.getKeys();
        if (key.equals(PROBE)) queues.add(message.getQueueId());
        Long at = sentAt.remove(key);
        if (at == null) return;
        latencies.add(now - at);
        left.countDown();
    }

    private Measured run(int total) throws Exception {
        latencies = new Latencies(total);
        left = new CountDownLatch(total);
        String prefix = "order-" + rounds++ + "-";
        Stopwatch stopwatch = new Stopwatch();
        long startedAt = System.nanoTime();
        for (int sent = 0; sent < total; LockSupport.parkNanos(EVERY_NANOS)) {
            long due = 1 + (System.nanoTime() - startedAt) * setup.pace() / 1_000_000_000L;
            for (; sent < Math.min(due, total); sent++) send(prefix + sent);
        }
        if (!left.await(ARRIVES_WITHIN_SECONDS, TimeUnit.SECONDS))
            throw new IllegalStateException(left.getCount() + " messages never came", failed);
        return stopwatch.stop().withLatency(latencies);
    }

    private void send(String key) throws Exception {
        sentAt.put(key, System.nanoTime());
        producer.send(messages.with(key), new SendCallback() {
            @Override
            public void onSuccess(SendResult result) {
                // What was stored comes back.
            }

            @Override
            public void onException(Throwable error) {
                failed = error;
            }
        });
    }
}
