package rocketwire.bench;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageRequestMode;

/** Workloads of {@link DefaultMQPushConsumer}: each round is a new group that begins with the first message. */
final class Consuming {
    /** What every client pulls by default. */
    private static final int PULL_BATCH = 32;
    private static final long REQUEST_MILLIS = 10_000;

    private Consuming() {
    }

    static Round open(Setup setup) {
        return rounds(setup, (consumer, count) -> consumer.registerMessageListener(listener(count)));
    }

    static Round openOrderly(Setup setup) {
        return rounds(setup, (consumer, count) -> consumer.registerMessageListener(
            (MessageListenerOrderly) (received, context) -> {
                count.add(received);
                return ConsumeOrderlyStatus.SUCCESS;
            }));
    }

    /** The broker is told that each new group pops. */
    static Round openPop(Setup setup) throws Exception {
        DefaultMQProducer producer = Sending.start(new DefaultMQProducer("bench"), setup);
        MQClientAPIImpl api = producer.getDefaultMQProducerImpl().getMqClientFactory().getMQClientAPIImpl();
        return rounds(setup, (consumer, count) -> {
            api.setMessageRequestMode(setup.broker(), setup.topic(), consumer.getConsumerGroup(), MessageRequestMode.POP, 0,
                REQUEST_MILLIS);
            consumer.setClientRebalance(false);
            consumer.registerMessageListener(listener(count));
        });
    }

    private interface Preparation {
        void prepare(DefaultMQPushConsumer consumer, Count count) throws Exception;
    }

    private static MessageListenerConcurrently listener(Count count) {
        return (received, context) -> {
            count.add(received);
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        };
    }

    private static Round rounds(Setup setup, Preparation preparation) {
        int[] round = {0};
        return total -> {
            DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(Setup.group(round[0]++));
            consumer.setNamesrvAddr(setup.namesrvAddr());
            consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
            consumer.setConsumeMessageBatchMaxSize(setup.listenerBatch());
            if (setup.pullBatch() > PULL_BATCH) {
                consumer.setPullBatchSize(setup.pullBatch());
                consumer.setPullBatchSizeInBytes(2 * setup.pullBatch() * setup.bodyBytes());
            }
            consumer.subscribe(setup.topic(), "*");
            Count count = new Count(total);
            preparation.prepare(consumer, count);
            consumer.start();
            try {
                return count.measured();
            } finally {
                consumer.shutdown();
            }
        };
    }

    /** Measures from the first message to the last; safe for many threads. */
    static final class Count {
        private final AtomicLong left;
        private final AtomicLong again = new AtomicLong();
        private final CompletableFuture<Measured> measured = new CompletableFuture<>();
        private volatile Stopwatch stopwatch;

        Count(int total) {
            left = new AtomicLong(total);
        }

        void add(List<MessageExt> received) {
            if (stopwatch == null) begin();
            for (MessageExt message : received) if (message.getReconsumeTimes() > 0) again.incrementAndGet();
            long now = left.addAndGet(-received.size());
            if (now <= 0 && now > -received.size()) measured.complete(stopwatch.stop());
        }

        Measured measured() throws Exception {
            return measured.get().withErrors(again.get());
        }

        private synchronized void begin() {
            if (stopwatch == null) stopwatch = new Stopwatch();
        }
    }
}
