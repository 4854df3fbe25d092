import { loadLibrary } from '../load-library'
import { Latencies } from '../latencies'
import { type DriverSetup, type Round, startStopwatch } from '../rounds'
import { sampleMessage } from '../sample-message'

/** How often sends are made; each time as many as the pace asks for by then. */
const EVERY_MS = 2

/**
 * Sends at a given pace and consumes in the same process, whose clock measures both ends. A tag of its own keeps the other
 * drivers' messages away, which are on the same topic.
 */
export async function openEndToEnd({ namesrvAddr, topic, library, pace }: DriverSetup): Promise<Round> {
  const { Producer, PushConsumer } = loadLibrary(library)
  const tags = `bench-${process.pid}-e2e`
  let onHandled: (key: string) => void = () => undefined
  const consumer = new PushConsumer({ namesrvAddr, consumerGroup: tags })
  consumer.subscribe(topic, tags).consumeEach(message => onHandled(message.keys[0] ?? ''))
  await consumer.start()
  const producer = new Producer({ namesrvAddr, producerGroup: 'bench' })
  await producer.start()
  return messages => {
    const latencies = new Latencies()
    const sentAt = new Map<string, number>()
    const stop = startStopwatch()
    return new Promise((resolve, reject) => {
      onHandled = key => {
        const at = sentAt.get(key)
        if (at === undefined) return
        sentAt.delete(key)
        latencies.add(performance.now() - at)
        if (sent === messages && sentAt.size === 0) resolve({ ...stop(), latency: latencies.summary() })
      }
      const startedAt = performance.now()
      let sent = 0
      const sendDue = (): void => {
        const due = Math.min(messages, Math.ceil(((performance.now() - startedAt) * pace) / 1000))
        for (; sent < due; sent++) {
          const keys = `${startedAt}-${sent}`
          sentAt.set(keys, performance.now())
          producer.send({ ...sampleMessage(topic), tags, keys }).catch(reject)
        }
        if (sent === messages) clearInterval(timer)
      }
      const timer = setInterval(sendDue, EVERY_MS)
    })
  }
}
