import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;

/**
 * Sends with the Java client: Send NAMESRV TOPIC COUNT sync|async|oneway|batch|ordered|delayed.
 * Message i has body "MODE i", key "key-i", tag "even" or "odd" and the property index=i; ordered sends messages with
 * the same i modulo 4 to one queue, delayed uses level 1 (1 s). Prints a line per result (one for a batch, none for
 * oneway) and exits with 0 when all were stored.
 */
public final class Send {
    private static final int TIMEOUT_MS = 10_000;
    private static boolean failed;

    public static void main(String[] args) throws Exception {
        String topic = args[1];
        int count = Integer.parseInt(args[2]);
        String mode = args[3];
        DefaultMQProducer producer = new DefaultMQProducer("java-send");
        producer.setNamesrvAddr(args[0]);
        producer.setInstanceName("send-" + System.nanoTime());
        producer.setSendMsgTimeout(TIMEOUT_MS);
        producer.start();
        try {
            send(producer, messages(topic, count, mode), mode);
        } finally {
            producer.shutdown();
        }
        System.exit(failed ? 1 : 0);
    }

    private static List<Message> messages(String topic, int count, String mode) {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] body = (mode + " " + i).getBytes(StandardCharsets.UTF_8);
            Message message = new Message(topic, i % 2 == 0 ? "even" : "odd", "key-" + i, body);
            message.putUserProperty("index", Integer.toString(i));
            if (mode.equals("delayed")) message.setDelayTimeLevel(1);
            messages.add(message);
        }
        return messages;
    }

    private static void send(DefaultMQProducer producer, List<Message> messages, String mode) throws Exception {
        switch (mode) {
            case "batch":
                print(producer.send(messages));
                break;
            case "async":
                sendAsync(producer, messages);
                break;
            default:
                for (int i = 0; i < messages.size(); i++) sendOne(producer, messages.get(i), mode, i);
        }
    }

    private static void sendOne(DefaultMQProducer producer, Message message, String mode, int index) throws Exception {
        switch (mode) {
            case "oneway":
                producer.sendOneway(message);
                break;
            case "ordered":
                print(producer.send(message, (queues, ignored, key) -> queues.get((Integer) key % queues.size()), index % 4));
                break;
            case "sync":
            case "delayed":
                print(producer.send(message));
                break;
            default:
                throw new IllegalArgumentException("unknown mode " + mode);
        }
    }

    private static void sendAsync(DefaultMQProducer producer, List<Message> messages) throws Exception {
        CountDownLatch open = new CountDownLatch(messages.size());
        for (Message message : messages) {
            producer.send(message, new SendCallback() {
                @Override
                public void onSuccess(SendResult result) {
                    print(result);
                    open.countDown();
                }

                @Override
                public void onException(Throwable error) {
                    error.printStackTrace();
                    failed = true;
                    open.countDown();
                }
            });
        }
        if (!open.await(2 * TIMEOUT_MS, TimeUnit.MILLISECONDS)) failed = true;
    }

    private static void print(SendResult result) {
        if (result.getSendStatus() != SendStatus.SEND_OK) failed = true;
        new JsonLine()
            .with("status", result.getSendStatus().name())
            .with("msgId", result.getMsgId())
            .with("offsetMsgId", result.getOffsetMsgId())
            .with("brokerName", result.getMessageQueue().getBrokerName())
            .with("queueId", result.getMessageQueue().getQueueId())
            .with("offset", result.getQueueOffset())
            .print();
    }
}
