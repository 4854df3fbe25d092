import * as zlib from 'node:zlib'
import type { CompressionType } from '../../lib/index'
import { describeScenario } from '../support/cluster'

const BODIES = ['订单,order;'.repeat(600), Buffer.alloc(300_000, 'order 4711 paid; ')]
const ALL: readonly CompressionType[] = ['ZLIB', 'LZ4', 'ZSTD']
const WRITTEN = ALL.filter(type => type !== 'ZSTD' || 'zstdCompress' in zlib)

describeScenario('a compressed body', cluster => {
  for (const compressType of WRITTEN)
    cluster.it(`is smaller on the broker, and the same again when it is read: ${compressType}`, async site => {
      const topic = await site.freshTopic(1)
      const { inbox } = await site.reader(topic)
      for (const compressLevel of [1, 9]) {
        const producer = await site.producer({ compressType, compressLevel })
        for (const body of BODIES) await producer.send({ topic, body })
        await producer.sendOneway({ topic, body: BODIES[1] as Buffer })
      }
      const messages = await inbox.first(6)
      const lengths = BODIES.map(body => Buffer.from(body as string).length)
      expect(messages.map(({ body }) => body.length).sort()).toEqual(
        [...lengths, ...lengths, lengths[1], lengths[1]].sort(),
      )
      for (const { body, storeSize } of messages) {
        expect(BODIES.some(sent => Buffer.from(sent as string).equals(body))).toBe(true)
        expect(storeSize).toBeLessThan(5000)
      }
    })

  cluster.it('comes back in a reply, whatever each side compresses by', async site => {
    const topic = await site.freshTopic(1)
    const [asking, replying] = await Promise.all([
      site.producer({ compressType: 'LZ4' }),
      site.producer({ compressType: 'ZLIB' }),
    ])
    await site.consumer(topic, {}, async message => {
      await replying.reply(message, message.text().toUpperCase())
    })
    const reply = await asking.request({ topic, body: BODIES[0] as string })
    expect(reply.text()).toBe((BODIES[0] as string).toUpperCase())
  })
})
