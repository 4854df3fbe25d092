import { loadLibrary } from '../../drivers/load-library'
import type { GrowthSubject } from '../growth-subject'
import { createTopic, heapInUse, sendMany } from '../traffic'

const TOPIC = 'Heap'
const MESSAGES = 5_000_000
const STEP = 250_000
const BODY = Buffer.alloc(100, 'rocketwire')

/** One producer and one push consumer at work for five million messages: their heap must stay as it is. */
export const heap: GrowthSubject = {
  sizes: Array.from({ length: MESSAGES / STEP }, (_, i) => (i + 1) * STEP),
  curves: { heap: { title: 'messages sent and received: heap', unit: 'KiB', of: 'nothing' } },
  open: async ({ namesrvAddr, library }) => {
    const rocketwire = loadLibrary(library)
    await createTopic(rocketwire, namesrvAddr, { topic: TOPIC, queues: 8 })
    const producer = new rocketwire.Producer({ namesrvAddr, producerGroup: 'bench' })
    const consumer = new rocketwire.PushConsumer({ namesrvAddr, consumerGroup: 'bench' })
    let sent = 0
    let received = 0
    let onReceived: () => void = () => undefined
    consumer.subscribe(TOPIC).consume(messages => {
      received += messages.length
      if (received >= sent) onReceived()
    })
    await Promise.all([producer.start(), consumer.start()])
    return async size => {
      const count = size - sent
      sent = size
      const all = new Promise<void>(resolve => (onReceived = resolve))
      const message = (): { topic: string; body: Buffer } => ({ topic: TOPIC, body: BODY })
      if (count > 0) await Promise.all([sendMany(producer, { message, count, atATime: 256 }), all])
      return { heap: heapInUse() / 1024 }
    }
  },
}
