import { loadLibrary } from '../load-library'
import { PacedSends } from '../paced-sends'
import type { DriverSetup, Round } from '../rounds'
import { sampleMessage } from '../sample-message'

/**
 * Sends at a given pace and consumes in the same process, whose clock measures both ends. A tag of its own keeps the other
 * drivers' messages away, which are on the same topic.
 */
export async function openEndToEnd({ namesrvAddr, topic, library, pace }: DriverSetup): Promise<Round> {
  const { Producer, PushConsumer } = loadLibrary(library)
  const tags = `bench-${process.pid}-e2e`
  const sends = new PacedSends()
  const consumer = new PushConsumer({ namesrvAddr, consumerGroup: tags })
  consumer.subscribe(topic, tags).consumeEach(message => sends.handled(message.keys[0] ?? ''))
  await consumer.start()
  const producer = new Producer({ namesrvAddr, producerGroup: 'bench' })
  await producer.start()
  const send = (keys: string): Promise<unknown> => producer.send({ ...sampleMessage(topic), tags, keys })
  return messages => sends.run(messages, pace, send)
}
