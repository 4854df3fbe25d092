import { BrokerState } from '../../../lib/emulator/broker-state'
import type { EmulatedVersion } from '../../../lib/emulator/generation'
import type { IncomingMessage } from '../../../lib/emulator/message-writer'
import { hostBytes } from '../../../lib/wire/host-address'
import type { StoredMessage } from '../../../lib/wire/stored-message'
import { STATE_OPTIONS, sharedParts } from '../../support/emulator-parts'

const HOST = hostBytes('127.0.0.1:10911')

function incoming(properties: Record<string, string> = {}, rest: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    topic: 'Orders',
    queueId: 2,
    flag: 7,
    body: Buffer.from('hello'),
    properties: { ...properties },
    sysFlag: 0,
    bornTimestamp: 1,
    bornHost: '10.0.0.7:50123',
    storeHost: HOST,
    reconsumeTimes: 0,
    ...rest,
  }
}

function site(version: EmulatedVersion = '5') {
  const shared = sharedParts(version)
  const { writer, store } = new BrokerState({ ...shared, ...STATE_OPTIONS })
  writer.delayed.start()
  const stored = (topic: string, queueId: number): StoredMessage[] => {
    const queue = store.findQueue(topic, queueId)
    const count = queue?.maxOffset ?? 0
    return Array.from({ length: count }, (_, i) => writer.find(queue?.positionOf(i) ?? 0) as StoredMessage)
  }
  return { clock: shared.clock, writer, stored }
}

describe('MessageWriter', () => {
  it('stores a message as it is', () => {
    const { writer, stored } = site()
    const place = writer.put(incoming({ TAGS: 'a', WAIT: 'true' }))
    expect(place.queueOffset).toBe(0)
    const [message] = stored('Orders', 2)
    expect(message?.properties).toEqual({ TAGS: 'a', WAIT: 'true' })
    expect([message?.flag, message?.bornHost, message?.text()]).toEqual([7, '10.0.0.7:50123', 'hello'])
  })

  it('leaves WAIT out where it is told to', () => {
    const { writer, stored } = site()
    writer.put(incoming({ TAGS: 'a', WAIT: 'true' }, { dropsWait: true }))
    expect(stored('Orders', 2)[0]?.properties).toEqual({ TAGS: 'a' })
  })

  it('holds a message with a delay level back until its time, and keeps its properties', async () => {
    const { clock, writer, stored } = site()
    writer.put(incoming({ DELAY: '2', TAGS: 'a' }))
    expect(stored('SCHEDULE_TOPIC_XXXX', 1)[0]?.properties).toMatchObject({ REAL_TOPIC: 'Orders', REAL_QID: '2' })
    await clock.advance(4999)
    expect(stored('Orders', 2)).toEqual([])
    await clock.advance(1)
    const [message] = stored('Orders', 2)
    expect(message?.properties).toMatchObject({ DELAY: '2', TAGS: 'a', REAL_TOPIC: 'Orders' })
    expect([message?.flag, message?.bornHost]).toEqual([7, '10.0.0.7:50123'])
  })

  it('takes the last level for one that is beyond it, and none for 0 and below', () => {
    const { writer, stored } = site()
    writer.put(incoming({ DELAY: '99' }))
    expect(stored('SCHEDULE_TOPIC_XXXX', 2)[0]?.properties['DELAY']).toBe('3')
    for (const DELAY of ['0', '-1']) writer.put(incoming({ DELAY }))
    expect(stored('Orders', 2)).toHaveLength(2)
  })

  it('fails as Java does at a delay level that is no number', () => {
    const { writer } = site()
    expect(() => writer.put(incoming({ DELAY: 'x' }))).toThrow(
      expect.objectContaining({ remark: 'java.lang.NumberFormatException: For input string: "x"' }),
    )
  })

  it('holds a timer message back until the second of its time is over, and notes when', async () => {
    const { clock, writer, stored } = site()
    writer.put(incoming({ TIMER_DELAY_SEC: '2' }))
    expect(stored('rmq_sys_wheel_timer', 0)[0]?.properties).toMatchObject({ TIMER_OUT_MS: '1700000002000' })
    await clock.advance(2599)
    expect(stored('Orders', 2)).toEqual([])
    await clock.advance(1)
    expect(stored('Orders', 2)[0]?.properties).toMatchObject({
      TIMER_ENQUEUE_MS: '1700000000400',
      TIMER_DEQUEUE_MS: '1700000003000',
    })
  })

  it('of generation 4.9 knows nothing of timers', () => {
    const { writer, stored } = site('4.9')
    writer.put(incoming({ TIMER_DELAY_SEC: '2' }))
    expect(stored('Orders', 2)).toHaveLength(1)
  })

  it('holds back no message that is part of a transaction', () => {
    const { writer, stored } = site()
    const PREPARED = 4
    writer.put(incoming({ DELAY: '2' }, { sysFlag: PREPARED }))
    expect(stored('Orders', 2)).toHaveLength(1)
  })

  it('stores under a long name the messages of retry topics alone', () => {
    const { writer, stored } = site()
    const long = 'g'.repeat(130)
    const illegal = expect.objectContaining({ responseCode: 'MESSAGE_ILLEGAL' }) as Error
    expect(() => writer.put(incoming({}, { topic: `%DLQ%${long}` }))).toThrow(illegal)
    writer.put(incoming({}, { topic: `%RETRY%${long}` }))
    expect(stored(`%RETRY%${long}`, 2)).toHaveLength(1)
  })

  it('refuses a body or properties that are too large, and stores nothing', () => {
    const { writer, stored } = site()
    const illegal = expect.objectContaining({ responseCode: 'MESSAGE_ILLEGAL' }) as Error
    expect(() => writer.put(incoming({}, { body: Buffer.alloc(1001) }))).toThrow(illegal)
    expect(() => writer.put(incoming({ KEYS: 'k'.repeat(40_000) }))).toThrow(illegal)
    expect(stored('Orders', 2)).toEqual([])
  })

  it.each([
    ['5', 'TAGS\u0001a\u0002'],
    ['4.9', 'TAGS\u0001a'],
  ] as const)('of generation %s writes properties as %j', (version, text) => {
    const { writer } = site(version)
    expect(writer.propertiesText({ TAGS: 'a' })).toBe(text)
    expect(writer.propertiesText({})).toBe('')
  })
})
