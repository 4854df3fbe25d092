import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;

/**
 * Sends with the Java client: NAMESRV TOPIC COUNT sync|async|oneway|batch|ordered|delayed|lz4|zstd.
 * Message i has the body "MODE i 订单" (of message 0, but not in a batch, a thousand times, which the client compresses),
 * the keys "key-i all", the tag "even" or "odd", the flag i, the buyer id "buyer-i" and the properties index=i and 城市=杭州.
 * "ordered" sends messages of the same i modulo 4 to one queue, "delayed" uses level 1 (1 s);
 * "lz4" and "zstd" compress by these.
 * Prints a "result" for each answer: one for a batch, none for "oneway".
 */
final class Sending {
    private static final int TIMEOUT_MS = 10_000;
    private static final String COMPRESS_TYPE = "rocketmq.message.compressType";
    private final String id;
    private final String nameServer;
    private final String topic;
    private final int count;
    private final String mode;

    Sending(String id, String[] args) {
        this.id = id;
        nameServer = args[0];
        topic = args[1];
        count = Integer.parseInt(args[2]);
        mode = args[3];
    }

    void run() throws Exception {
        DefaultMQProducer producer = newProducer();
        producer.setNamesrvAddr(nameServer);
        producer.setInstanceName("send-" + id + "-" + ProcessHandle.current().pid());
        producer.setSendMsgTimeout(TIMEOUT_MS);
        Peer.startOneByOne(producer, producer::start);
        try {
            send(producer);
        } finally {
            producer.shutdown();
        }
    }

    /** Clients of 4.9.4 take the kind of compression from this property only, when they are made. */
    private DefaultMQProducer newProducer() {
        synchronized (Sending.class) {
            boolean isKind = mode.equals("lz4") || mode.equals("zstd");
            System.setProperty(COMPRESS_TYPE, isKind ? mode.toUpperCase(Locale.ROOT) : "ZLIB");
            return new DefaultMQProducer("java-producers");
        }
    }

    private void send(DefaultMQProducer producer) throws Exception {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) messages.add(message(i));
        switch (mode) {
            case "batch":
                print(producer.send(messages));
                break;
            case "async":
                sendAsync(producer, messages);
                break;
            default:
                for (Message message : messages) sendOne(producer, message);
        }
    }

    private Message message(int i) {
        String text = mode + " " + i + " 订单";
        String body = i == 0 && !mode.equals("batch") ? text.repeat(1000) : text;
        Message message = new Message(topic, body.getBytes(StandardCharsets.UTF_8));
        message.setTags(i % 2 == 0 ? "even" : "odd");
        message.setKeys(Arrays.asList("key-" + i, "all"));
        message.setFlag(i);
        message.setBuyerId("buyer-" + i);
        message.putUserProperty("index", Integer.toString(i));
        message.putUserProperty("城市", "杭州");
        if (mode.equals("delayed")) message.setDelayTimeLevel(1);
        return message;
    }

    private void sendOne(DefaultMQProducer producer, Message message) throws Exception {
        switch (mode) {
            case "sync":
            case "delayed":
            case "lz4":
            case "zstd":
                print(producer.send(message));
                break;
            case "oneway":
                producer.sendOneway(message);
                break;
            case "ordered":
                print(producer.send(message, (queues, ignored, key) -> queues.get((Integer) key % 4), message.getFlag()));
                break;
            default:
                throw new IllegalArgumentException("unknown mode " + mode);
        }
    }

    private void sendAsync(DefaultMQProducer producer, List<Message> messages) throws Exception {
        List<CompletableFuture<SendResult>> answers = new ArrayList<>();
        for (Message message : messages) {
            CompletableFuture<SendResult> answer = new CompletableFuture<>();
            answers.add(answer);
            producer.send(message, new SendCallback() {
                @Override
                public void onSuccess(SendResult result) {
                    answer.complete(result);
                }

                @Override
                public void onException(Throwable error) {
                    answer.completeExceptionally(error);
                }
            });
        }
        for (CompletableFuture<SendResult> answer : answers) print(answer.get(2 * TIMEOUT_MS, TimeUnit.MILLISECONDS));
    }

    private void print(SendResult result) {
        new JsonLine(id, "result")
            .with("sendStatus", result.getSendStatus().name())
            .with("msgId", result.getMsgId())
            .with("offsetMsgId", result.getOffsetMsgId())
            .with("brokerName", result.getMessageQueue().getBrokerName())
            .with("queueId", result.getMessageQueue().getQueueId())
            .with("queueOffset", result.getQueueOffset())
            .print();
    }
}
