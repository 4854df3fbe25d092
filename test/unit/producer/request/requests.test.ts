import { Replies } from '../../../../lib/client/replies'
import { RocketMQError } from '../../../../lib/errors'
import type { SendResult } from '../../../../lib/model/results'
import { Requests } from '../../../../lib/producer/request/requests'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { prepareMessage } from '../../../../lib/sending/prepared-message'
import type { SendOptions } from '../../../../lib/sending/send-options'
import { decodeProperties, encodeProperties } from '../../../../lib/wire/properties'
import { UniqueIds } from '../../../../lib/wire/unique-id'
import { deferred } from '../../../support/fake-client'

const MESSAGE = { topic: 'T', body: 'hello' }

interface Sent {
  readonly topic: string
  readonly options: SendOptions
  readonly properties: Record<string, string>
  readonly answer: ReturnType<typeof deferred<SendResult>>
}

function brokerOf(address: string) {
  return { cluster: 'C', brokerAddrs: new Map([[0, address]]) }
}

/** Requests whose sends wait until the test answers them. */
function setup({ maxRequests = 10, nameServers = ['n:9876'] } = {}) {
  const clock = new ManualClock()
  const replies = new Replies(clock)
  const sent: Sent[] = []
  const routesAsked: string[] = []
  const uniqueIds = new UniqueIds()
  let heartbeats = 0
  const queues = ['a', 'b'].map(brokerName => ({ topic: 'C_REPLY_TOPIC', brokerName, queueId: 0 }))
  const requests = new Requests({
    client: {
      clientId: 'me@1',
      clock,
      replies,
      heartbeat: async () => void heartbeats++,
      nameServers: { addresses: nameServers },
      routes: { get: () => ({ brokerDatas: ['a:10911', 'b:10911'].map(brokerOf) }) } as never,
    },
    sender: {
      findRoute: async topic => {
        routesAsked.push(topic)
        return { queues } as never
      },
    },
    maxRequests,
    timeoutMs: 3000,
    send: (message, options, adjust) => {
      const answer = deferred<SendResult>()
      const prepared = adjust(prepareMessage(message, { uniqueIds, maxMessageSize: 100 }))
      sent.push({ topic: message.topic, options, properties: decodeProperties(prepared.properties), answer })
      return answer.promise
    },
  })
  const reply = ({ properties }: Sent, text: string): void => {
    const hosts = { bornHost: '127.0.0.1:1', storeHost: '127.0.0.1:2' }
    const times = { bornTimestamp: 3, storeTimestamp: 4 }
    const rest = { defaultTopic: 'TBW102', defaultTopicQueueNums: 4, queueId: 0, flag: 0, sysFlag: 0 }
    const id = encodeProperties({ CORRELATION_ID: properties.CORRELATION_ID })
    replies.take({
      header: { producerGroup: 'g', topic: 'R', properties: id, ...hosts, ...times, ...rest },
      body: Buffer.from(text),
    })
  }
  return { clock, requests, sent, reply, replies, routesAsked, heartbeats: () => heartbeats }
}

const RESULT = {} as SendResult
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('requests', () => {
  it('are refused before they are sent where a proxy stands for the brokers', async () => {
    const { requests, sent } = setup({ nameServers: ['n:9876', 'b:10911'] })
    const refused = { code: 'UNSUPPORTED_BY_BROKER', address: 'b:10911', sent: 'NO', topic: 'T' }
    await expect(requests.request(MESSAGE, {})).rejects.toMatchObject(refused)
    expect([sent.length, requests.size]).toEqual([0, 0])
  })

  it('resolve with their reply, whichever comes first, that or the answer to the send', async () => {
    const { requests, sent, reply } = setup()
    const both = [requests.request(MESSAGE, {}), requests.request(MESSAGE, {})]
    await settled()
    const [first, second] = sent as [Sent, Sent]
    first.answer.resolve(RESULT)
    await settled()
    reply(first, 'one')
    reply(second, 'two')
    expect((await Promise.all(both)).map(message => message.text())).toEqual(['one', 'two'])
    expect(first.properties).toMatchObject({ REPLY_TO_CLIENT: 'me@1', TTL: '3000' })
    expect(first.properties.CORRELATION_ID).not.toBe(second.properties.CORRELATION_ID)
    expect(requests.size).toBe(0)
  })

  it('make the client known to all brokers of the cluster, once', async () => {
    const { requests, routesAsked, heartbeats } = setup()
    for (let i = 0; i < 2; i++) requests.request(MESSAGE, {}).catch(() => undefined)
    await settled()
    expect([routesAsked, heartbeats()]).toEqual([['C_REPLY_TOPIC'], 1])
  })

  it('end when their time is up, and forget their reply', async () => {
    const { requests, sent, reply, replies, clock } = setup()
    const late = expect(requests.request(MESSAGE, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'REQUEST_TIMEOUT',
    })
    await settled()
    sent[0]?.answer.resolve(RESULT)
    await clock.advance(100)
    await late
    reply(sent[0] as Sent, 'late')
    expect([replies.late, requests.size]).toEqual([1, 0])
  })

  it('fail where they cannot be sent', async () => {
    const { requests, sent } = setup()
    const failed = expect(requests.request(MESSAGE, {})).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    await settled()
    sent[0]?.answer.reject(new RocketMQError('CONNECT_FAILED', 'no broker'))
    await failed
  })

  it('fail at once where the message or the options are wrong', async () => {
    const { requests } = setup()
    await expect(requests.request({ topic: 'no topic', body: 'x' }, {})).rejects.toMatchObject({
      code: 'INVALID_TOPIC',
    })
    await expect(requests.request(MESSAGE, { timeoutMs: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('are bounded: further ones wait their turn', async () => {
    const { requests, sent, reply } = setup({ maxRequests: 1 })
    const both = [requests.request(MESSAGE, {}), requests.request(MESSAGE, {})]
    await settled()
    expect(sent).toHaveLength(1)
    reply(sent[0] as Sent, 'one')
    await both[0]
    await settled()
    expect(sent).toHaveLength(2)
    reply(sent[1] as Sent, 'two')
    expect((await both[1])?.text()).toBe('two')
  })

  it('fail when they are closed', async () => {
    const { requests, sent } = setup()
    const cut = expect(requests.request(MESSAGE, {})).rejects.toThrow('over')
    await settled()
    sent[0]?.answer.resolve(RESULT)
    requests.close(new Error('over'))
    await cut
  })
})
