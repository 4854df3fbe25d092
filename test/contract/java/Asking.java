import java.nio.charset.StandardCharsets;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.Message;

/**
 * Sends a request with the Java client and prints the reply: NAMESRV TOPIC TEXT. Prints { event: "replied", text, topic }.
 * The form with a selector: without one, that of 4.9.4 returns the request itself as soon as it is stored.
 */
final class Asking {
    private static final int TIMEOUT_MS = 20_000;
    private final String id;
    private final String[] args;

    Asking(String id, String[] args) {
        this.id = id;
        this.args = args;
    }

    void run() throws Exception {
        DefaultMQProducer producer = new DefaultMQProducer("java-askers");
        producer.setNamesrvAddr(args[0]);
        producer.setInstanceName("ask-" + id + "-" + ProcessHandle.current().pid());
        Peer.startOneByOne(producer, producer::start);
        try {
            Message request = new Message(args[1], args[2].getBytes(StandardCharsets.UTF_8));
            Message reply = producer.request(request, (queues, message, arg) -> queues.get(0), null, TIMEOUT_MS);
            String text = new String(reply.getBody(), StandardCharsets.UTF_8);
            new JsonLine(id, "replied").with("text", text).with("topic", reply.getTopic()).print();
        } finally {
            producer.shutdown();
        }
    }
}
