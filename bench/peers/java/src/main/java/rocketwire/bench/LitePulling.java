package rocketwire.bench;

import java.util.List;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;

/** {@link DefaultLitePullConsumer}, batch by batch, which commits by itself; each round is a new group. */
final class LitePulling {
    private static final long POLL_MILLIS = 30_000;

    private LitePulling() {
    }

    static Round open(Setup setup) {
        int[] round = {0};
        return total -> {
            DefaultLitePullConsumer consumer = new DefaultLitePullConsumer(Setup.group(round[0]++));
            consumer.setNamesrvAddr(setup.namesrvAddr());
            consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
            // What it hands out is what it pulled: 10 by default.
            consumer.setPullBatchSize(setup.pullBatch());
            consumer.subscribe(setup.topic(), "*");
            consumer.start();
            try {
                Consuming.Count count = new Consuming.Count(total);
                for (int left = total; left > 0;) {
                    List<MessageExt> batch = consumer.poll(POLL_MILLIS);
                    if (batch.isEmpty()) throw new IllegalStateException(left + " messages never came");
                    count.add(batch);
                    left -= batch.size();
                }
                return count.measured();
            } finally {
                consumer.shutdown();
            }
        };
    }
}
