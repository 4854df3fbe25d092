import { Replies } from '../../../lib/client/replies'
import type { MessageExt } from '../../../lib/model/message'
import { SYS_FLAG } from '../../../lib/model/sys-flag'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { compress } from '../../../lib/wire/compression'
import { encodeProperties } from '../../../lib/wire/properties'

type Push = Parameters<Replies['take']>[0]

function push(correlationId: string | undefined, body: Uint8Array = Buffer.from('hello'), sysFlag = 0): Push {
  const properties = encodeProperties({ CORRELATION_ID: correlationId, TAGS: 'T', UNIQ_KEY: 'ID' })
  const hosts = { bornHost: '127.0.0.1:1', storeHost: '127.0.0.1:2' }
  const times = { bornTimestamp: 3, storeTimestamp: 4 }
  const defaults = { defaultTopic: 'TBW102', defaultTopicQueueNums: 4 }
  return {
    header: {
      producerGroup: 'g',
      topic: 'R',
      queueId: 0,
      flag: 7,
      sysFlag,
      properties,
      ...hosts,
      ...times,
      ...defaults,
    },
    body,
  }
}

const expected = (replies: Replies, id: string): Promise<MessageExt> =>
  new Promise((resolve, reject) => {
    replies.expect(id, (error, reply) => (error === undefined ? resolve(reply as MessageExt) : reject(error)))
  })

describe('replies', () => {
  it('are handed to whoever waits for their correlation id, as messages', async () => {
    const replies = new Replies(new ManualClock(1000))
    const [first, second] = [expected(replies, 'a'), expected(replies, 'b')]
    expect(replies.take(push('b', Buffer.from('for b')))).toEqual({ code: 'SUCCESS' })
    replies.take(push('a', Buffer.from('for a')))
    expect([(await first).text(), (await second).text()]).toEqual(['for a', 'for b'])
    const reply = await first
    expect(reply).toMatchObject({ topic: 'R', tags: 'T', msgId: 'ID', flag: 7, bornTimestamp: 3, storeTimestamp: 4 })
    expect(reply).toMatchObject({ bornHost: '127.0.0.1:1', properties: { ARRIVE_TIME: '1000' } })
    expect(replies.late).toBe(0)
  })

  it('are inflated', async () => {
    const replies = new Replies(new ManualClock())
    const reply = expected(replies, 'a')
    const text = 'long '.repeat(1000)
    replies.take(push('a', await compress(Buffer.from(text), 5), SYS_FLAG.COMPRESSED | SYS_FLAG.COMPRESSION_ZLIB))
    expect((await reply).text()).toBe(text)
  })

  it('that cannot be read are an error', async () => {
    const replies = new Replies(new ManualClock())
    const broken = expected(replies, 'a')
    replies.take(push('a', Buffer.from('not compressed'), SYS_FLAG.COMPRESSED))
    await expect(broken).rejects.toMatchObject({ code: 'MESSAGE_UNREADABLE' })
    const strange = expected(replies, 'b')
    const wrong = push('b')
    replies.take({ ...wrong, header: { ...wrong.header, bornHost: 'nowhere' } })
    await expect(strange).rejects.toThrow()
  })

  it('that nobody waits for, or no more, are acknowledged, dropped and counted', async () => {
    const replies = new Replies(new ManualClock())
    const reply = expected(replies, 'a')
    replies.expect('b', () => undefined)()
    for (const id of ['a', 'a', 'b', 'c', undefined]) expect(replies.take(push(id))).toEqual({ code: 'SUCCESS' })
    await reply
    expect(replies.late).toBe(4)
  })
})
