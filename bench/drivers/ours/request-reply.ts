import { loadLibrary } from '../load-library'
import { inFlight } from '../in-flight'
import { Latencies } from '../latencies'
import type { DriverSetup, Round } from '../rounds'
import { sampleMessage } from '../sample-message'

const TIMEOUT_MS = 10_000

/**
 * Requests, and the consumer that replies to them, in one process. A tag of its own keeps the other drivers' requests away,
 * which are on the same topic.
 */
export async function openRequestReply(setup: DriverSetup): Promise<Round> {
  const { namesrvAddr, topic, library } = setup
  const { Producer, PushConsumer } = loadLibrary(library)
  const producer = new Producer({ namesrvAddr, producerGroup: `bench-${process.pid}` })
  await producer.start()
  const tags = `bench-${process.pid}-requests`
  const consumer = new PushConsumer({ namesrvAddr, consumerGroup: tags })
  consumer.subscribe(topic, tags).consumeEach(async request => {
    await producer.reply(request, 'answer')
  })
  await consumer.start()
  return async messages => {
    const latencies = new Latencies()
    const measured = await inFlight(messages, setup.inFlight, async () => {
      const at = performance.now()
      await producer.request({ ...sampleMessage(topic), tags }, { timeoutMs: TIMEOUT_MS })
      latencies.add(performance.now() - at)
    })
    return { ...measured, latency: latencies.summary() }
  }
}
