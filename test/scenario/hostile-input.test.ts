import type { PushConsumer } from '../../lib/index'
import { SEND_MESSAGE_V2 } from '../../lib/commands/send'
import { SYS_FLAG, compressionBits } from '../../lib/model/sys-flag'
import { compress } from '../../lib/wire/compression'
import { describeScenario } from '../support/cluster'
import { loopbackClient } from '../support/loopback-client'
import { sendHeader } from '../support/send-header'
import type { Site } from '../support/site'
import { answered } from '../support/until'
import { Wires } from '../support/wires'

/** More than any message may come to. */
const BOMB = Buffer.alloc(17 * 1_048_576)
/** A frame of blocks that repeat one byte, without help of Node, which knows ZSTD from version 22 on. */
function zstdOfZeros(bytes: number): Buffer {
  const blockBytes = 131_072
  const head = (blockBytes << 3) | 2
  const block = Buffer.from([head & 0xff, (head >>> 8) & 0xff, head >>> 16, 0])
  const blocks = Array<Buffer>(bytes / blockBytes).fill(block)
  return Buffer.concat([Buffer.from('28b52ffd0070', 'hex'), ...blocks, Buffer.from([1, 0, 0])])
}

/** Bodies that contradict what their message says of them. */
const CLOSED: readonly (readonly [string, number, () => Buffer | Promise<Buffer>])[] = [
  ['is no ZLIB', compressionBits('ZLIB'), () => Buffer.from('plain')],
  ['is a bomb of ZLIB', compressionBits('ZLIB'), () => compress(BOMB, 5, 'ZLIB')],
  ['is a bomb of LZ4', compressionBits('LZ4'), () => compress(BOMB, 5, 'LZ4')],
  ['is a bomb of ZSTD', compressionBits('ZSTD'), () => zstdOfZeros(BOMB.length)],
  ['has a compression that nobody knows', SYS_FLAG.COMPRESSED | 0x700, () => Buffer.from('plain')],
]

/** Sends what no producer of ours would. */
async function sendRaw(site: Site, topic: string, how: { sysFlag: number; body: Buffer }): Promise<void> {
  const admin = await site.admin()
  const [broker] = (await admin.topicRoute(topic)).brokerDatas
  const client = loopbackClient()
  site.onEnd(() => client.close())
  const { sysFlag, body } = how
  const header = sendHeader(topic, { sysFlag, properties: 'UNIQ_KEY\u00017F0000010000000000000000DEADBEEF\u0002' })
  const reply = await client.invoke(broker?.brokerAddrs.get(0) ?? '', SEND_MESSAGE_V2, { header, body })
  expect(reply.code).toBe('SUCCESS')
}

/** Of the only queue. */
function offsetIn(consumer: PushConsumer, topic: string): number | undefined {
  return consumer.stats().queues.find(({ queue }) => queue.topic === topic)?.commitOffset
}

describeScenario('a message that cannot be opened', cluster => {
  for (const [what, sysFlag, body] of CLOSED) {
    cluster.it(
      `as its body ${what}, is told of and goes to the dead letters, and those after it arrive`,
      async site => {
        const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
        await sendRaw(site, topic, { sysFlag, body: await body() })
        const producer = await site.producer()
        await producer.send({ topic, body: 'after' })
        const { inbox, consumer } = await site.reader(topic, { consumerGroup, maxReconsumeTimes: 0 })
        await inbox.text('after')
        const isTold = (): boolean => site.backgroundErrors.some(({ code }) => code === 'MESSAGE_UNREADABLE')
        await site.until(isTold, { what: 'a report of the message' })
        const admin = await site.admin()
        const letters = `%DLQ%${consumerGroup}`
        await answered(
          () => admin.topics(),
          topics => topics.includes(letters),
          { what: letters },
        )
        await site.stored(letters, 1)
        await site.until(() => offsetIn(consumer, topic) === 2, { what: 'a commit past both' })
        expect(inbox.texts).toEqual(['after'])
      },
    )
  }
})

describeScenario('a server that does not speak the protocol for once', cluster => {
  cluster.it('loses that connection alone, and the next one is used', async site => {
    const wires = new Wires()
    site.onEnd(() => wires.close())
    let garbage: Buffer | undefined
    wires.weather.replies = frame => {
      const instead = garbage ?? frame
      garbage = undefined
      return [instead]
    }
    const topic = await site.freshTopic(1)
    const producer = await site.producer({ advanced: { dialer: wires.dialer }, retryTimesWhenSendFailed: 0 })
    await producer.send({ topic, body: 'before' })
    for (const hex of ['485454502f312e3120343030', '7fffffff00000000', '0000000000000000', '0000000700000005787878']) {
      garbage = Buffer.from(hex, 'hex')
      const cut = { code: 'CHANNEL_CLOSED', sent: 'UNKNOWN', cause: { cause: { code: 'PROTOCOL_ERROR' } } }
      await expect(producer.send({ topic, body: 'lost' })).rejects.toMatchObject(cut)
      await producer.send({ topic, body: 'next' })
    }
  })
})
