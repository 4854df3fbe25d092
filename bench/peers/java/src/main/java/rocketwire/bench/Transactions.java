package rocketwire.bench;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.client.producer.TransactionSendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

/** Half messages whose local transaction commits at once. The call waits, so that there is a thread for each in flight. */
final class Transactions {
    private Transactions() {
    }

    static Round open(Setup setup) throws Exception {
        TransactionMQProducer producer = new TransactionMQProducer(Setup.group("transaction"));
        producer.setTransactionListener(new Committing());
        Sending.start(producer, setup);
        ExecutorService threads = Executors.newFixedThreadPool(setup.inFlight());
        Setup.MessageSource messages = setup.messages();
        return total -> new InFlight(total, setup.inFlight()).run(answer -> threads.execute(() -> {
            try {
                TransactionSendResult result = producer.sendMessageInTransaction(messages.next(), null);
                if (result.getSendStatus() == SendStatus.SEND_OK) answer.succeed();
                else answer.fail(new IllegalStateException("a send was answered with " + result.getSendStatus()));
            } catch (Exception error) {
                answer.fail(error);
            }
        }));
    }

    private static final class Committing implements TransactionListener {
        @Override
        public LocalTransactionState executeLocalTransaction(Message message, Object argument) {
            return LocalTransactionState.COMMIT_MESSAGE;
        }

        @Override
        public LocalTransactionState checkLocalTransaction(MessageExt message) {
            return LocalTransactionState.COMMIT_MESSAGE;
        }
    }
}
