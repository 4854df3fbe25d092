import { GET_ROUTEINFO_BY_TOPIC } from '../../../lib/commands/route'
import { RocketMQError } from '../../../lib/errors'
import type { MessageExt } from '../../../lib/model/message'
import type { SendResult } from '../../../lib/model/results'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { prepareMessage } from '../../../lib/sending/prepared-message'
import { Replier, asReply, createReplier, replyMessageTo } from '../../../lib/sending/replier'
import type { SendOptions } from '../../../lib/sending/send-options'
import { decodeProperties } from '../../../lib/wire/properties'
import { UniqueIds } from '../../../lib/wire/unique-id'
import { FakeClient, deferred } from '../../support/fake-client'

const prepared = () => prepareMessage({ topic: 'T', body: 'x' }, { uniqueIds: new UniqueIds(), maxMessageSize: 100 })
const OWN = { CORRELATION_ID: 'id', REPLY_TO_CLIENT: 'me@1' }
const ASKED = { ...OWN, CLUSTER: 'C', TTL: '3000' }
const request = (properties: Record<string, string> = ASKED) =>
  ({ topic: 'T', msgId: 'M', properties }) as unknown as MessageExt

describe('the message of a reply', () => {
  it('goes to the topic of replies of the cluster, as body or message', () => {
    expect(replyMessageTo(request(), 'text')).toEqual({ topic: 'C_REPLY_TOPIC', body: 'text' })
    const bytes = Buffer.from('x')
    expect(replyMessageTo(request(), bytes)).toEqual({ topic: 'C_REPLY_TOPIC', body: bytes })
    expect(replyMessageTo(request(), { body: 'x', tags: 'T' })).toMatchObject({ topic: 'C_REPLY_TOPIC', tags: 'T' })
  })

  it('has what it needs to find whoever asked, and a command of its own', () => {
    const reply = asReply(prepared(), request())
    expect(decodeProperties(reply.properties)).toMatchObject({ ...OWN, TTL: '3000', MSG_TYPE: 'reply' })
    expect(reply.command.name).toBe('SEND_REPLY_MESSAGE_V2')
  })

  it('needs no TTL', () => {
    expect(decodeProperties(asReply(prepared(), request({ ...OWN, CLUSTER: 'C' })).properties)).not.toHaveProperty(
      'TTL',
    )
  })

  it.each(['CLUSTER', 'CORRELATION_ID', 'REPLY_TO_CLIENT'])('is none to a message without %s', name => {
    expect(() => replyMessageTo(request({ ...ASKED, [name]: '' }), 'x')).toThrow(
      expect.objectContaining({ code: 'INVALID_MESSAGE', message: expect.stringContaining(name) }),
    )
  })
})

interface Sent {
  readonly topic: string
  readonly options: SendOptions
  readonly answer: ReturnType<typeof deferred<SendResult>>
}

/** A replier whose sends wait until the test answers them. */
function setup() {
  const sent: Sent[] = []
  const queues = ['a', 'b'].map(brokerName => ({ topic: 'C_REPLY_TOPIC', brokerName, queueId: 0 }))
  const replier = new Replier({
    clock: new ManualClock(),
    sender: { findRoute: async () => ({ queues }) as never },
    timeoutMs: 3000,
    send: ({ topic }, options) => {
      const answer = deferred<SendResult>()
      sent.push({ topic, options, answer })
      return answer.promise
    },
  })
  return { replier, sent }
}

const RESULT = {} as SendResult
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('a replier', () => {
  const asked = (brokerName: string): MessageExt => {
    const properties = { CLUSTER: 'C', CORRELATION_ID: 'id', REPLY_TO_CLIENT: 'you@2' }
    return { topic: 'T', msgId: 'M', brokerName, properties } as unknown as MessageExt
  }

  it('goes by the broker of the request', async () => {
    const { replier, sent } = setup()
    const done = replier.reply(asked('b'), 'x', {})
    await settled()
    expect(sent).toMatchObject([{ topic: 'C_REPLY_TOPIC', options: { queue: { brokerName: 'b' } } }])
    sent[0]?.answer.resolve(RESULT)
    expect(await done).toBe(RESULT)
  })

  it('goes by any other where that fails', async () => {
    const { replier, sent } = setup()
    const done = replier.reply(asked('b'), 'x', {})
    await settled()
    sent[0]?.answer.reject(new RocketMQError('CHANNEL_CLOSED', 'the broker is gone'))
    await settled()
    expect(sent[1]?.options.queue).toBeUndefined()
    sent[1]?.answer.resolve(RESULT)
    expect(await done).toBe(RESULT)
  })

  it('goes by any where the broker of the request is not known', async () => {
    const { replier, sent } = setup()
    void replier.reply(asked('c'), 'x', {})
    await settled()
    expect(sent[0]?.options.queue).toBeUndefined()
    sent[0]?.answer.resolve(RESULT)
  })

  it('tells that nothing was sent where the options are wrong, and no route is found', async () => {
    const { replier } = setup()
    const wrong = replier.reply(asked('a'), 'x', { timeoutMs: 0 })
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', sent: 'NO' })
    const mistyped = replier.reply(asked('a'), 'x', { timeout: 5 } as object)
    await expect(mistyped).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', sent: 'NO' })
    const client = new FakeClient().on(GET_ROUTEINFO_BY_TOPIC, () => ({ code: 'TOPIC_NOT_EXIST' }))
    const lost = createReplier(client.asClient).reply(asked('a'), 'x', {})
    await expect(lost).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND', sent: 'NO' })
  })
})

describe('a replier of a client', () => {
  it('sends as the producer of the client, large bodies compressed', async () => {
    const client = new FakeClient()
    await client.knownTopic('C_REPLY_TOPIC', { a: 1 })
    const replier = createReplier(client.asClient)
    const done = [replier.reply(request(), 'small', {}), replier.reply(request(), 'x'.repeat(5000), {})]
    for (const outcome of done) outcome.catch(() => undefined)
    while (client.hot.length < 2) await settled()
    const [small, large] = client.hot.map(({ entry }) => entry)
    expect(small?.command.name).toBe('SEND_REPLY_MESSAGE_V2')
    expect(small?.content.extFields).toMatchObject({ a: 'CLIENT_INNER_PRODUCER', b: 'C_REPLY_TOPIC', f: '0' })
    expect(large?.content.extFields).toMatchObject({ f: '769' })
    expect(large?.content.body?.length).toBeLessThan(1000)
  })
})
