import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * Consumes with the Java client, from the first offset of a new group:
 * Consume NAMESRV TOPIC GROUP EXPRESSION concurrent|orderly COUNT TIMEOUT_MS.
 * Prints a line per message; exits with 0 once COUNT were read, with 1 when the time is over before.
 */
public final class Consume {
    public static void main(String[] args) throws Exception {
        CountDownLatch open = new CountDownLatch(Integer.parseInt(args[5]));
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(args[2]);
        consumer.setNamesrvAddr(args[0]);
        consumer.setInstanceName("consume-" + System.nanoTime());
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.subscribe(args[1], args[3]);
        listen(consumer, args[4], open);
        consumer.start();
        boolean all = open.await(Long.parseLong(args[6]), TimeUnit.MILLISECONDS);
        consumer.shutdown();
        System.exit(all ? 0 : 1);
    }

    private static void listen(DefaultMQPushConsumer consumer, String mode, CountDownLatch open) {
        switch (mode) {
            case "concurrent":
                consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
                    take(messages, open);
                    return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
                });
                break;
            case "orderly":
                consumer.registerMessageListener((MessageListenerOrderly) (messages, context) -> {
                    take(messages, open);
                    return ConsumeOrderlyStatus.SUCCESS;
                });
                break;
            default:
                throw new IllegalArgumentException("unknown mode " + mode);
        }
    }

    private static void take(List<MessageExt> messages, CountDownLatch open) {
        for (MessageExt message : messages) {
            print(message);
            open.countDown();
        }
    }

    private static void print(MessageExt message) {
        JsonLine line = new JsonLine()
            .with("msgId", message.getMsgId())
            .with("brokerName", message.getBrokerName())
            .with("queueId", message.getQueueId())
            .with("queueOffset", message.getQueueOffset())
            .with("tags", message.getTags())
            .with("keys", message.getKeys())
            .with("reconsumeTimes", message.getReconsumeTimes())
            .with("body", new String(message.getBody(), StandardCharsets.UTF_8));
        message.getProperties().forEach((name, value) -> line.with("property." + name, value));
        line.print();
    }
}
