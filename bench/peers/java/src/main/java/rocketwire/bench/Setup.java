package rocketwire.bench;

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONObject;
import java.nio.charset.StandardCharsets;
import org.apache.rocketmq.common.message.Message;

/** What the driver is told when it is started. */
record Setup(String workload, String namesrvAddr, String broker, String topic, int queues, int bodyBytes, int inFlight,
             int batch, int pullBatch, int listenerBatch, int pace) {
    private static final String TEXT = "rocketwire";

    static Setup parse(String json) {
        JSONObject object = JSON.parseObject(json);
        return new Setup(
            object.getString("workload"),
            object.getString("namesrvAddr"),
            object.getString("broker"),
            object.getString("topic"),
            object.getIntValue("queues"),
            object.getIntValue("bodyBytes"),
            object.getIntValue("inFlight"),
            object.getIntValue("batch"),
            object.getIntValue("pullBatch"),
            object.getIntValue("listenerBatch"),
            object.getIntValue("pace"));
    }

    /** A name that no other process and no other round has. */
    static String group(Object suffix) {
        return "bench-" + ProcessHandle.current().pid() + "-" + suffix;
    }

    /** Makes the message that every driver sends: a new object each time, as users make them. */
    MessageSource messages() {
        return messages("bench");
    }

    MessageSource messages(String tag) {
        byte[] body = TEXT.repeat(bodyBytes / TEXT.length() + 1).substring(0, bodyBytes).getBytes(StandardCharsets.UTF_8);
        return key -> new Message(topic, tag, key, body);
    }

    interface MessageSource {
        Message with(String key);

        default Message next() {
            return with("order-42");
        }
    }
}
