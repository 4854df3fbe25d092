import { inspect } from 'node:util'
import type { EmulatedAccount } from '../../lib/emulator/index'
import { AdminClient, BrokerError, type Credentials, type RocketMQError } from '../../lib/index'
import { describeOwnCluster } from '../support/cluster'
import { ForwardClock } from '../support/forward-clock'
import type { Site } from '../support/site'

const [OPEN, CLOSED, UNNAMED] = ['Open', 'Closed', 'Unnamed']
const GROUP = 'open-group'
const ADMIN = { accessKey: 'rocketmq', secretKey: 'admin-secret-1' }
const HALF = { accessKey: 'half-account', secretKey: 'half-secret-1' }
const WRONG_SECRET = { ...HALF, secretKey: 'not-the-secret-of-it' }

const accounts: readonly EmulatedAccount[] = [
  { ...ADMIN, admin: true },
  {
    ...HALF,
    topicPerms: { [OPEN]: 'PUB|SUB', [CLOSED]: 'DENY' },
    groupPerms: { [GROUP]: 'PUB|SUB', senders: 'PUB|SUB' },
  },
]

/** What a promise rejects with. */
const failure = (promise: Promise<unknown>): Promise<RocketMQError> =>
  promise.then(
    () => Promise.reject(new Error('it was expected to fail')),
    (error: RocketMQError) => error,
  )

const SEND = { body: 'hello' }

async function startAdmin(site: Site, credentials: Credentials): Promise<AdminClient> {
  const admin = new AdminClient({ namesrvAddr: site.namesrvAddr, credentials })
  site.onEnd(() => admin.shutdown())
  await admin.start()
  return admin
}

async function makeTopics(site: Site): Promise<void> {
  const admin = await startAdmin(site, ADMIN)
  const queues = { readQueueNums: 2, writeQueueNums: 2 }
  for (const topic of [OPEN, CLOSED, UNNAMED]) await admin.createTopic({ topic, ...queues })
}

describeOwnCluster('access control', { accounts }, cluster => {
  const it = (title: string, run: (site: Site) => Promise<void>): void =>
    cluster.it(title, async site => {
      await makeTopics(site)
      await run(site)
    })

  it('takes signed sends, pulls, offsets and questions, with headers of either form', async site => {
    const client = { credentials: HALF }
    const reader = await site.reader(OPEN, { ...client, consumerGroup: GROUP })
    const producer = await site.producer({ ...client, producerGroup: 'senders' })
    const binary = await site.producer({ ...client, advanced: { serialization: 'ROCKETMQ' } })
    const message = { topic: OPEN, body: '中文 \u{1f600}', keys: ['k'], properties: { größe: 'ß' } }
    const { msgId } = await producer.send(message)
    await binary.send({ topic: OPEN, body: 'x' })
    await producer.sendOneway({ topic: OPEN, body: 'oneway' })
    await reader.inbox.first(3)
    await reader.consumer.shutdown()
    expect(site.backgroundErrors).toEqual([])
    const admin = await startAdmin(site, ADMIN)
    const found = await admin.queryByUniqueKey(OPEN, msgId)
    expect(found.map(each => each.text())).toEqual([message.body])
  })

  it('refuses a wrong secret, an unknown key and no key, at once and with the cure', async site => {
    for (const credentials of [WRONG_SECRET, { ...HALF, accessKey: 'nobody-knows-it' }, undefined]) {
      const producer = await site.producer(credentials === undefined ? {} : { credentials })
      const error = await failure(producer.send({ topic: OPEN, ...SEND }))
      expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED', retriable: false, attempts: 1, sent: 'NO' })
      expect(BrokerError.is(error)).toBe(true)
      expect(error.message).toMatch(/check the option credentials/)
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain(WRONG_SECRET.secretKey)
    }
  })

  it('names the topic that is denied, or that no policy allows, and serves the others', async site => {
    const producer = await site.producer({ credentials: HALF })
    for (const topic of [CLOSED, UNNAMED]) {
      const error = await failure(producer.send({ topic, ...SEND }))
      expect(error).toMatchObject({ code: 'PERMISSION_DENIED', topic, retriable: false, attempts: 1, sent: 'NO' })
      expect(error.message).toContain(topic)
    }
    expect((await producer.send({ topic: OPEN, ...SEND })).sendStatus).toBe('SEND_OK')
  })

  cluster.it(
    'tells of a heartbeat that is refused for one of its topics, with all groups that it silences',
    async site => {
      const consumer = site.newConsumer({ credentials: HALF, consumerGroup: GROUP })
      consumer.subscribe(CLOSED).consumeEach(() => undefined)
      await consumer.start()
      const isIt = ({ code, command }: RocketMQError): boolean =>
        code === 'PERMISSION_DENIED' && command === 'HEART_BEAT'
      await site.until(() => site.backgroundErrors.some(isIt), { what: 'a refused heartbeat' })
      const error = site.backgroundErrors.find(isIt)
      expect(error).toMatchObject({ topic: CLOSED, retriable: false })
      expect(error?.message).toContain(`consumer ${GROUP}`)
    },
  )

  it('names a group that is denied', async site => {
    const consumer = site.newConsumer({ credentials: HALF, consumerGroup: 'closed-group' })
    consumer.subscribe(OPEN).consumeEach(() => undefined)
    await consumer.start()
    const isIt = ({ code, group }: RocketMQError): boolean => code === 'PERMISSION_DENIED' && group === 'closed-group'
    await site.until(() => site.backgroundErrors.some(isIt), { what: 'a refused group' })
  })

  cluster.it(
    'asks the provider for other keys when a server refuses those of before, and sends once more',
    async site => {
      const given: Credentials[] = []
      const credentials = async (): Promise<Credentials> => {
        const next = given.length === 0 ? WRONG_SECRET : HALF
        given.push(next)
        return next
      }
      const clock = new ForwardClock()
      const producer = await site.producer({ credentials, advanced: { clock } })
      // A provider that was just asked is not asked again for a refusal.
      expect(await failure(producer.send({ topic: OPEN, ...SEND }))).toMatchObject({ code: 'AUTHENTICATION_FAILED' })
      clock.skip(10_000)
      expect((await producer.send({ topic: OPEN, ...SEND })).sendStatus).toBe('SEND_OK')
      expect(given).toEqual([WRONG_SECRET, HALF])
    },
  )

  it('lets nobody but the administrator make topics', async site => {
    const admin = await startAdmin(site, HALF)
    const error = await failure(admin.createTopic({ topic: 'New', readQueueNums: 1, writeQueueNums: 1 }))
    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', retriable: false })
  })
})
