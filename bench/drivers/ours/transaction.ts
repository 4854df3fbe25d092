import { loadLibrary } from '../load-library'
import { inFlight } from '../in-flight'
import type { DriverSetup, Round } from '../rounds'
import { sampleMessage } from '../sample-message'

/** Half messages whose local transaction commits at once. */
export async function openTransaction({ namesrvAddr, topic, library, ...setup }: DriverSetup): Promise<Round> {
  const { TransactionProducer } = loadLibrary(library)
  const producer = new TransactionProducer({
    namesrvAddr,
    producerGroup: `bench-${process.pid}`,
    transactionListener: {
      executeLocalTransaction: () => 'COMMIT_MESSAGE',
      checkLocalTransaction: () => 'COMMIT_MESSAGE',
    },
  })
  await producer.start()
  return messages => inFlight(messages, setup.inFlight, () => producer.sendInTransaction(sampleMessage(topic)))
}
