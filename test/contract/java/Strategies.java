import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.rocketmq.client.consumer.AllocateMessageQueueStrategy;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMachineRoomNearby;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragely;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragelyByCircle;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueByConfig;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueByMachineRoom;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueConsistentHash;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * The built-in strategies: AVG, AVG_BY_CIRCLE, CONSISTENT_HASH, CONFIG:BROKER:ID;BROKER:ID with the queues of this member,
 * MACHINE_ROOM, where all brokers stand in room "east", and MACHINE_ROOM_NEARBY, where queues and clients stand in the room
 * that their number, or the last character of their id, gives: "r0" or "r1".
 */
final class Strategies {
    private static final String ROOM = "east@";

    private Strategies() {
    }

    static AllocateMessageQueueStrategy named(String name, String topic) {
        switch (name.split(":")[0]) {
            case "AVG":
                return new AllocateMessageQueueAveragely();
            case "AVG_BY_CIRCLE":
                return new AllocateMessageQueueAveragelyByCircle();
            case "CONSISTENT_HASH":
                return new AllocateMessageQueueConsistentHash();
            case "CONFIG":
                return byConfig(name.substring("CONFIG:".length()), topic);
            case "MACHINE_ROOM":
                return byMachineRoom();
            case "MACHINE_ROOM_NEARBY":
                return nearby();
            default:
                throw new IllegalArgumentException("unknown strategy " + name);
        }
    }

    private static AllocateMessageQueueStrategy byConfig(String queues, String topic) {
        AllocateMessageQueueByConfig strategy = new AllocateMessageQueueByConfig();
        strategy.setMessageQueueList(Arrays.stream(queues.split(";"))
            .map(queue -> queue.split(":"))
            .map(parts -> new MessageQueue(topic, parts[0], Integer.parseInt(parts[1])))
            .collect(Collectors.toList()));
        return new AllocateMessageQueueStrategy() {
            @Override
            public List<MessageQueue> allocate(String group, String id, List<MessageQueue> all, List<String> ids) {
                // The list is for one topic: of the retry topic this member has nothing.
                boolean isOurs = !all.isEmpty() && all.get(0).getTopic().equals(topic);
                return isOurs ? strategy.allocate(group, id, all, ids) : Collections.emptyList();
            }

            @Override
            public String getName() {
                return strategy.getName();
            }
        };
    }

    private static AllocateMessageQueueStrategy byMachineRoom() {
        AllocateMessageQueueByMachineRoom strategy = new AllocateMessageQueueByMachineRoom();
        strategy.setConsumeridcs(Collections.singleton("east"));
        return new AllocateMessageQueueStrategy() {
            @Override
            public List<MessageQueue> allocate(String group, String id, List<MessageQueue> all, List<String> ids) {
                List<MessageQueue> share = new ArrayList<>();
                for (MessageQueue queue : strategy.allocate(group, id, renamed(all), ids)) {
                    String name = queue.getBrokerName().substring(ROOM.length());
                    share.add(new MessageQueue(queue.getTopic(), name, queue.getQueueId()));
                }
                return share;
            }

            @Override
            public String getName() {
                return strategy.getName();
            }
        };
    }

    /** The brokers of the tests are not named after a room. */
    private static List<MessageQueue> renamed(List<MessageQueue> queues) {
        return queues.stream()
            .map(queue -> new MessageQueue(queue.getTopic(), ROOM + queue.getBrokerName(), queue.getQueueId()))
            .collect(Collectors.toList());
    }

    private static AllocateMessageQueueStrategy nearby() {
        return new AllocateMachineRoomNearby(
            new AllocateMessageQueueAveragely(),
            new AllocateMachineRoomNearby.MachineRoomResolver() {
                @Override
                public String brokerDeployIn(MessageQueue queue) {
                    return "r" + queue.getQueueId() % 2;
                }

                @Override
                public String consumerDeployIn(String clientId) {
                    return "r" + clientId.charAt(clientId.length() - 1) % 2;
                }
            });
    }
}
