import type { Producer } from '../../../lib/index'
import { inFlight } from '../in-flight'
import { loadLibrary } from '../load-library'
import type { DriverSetup, Round } from '../rounds'
import { sampleMessage } from '../sample-message'

/** `Producer.send`, one promise a message. */
export async function openSend(setup: DriverSetup): Promise<Round> {
  const producer = await startProducer(setup)
  return messages => inFlight(messages, setup.inFlight, () => producer.send(sampleMessage(setup.topic)))
}

/** `autoBatch`, whose batches the producer makes of single sends. */
export async function openAutoBatch(setup: DriverSetup): Promise<Round> {
  const producer = await startProducer(setup, { autoBatch: true })
  return messages => inFlight(messages, setup.inFlight, () => producer.send(sampleMessage(setup.topic)))
}

export async function openBatch(setup: DriverSetup): Promise<Round> {
  const producer = await startProducer(setup)
  const { topic, batch } = setup
  const send = (): Promise<unknown> => producer.send(Array.from({ length: batch }, () => sampleMessage(topic)))
  return messages => inFlight(messages / batch, setup.inFlight, send)
}

/** Oneway sends, and one that is answered after them: then the broker has taken what came before it. */
export async function openOneway(setup: DriverSetup): Promise<Round> {
  const producer = await startProducer(setup)
  return messages => {
    let left = messages
    return inFlight(messages, 1, () => {
      const message = sampleMessage(setup.topic)
      return --left === 0 ? producer.send(message) : producer.sendOneway(message)
    })
  }
}

async function startProducer(
  { namesrvAddr, library }: DriverSetup,
  options: { autoBatch?: boolean } = {},
): Promise<Producer> {
  const { Producer } = loadLibrary(library)
  const producer = new Producer({ namesrvAddr, producerGroup: 'bench', ...options })
  await producer.start()
  return producer
}
