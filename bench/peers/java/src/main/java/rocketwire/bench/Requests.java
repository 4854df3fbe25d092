package rocketwire.bench;

import java.nio.charset.StandardCharsets;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.exception.RequestTimeoutException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.RequestCallback;
import org.apache.rocketmq.client.utils.MessageUtil;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * Requests, and the consumer that replies to them, in one process. A tag of its own keeps the other drivers' requests away,
 * which are on the same topic.
 */
final class Requests {
    private static final long TIMEOUT_MILLIS = 10_000;
    /** A request fails until the broker knows the asker, and the replier has its queues. */
    private static final long FIRST_REPLY_WITHIN_NANOS = 60_000_000_000L;
    private static final long FIRST_TRY_MILLIS = 2000;
    private static final byte[] ANSWER = "answer".getBytes(StandardCharsets.UTF_8);

    private Requests() {
    }

    static Round open(Setup setup) throws Exception {
        String tag = Setup.group("requests");
        DefaultMQProducer producer = Sending.start(new DefaultMQProducer(Setup.group("asker")), setup);
        startReplier(setup, tag, producer);
        Setup.MessageSource messages = setup.messages(tag);
        untilAnswered(producer, messages);
        return total -> {
            Latencies latencies = new Latencies(total);
            return new InFlight(total, setup.inFlight())
                .run(answer -> producer.request(messages.next(), callback(answer, latencies), TIMEOUT_MILLIS))
                .withLatency(latencies);
        };
    }

    private static void startReplier(Setup setup, String tag, DefaultMQProducer producer) throws Exception {
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(Setup.group("replier"));
        consumer.setNamesrvAddr(setup.namesrvAddr());
        consumer.subscribe(setup.topic(), tag);
        consumer.registerMessageListener((MessageListenerConcurrently) (received, context) -> {
            for (MessageExt request : received) reply(producer, request);
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        consumer.start();
    }

    private static void reply(DefaultMQProducer producer, MessageExt request) {
        try {
            producer.send(MessageUtil.createReplyMessage(request, ANSWER));
        } catch (Exception error) {
            System.out.println("a reply failed: " + error);
        }
    }

    private static void untilAnswered(DefaultMQProducer producer, Setup.MessageSource messages) throws Exception {
        long deadline = System.nanoTime() + FIRST_REPLY_WITHIN_NANOS;
        for (;;) {
            try {
                producer.request(messages.next(), FIRST_TRY_MILLIS);
                return;
            } catch (RequestTimeoutException error) {
                if (System.nanoTime() > deadline) throw error;
            }
        }
    }

    private static RequestCallback callback(InFlight.Answer answer, Latencies latencies) {
        long at = System.nanoTime();
        return new RequestCallback() {
            @Override
            public void onSuccess(Message reply) {
                latencies.add(System.nanoTime() - at);
                answer.succeed();
            }

            @Override
            public void onException(Throwable error) {
                answer.fail(error);
            }
        };
    }
}
