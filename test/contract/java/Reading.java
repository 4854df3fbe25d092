import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Collectors;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.utils.MessageUtil;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageClientExt;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * Consumes with the Java client, from the first offset of a new group, until it is stopped:
 * NAMESRV TOPIC GROUP EXPRESSION concurrent|orderly|retry|reply|pop STRATEGY, where STRATEGY is one of {@link Strategies}.
 * "reply" replies "Java: TEXT" to every message, "retry" gives every message back with delay level 1 (1 s). "pop" has the broker
 * assign queues and say whether to pop them,
 * and gives messages with tag "again" back once. Prints { event: "started", clientId }, a "message" for each
 * message as the listener sees it, with `at`, the time of the call in ms, and { event: "queues", queues: "BROKER:ID ..." }
 * whenever it has other queues of the topic.
 */
final class Reading {
    private static final int LOOK_EVERY_MS = 20;
    private static final int ENDS_WITHIN_MS = 10_000;
    private final String id;
    private final String topic;
    private final DefaultMQPushConsumer consumer;
    private final Thread watcher = new Thread(this::watchQueues);
    private final DefaultMQProducer replies = new DefaultMQProducer("java-repliers");
    private volatile boolean stopped;

    Reading(String id, String[] args) throws Exception {
        this.id = id;
        topic = args[1];
        consumer = new DefaultMQPushConsumer(args[2]);
        consumer.setNamesrvAddr(args[0]);
        consumer.setInstanceName("read-" + id + "-" + ProcessHandle.current().pid());
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.setAllocateMessageQueueStrategy(Strategies.named(args[5], topic));
        // Its first heartbeat and one with the subscription of the first rebalance may get into each other's way, which
        // the next one mends, after half a minute by default.
        consumer.setHeartbeatBrokerInterval(1000);
        // What a listener has begun ends before the consumer leaves its group.
        consumer.setAwaitTerminationMillisWhenShutdown(ENDS_WITHIN_MS);
        consumer.subscribe(topic, args[3]);
        listen(args[4]);
    }

    void start() throws Exception {
        Peer.startOneByOne(consumer, consumer::start);
        new JsonLine(id, "started").with("clientId", consumer.buildMQClientId()).print();
        watcher.setDaemon(true);
        watcher.start();
    }

    void stop() throws Exception {
        consumer.shutdown();
        replies.shutdown();
        stopped = true;
        watcher.join();
    }

    private void reply(MessageExt request) {
        print(request);
        try {
            String text = "Java: " + new String(request.getBody(), StandardCharsets.UTF_8);
            replies.send(MessageUtil.createReplyMessage(request, text.getBytes(StandardCharsets.UTF_8)));
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    private void listen(String mode) throws Exception {
        switch (mode) {
            case "pop":
                // The Java client of 4.9 has no such method, and never pops.
                DefaultMQPushConsumer.class.getMethod("setClientRebalance", boolean.class).invoke(consumer, false);
                consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
                    messages.forEach(this::print);
                    MessageExt first = messages.get(0);
                    boolean again = "again".equals(first.getTags()) && first.getReconsumeTimes() == 0;
                    return again ? ConsumeConcurrentlyStatus.RECONSUME_LATER : ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
                });
                break;
            case "reply":
                replies.setNamesrvAddr(consumer.getNamesrvAddr());
                replies.setInstanceName("reply-" + id + "-" + ProcessHandle.current().pid());
                Peer.startOneByOne(replies, replies::start);
                consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
                    messages.forEach(this::reply);
                    return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
                });
                break;
            case "concurrent":
                consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
                    messages.forEach(this::print);
                    return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
                });
                break;
            case "retry":
                consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
                    messages.forEach(this::print);
                    context.setDelayLevelWhenNextConsume(1);
                    return ConsumeConcurrentlyStatus.RECONSUME_LATER;
                });
                break;
            case "orderly":
                consumer.registerMessageListener((MessageListenerOrderly) (messages, context) -> {
                    messages.forEach(this::print);
                    return ConsumeOrderlyStatus.SUCCESS;
                });
                break;
            default:
                throw new IllegalArgumentException("unknown mode " + mode);
        }
    }

    private void watchQueues() {
        for (String printed = ""; !stopped; ) {
            String queues = queues();
            if (!queues.equals(printed)) new JsonLine(id, "queues").with("queues", queues).print();
            printed = queues;
            try {
                Thread.sleep(LOOK_EVERY_MS);
            } catch (InterruptedException error) {
                return;
            }
        }
    }

    private String queues() {
        return consumer.getDefaultMQPushConsumerImpl().getRebalanceImpl().getProcessQueueTable().entrySet().stream()
            .filter(entry -> entry.getKey().getTopic().equals(topic) && !entry.getValue().isDropped())
            .map(entry -> entry.getKey().getBrokerName() + ":" + entry.getKey().getQueueId())
            .sorted()
            .collect(Collectors.joining(" "));
    }

    private void print(MessageExt message) {
        new JsonLine(id, "message")
            .with("at", System.currentTimeMillis())
            .with("topic", message.getTopic())
            .with("tags", message.getTags())
            .with("keys", message.getKeys())
            .with("msgId", message.getMsgId())
            .with("offsetMsgId", ((MessageClientExt) message).getOffsetMsgId())
            .with("brokerName", message.getBrokerName())
            .with("queueId", message.getQueueId())
            .with("queueOffset", message.getQueueOffset())
            .with("commitLogOffset", message.getCommitLogOffset())
            .with("bornTimestamp", message.getBornTimestamp())
            .with("bornHost", text(message.getBornHost()))
            .with("storeTimestamp", message.getStoreTimestamp())
            .with("storeHost", text(message.getStoreHost()))
            .with("reconsumeTimes", message.getReconsumeTimes())
            .with("flag", message.getFlag())
            .with("sysFlag", message.getSysFlag())
            .with("bodyCRC", message.getBodyCRC())
            .with("preparedTransactionOffset", message.getPreparedTransactionOffset())
            .with("storeSize", message.getStoreSize())
            .with("delayTimeLevel", message.getDelayTimeLevel())
            .with("transactionId", message.getTransactionId())
            .with("properties", message.getProperties())
            .with("body", Base64.getEncoder().encodeToString(message.getBody()))
            .print();
    }

    private static String text(SocketAddress host) {
        InetSocketAddress address = (InetSocketAddress) host;
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
