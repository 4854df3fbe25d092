import { BODY_BYTES } from '../scenarios'

const BODY = Buffer.alloc(BODY_BYTES, 'rocketwire')

/** The message that every driver sends: 1 KiB, one tag, one key. A new object each time, as users make them. */
export function sampleMessage(topic: string): { topic: string; tags: string; keys: string; body: Buffer } {
  return { topic, tags: 'bench', keys: 'order-42', body: BODY }
}
