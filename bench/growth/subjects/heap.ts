import { loadLibrary } from '../../drivers/load-library'
import type { GrowthSubject } from '../growth-subject'
import { createTopic, heapInUse, sendMany, startProducer } from '../traffic'

const TOPIC = 'Heap'
const MESSAGES = 5_000_000
const STEP = 250_000
const BODY = Buffer.alloc(100, 'rocketwire')

/** One producer and one push consumer at work for five million messages: their heap must stay as it is. */
export const heap: GrowthSubject = {
  sizes: Array.from({ length: MESSAGES / STEP }, (_, i) => (i + 1) * STEP),
  curves: { heap: { title: 'messages sent and received: heap', unit: 'KiB', of: 'nothing' } },
  open: async surroundings => {
    const { namesrvAddr, library } = surroundings
    await createTopic(surroundings, { topic: TOPIC, queues: 8 })
    const consumer = new (loadLibrary(library).PushConsumer)({ namesrvAddr, consumerGroup: 'bench' })
    let sent = 0
    let received = 0
    let onReceived: () => void = () => undefined
    consumer.subscribe(TOPIC).consume(messages => {
      received += messages.length
      if (received >= sent) onReceived()
    })
    const [producer] = await Promise.all([startProducer(surroundings), consumer.start()])
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
