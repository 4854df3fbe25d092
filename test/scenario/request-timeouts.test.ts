import type { RequestNamed } from '../../lib/emulator/index'
import { describeEmulatorOnly } from '../support/cluster'

/** Retries go to another broker where there is one. */
const BROKERS = { brokers: 2 }

function uniqueIdOf({ header }: RequestNamed<'SEND_MESSAGE_V2'>): string {
  return /UNIQ_KEY\u0001([^\u0002]+)/.exec(header.properties ?? '')?.[1] ?? ''
}

describeEmulatorOnly(
  'a send whose answer',
  cluster => {
    cluster.it('says that the broker is busy is tried on the other broker, under the same id', async site => {
      const topic = await site.freshTopic(2)
      const producer = await site.producer()
      const tries: (string | undefined)[] = []
      const ids = new Set<string>()
      const busy = () => ({ code: 'SYSTEM_BUSY', remark: 'too many requests' }) as const
      site.control(
        'SEND_MESSAGE_V2',
        (request, { broker }) => {
          ids.add(uniqueIdOf(request))
          return tries.push(broker) === 1 ? busy() : 'pass'
        },
        { times: 2 },
      )
      const result = await producer.send({ topic, body: 'x' })
      expect(new Set(tries)).toEqual(new Set(['broker-a', 'broker-b']))
      expect(ids).toEqual(new Set([result.msgId]))
      expect(result.messageQueue.brokerName).toBe(tries[1])
      expect(site.emulator.messages(topic)).toHaveLength(1)
    })

    cluster.it('never comes fails within its time, and tells that the message may have been stored', async site => {
      const topic = await site.freshTopic(2)
      const producer = await site.producer()
      site.control('SEND_MESSAGE_V2', () => 'drop-reply', { times: 'keep' })
      const began = Date.now()
      const timedOut = {
        code: 'SEND_TIMEOUT',
        sent: 'UNKNOWN',
        attempts: 1,
        topic,
        message: expect.stringMatching(/within \d+ ms|300 ms/),
      }
      await expect(producer.send({ topic, body: 'x' }, { timeoutMs: 300 })).rejects.toMatchObject(timedOut)
      const called = new Promise(resolve => producer.sendAsync({ topic, body: 'y' }, { timeoutMs: 300 }, resolve))
      expect(await called).toMatchObject(timedOut)
      // By default each would take 3 s.
      expect(Date.now() - began).toBeLessThan(6000)
      expect(producer.stats().inFlight).toBe(0)
      expect(site.emulator.messages(topic)).toHaveLength(2)
    })

    cluster.it(
      'is cut off by a broken connection is tried again, and nobody knows how often it was stored',
      async site => {
        const topic = await site.freshTopic(2)
        const producer = await site.producer()
        site.control('SEND_MESSAGE_V2', () => 'close-reply')
        const result = await producer.send({ topic, body: 'twice' })
        const stored = site.emulator.messages(topic)
        expect(stored.map(message => message.text())).toEqual(['twice', 'twice'])
        expect(new Set(stored.map(message => message.msgId))).toEqual(new Set([result.msgId]))
      },
    )

    cluster.it('is an error of the message is not tried again', async site => {
      const topic = await site.freshTopic(2)
      const producer = await site.producer()
      const illegal = () => ({ code: 'MESSAGE_ILLEGAL', remark: 'no' }) as const
      const control = site.control('SEND_MESSAGE_V2', illegal, { times: 'keep' })
      const refused = { responseCode: 'MESSAGE_ILLEGAL', remark: 'no', attempts: 1, sent: 'NO' }
      await expect(producer.send({ topic, body: 'x' })).rejects.toMatchObject(refused)
      expect(control.seen).toBe(1)
    })

    cluster.it('is busy for ever fails after all its tries, and names the brokers', async site => {
      const topic = await site.freshTopic(2)
      const producer = await site.producer()
      const busy = () => ({ code: 'SYSTEM_BUSY', remark: 'no' }) as const
      const control = site.control('SEND_MESSAGE_V2', busy, { times: 'keep' })
      const error = await producer.send({ topic, body: 'x' }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ name: 'BrokerError', responseCode: 'SYSTEM_BUSY', attempts: 3, sent: 'NO' })
      expect(new Set((error as { brokersTried: string[] }).brokersTried)).toEqual(new Set(['broker-a', 'broker-b']))
      expect(control.seen).toBe(3)
    })

    cluster.it('is aborted by its signal rejects at once', async site => {
      const topic = await site.freshTopic(2)
      const producer = await site.producer()
      const dropped = new Promise<void>(resolve => {
        site.control('SEND_MESSAGE_V2', () => (resolve(), 'drop'), { times: 'keep' })
      })
      const abort = new AbortController()
      const send = producer.send({ topic, body: 'x' }, { signal: abort.signal })
      const error = { code: 'ABORTED', sent: 'UNKNOWN', cause: { name: 'AbortError' } }
      const aborted = expect(send).rejects.toMatchObject(error)
      await dropped
      abort.abort()
      await aborted
      expect(producer.stats().inFlight).toBe(0)
    })

    cluster.it('tells of weaker durability is a result and no error', async site => {
      const topic = await site.freshTopic(2)
      const producer = await site.producer()
      const header = { msgId: '7F000001000000000000000000000001', queueId: 1, queueOffset: 5 }
      site.control('SEND_MESSAGE_V2', () => ({ code: 'FLUSH_DISK_TIMEOUT', header }) as const)
      const result = await producer.send({ topic, body: 'x' })
      expect(result).toMatchObject({ sendStatus: 'FLUSH_DISK_TIMEOUT', queueOffset: 5, messageQueue: { queueId: 1 } })
    })
  },
  BROKERS,
)

describeEmulatorOnly('a consumer whose broker', cluster => {
  cluster.it('breaks the connection of a pull pulls on, and misses nothing', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox }] = await Promise.all([
      site.producer({ advanced: { instanceName: topic } }),
      site.reader(topic),
    ])
    await producer.send({ topic, body: 'before' })
    await inbox.text('before')
    const broken = site.control('PULL_MESSAGE', () => 'close', { times: 2 })
    for (const body of ['0', '1', '2']) await producer.send({ topic, body })
    await inbox.text('2')
    expect(inbox.texts).toEqual(['before', '0', '1', '2'])
    expect(broken.seen).toBeGreaterThan(0)
  })

  cluster.it('moves its offset goes on where the broker says', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    for (const body of ['0', '1', '2']) await producer.send({ topic, body })
    const header = { suggestWhichBrokerId: 0, nextBeginOffset: 2, minOffset: 2, maxOffset: 3 }
    site.control('PULL_MESSAGE', () => ({ code: 'PULL_OFFSET_MOVED', header, body: Buffer.alloc(0) }) as const)
    const { inbox } = await site.reader(topic)
    await inbox.text('2')
    expect(inbox.texts).toEqual(['2'])
  })

  cluster.it('has no lock to give waits for it, and gets each message in order after that', async site => {
    const topic = await site.freshTopic(1)
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    for (const body of ['0', '1']) await producer.send({ topic, body })
    const none = () => ({ code: 'SUCCESS', body: { lockOKMQSet: [] } }) as const
    const control = site.control('LOCK_BATCH_MQ', none, { times: 2 })
    const consumer = site.newConsumer().subscribe(topic).consumeEach({ ordered: 'queue' }, inbox.take)
    await consumer.start()
    await inbox.text('1')
    expect(control.seen).toBe(2)
    expect(inbox.texts).toEqual(['0', '1'])
  })
})
