package rocketwire.bench;

import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;

/** Workloads of {@link DefaultMQProducer}. */
final class Sending {
    private Sending() {
    }

    /** With callbacks, as many as may be in flight; where that is one, each is awaited by a synchronous send. */
    static Round open(Setup setup) throws Exception {
        DefaultMQProducer producer = start(new DefaultMQProducer("bench"), setup);
        Setup.MessageSource messages = setup.messages();
        if (setup.inFlight() == 1) return total -> oneByOne(total, () -> checked(producer.send(messages.next())));
        return total -> new InFlight(total, setup.inFlight())
            .run(answer -> producer.send(messages.next(), callback(answer)));
    }

    static Round openAutoBatch(Setup setup) throws Exception {
        DefaultMQProducer producer = new DefaultMQProducer("bench");
        producer.setAutoBatch(true);
        start(producer, setup);
        Setup.MessageSource messages = setup.messages();
        return total -> new InFlight(total, setup.inFlight())
            .run(answer -> producer.send(messages.next(), callback(answer)));
    }

    static Round openBatch(Setup setup) throws Exception {
        DefaultMQProducer producer = start(new DefaultMQProducer("bench"), setup);
        Setup.MessageSource messages = setup.messages();
        return total -> oneByOne(total / setup.batch(), () -> {
            List<Message> batch = new ArrayList<>(setup.batch());
            for (int i = 0; i < setup.batch(); i++) batch.add(messages.next());
            checked(producer.send(batch));
        });
    }

    /** Oneway sends, and one that is answered after them: then the broker has taken what came before it. */
    static Round openOneway(Setup setup) throws Exception {
        DefaultMQProducer producer = start(new DefaultMQProducer("bench"), setup);
        Setup.MessageSource messages = setup.messages();
        return total -> {
            int[] left = {total};
            return oneByOne(total, () -> {
                if (left[0] > 1) producer.sendOneway(messages.next());
                else checked(producer.send(messages.next()));
                left[0]--;
            });
        };
    }

    static <T extends DefaultMQProducer> T start(T producer, Setup setup) throws Exception {
        producer.setNamesrvAddr(setup.namesrvAddr());
        producer.start();
        return producer;
    }

    static SendCallback callback(InFlight.Answer answer) {
        return new SendCallback() {
            @Override
            public void onSuccess(SendResult result) {
                if (result.getSendStatus() == SendStatus.SEND_OK) answer.succeed();
                else answer.fail(new IllegalStateException("a send was answered with " + result.getSendStatus()));
            }

            @Override
            public void onException(Throwable error) {
                answer.fail(error);
            }
        };
    }

    private interface Step {
        void run() throws Exception;
    }

    private static Measured oneByOne(int total, Step step) throws Exception {
        return new InFlight(total, 1).run(answer -> {
            step.run();
            answer.succeed();
        });
    }

    private static void checked(SendResult result) {
        if (result.getSendStatus() != SendStatus.SEND_OK)
            throw new IllegalStateException("a send was answered with " + result.getSendStatus());
    }
}
