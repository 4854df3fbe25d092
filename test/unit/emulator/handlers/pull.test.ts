import type { SubscriptionData } from '../../../../lib/model/consumer-types'
import { UPDATE_AND_CREATE_SUBSCRIPTIONGROUP } from '../../../../lib/commands/group'
import { QUERY_CONSUMER_OFFSET } from '../../../../lib/commands/offset'
import { LITE_PULL_MESSAGE } from '../../../../lib/commands/pull'
import { groupConfig } from '../../../../lib/emulator/groups'
import { tagsCode } from '../../../../lib/model/subscription'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import {
  EmulatorSite,
  type PullReply,
  consumerData,
  messagesOf,
  pullHeader,
  subscription,
} from '../../../support/emulator-site'

const VERSIONS = ['4.9', '5'] as const
const SUBSCRIPTION_FLAG = 4
const SUSPEND_FLAG = 2
const COMMIT_FLAG = 1

async function withMessages(tags: string[], options: Parameters<typeof EmulatorSite.start>[0] = {}) {
  const site = await EmulatorSite.start(options)
  for (const tag of tags) await site.send('Orders', { body: tag, properties: { TAGS: tag } })
  return site
}

const textsOf = (reply: PullReply): string[] => messagesOf(reply).map(message => message.text())

describe('pulls', () => {
  it.each(VERSIONS)('of generation %s get messages and the range of the queue', async version => {
    await using site = await withMessages(['a', 'b', 'c'], { version })
    const reply = await site.pull('Orders', { maxMsgNums: 2 })
    expect(reply).toMatchObject({
      code: 'SUCCESS',
      remark: 'FOUND',
      header: { nextBeginOffset: 2, minOffset: 0, maxOffset: 3, suggestWhichBrokerId: 0 },
    })
    expect(textsOf(reply)).toEqual(['a', 'b'])
    expect(reply.header.topicSysFlag).toBe(version === '5' ? 0 : undefined)
  })

  it('for less than no messages get one from 5.x, and an exception from 4.9', async () => {
    await using site = await withMessages(['a', 'b'])
    expect(textsOf(await site.pull('Orders', { maxMsgNums: -1 }))).toEqual(['a'])
    await using old = await withMessages(['a', 'b'], { version: '4.9' })
    await expect(old.pull('Orders', { maxMsgNums: -1 })).rejects.toMatchObject({ responseCode: 'SYSTEM_ERROR' })
  })

  it.each([
    // offset asked for, code, remark, where to go on
    [3, 'PULL_NOT_FOUND', 'OFFSET_OVERFLOW_ONE', 3],
    [5, 'PULL_OFFSET_MOVED', 'OFFSET_OVERFLOW_BADLY', 3],
    [-1, 'PULL_OFFSET_MOVED', 'OFFSET_TOO_SMALL', 0],
  ] as const)('at %i of 3 are answered %s', async (queueOffset, code, remark, nextBeginOffset) => {
    await using site = await withMessages(['a', 'b', 'c'])
    expect(await site.pull('Orders', { queueOffset })).toMatchObject({ code, remark, header: { nextBeginOffset } })
  })

  it.each([
    [0, 'PULL_NOT_FOUND'],
    [3, 'PULL_OFFSET_MOVED'],
  ] as const)('at %i of a queue without messages are answered %s', async (queueOffset, code) => {
    await using site = await EmulatorSite.start()
    const expected = { code, remark: 'NO_MESSAGE_IN_QUEUE', header: { nextBeginOffset: 0, maxOffset: 0 } }
    expect(await site.pull('Orders', { queueOffset })).toMatchObject(expected)
  })

  it('below what is still kept are told to go on at the first message', async () => {
    await using site = await EmulatorSite.start({ maxStoreBytes: 1 })
    const body = Buffer.alloc(1_000_000)
    for (let i = 0; i < 18; i++) await site.send('Orders', { body })
    const reply = await site.pull('Orders')
    expect(reply.code).toBe('PULL_OFFSET_MOVED')
    expect(reply.header.nextBeginOffset).toBe(reply.header.minOffset)
    expect(reply.header.minOffset).toBeGreaterThan(0)
  })

  it('get what has the tags they want, and are told to go on where none has', async () => {
    await using site = await withMessages(['a', 'b', 'a'])
    const reply = await site.pull('Orders', { subscription: 'a' })
    expect([textsOf(reply), reply.header.nextBeginOffset]).toEqual([['a', 'a'], 3])
    expect(await site.pull('Orders', { subscription: 'x || y' })).toMatchObject({
      code: 'PULL_RETRY_IMMEDIATELY',
      remark: 'NO_MATCHED_MESSAGE',
      header: { nextBeginOffset: 3 },
    })
  })

  it('get messages of other tags that have the same hash', async () => {
    expect(tagsCode('Aa')).toBe(tagsCode('BB'))
    await using site = await withMessages(['Aa', 'BB'])
    expect(textsOf(await site.pull('Orders', { subscription: 'Aa' }))).toEqual(['Aa', 'BB'])
  })

  it('get the very bytes that were stored', async () => {
    await using site = await withMessages(['a'])
    const first = await site.pull('Orders')
    const second = await site.pull('Orders', {}, { client: site.newClient() })
    expect(Buffer.from(first.body).equals(Buffer.from(second.body))).toBe(true)
  })

  it('commit an offset where they say so', async () => {
    await using site = await withMessages(['a', 'b'])
    await site.pull('Orders', { sysFlag: SUBSCRIPTION_FLAG, commitOffset: 1 })
    expect(site.emulator.consumerOffset('billing', 'Orders')).toBeUndefined()
    await site.pull('Orders', { sysFlag: SUBSCRIPTION_FLAG | COMMIT_FLAG, commitOffset: 1 })
    expect(site.emulator.consumerOffset('billing', 'Orders')).toBe(1)
  })

  it('are refused for an unknown topic', async () => {
    await using site = await EmulatorSite.start()
    await expect(site.pull('Unknown')).rejects.toMatchObject({
      responseCode: 'TOPIC_NOT_EXIST',
      remark: expect.stringMatching(/^topic\[Unknown\] not exist, apply first please! \nSee/) as string,
    })
  })

  it('are refused for an unknown group where groups are not made by consumers', async () => {
    await using site = await EmulatorSite.start({ autoCreateGroup: false })
    await expect(site.pull('Orders')).rejects.toMatchObject({ responseCode: 'SUBSCRIPTION_GROUP_NOT_EXIST' })
  })

  it.each([
    ['4.9', 'SYSTEM_ERROR'],
    ['5', 'INVALID_PARAMETER'],
  ] as const)('of generation %s are refused for a queue beyond the last with %s', async (version, responseCode) => {
    await using site = await EmulatorSite.start({ version })
    for (const queueId of [4, -1]) {
      const remark = `queueId[${queueId}] is illegal, topic:[Orders] topicConfig.readQueueNums:[4]`
      await expect(site.pull('Orders', { queueId })).rejects.toMatchObject({
        responseCode,
        remark: expect.stringContaining(remark) as string,
      })
    }
  })

  it('are refused where the topic cannot be read or the group may not consume', async () => {
    await using site = await EmulatorSite.start({ topics: { Orders: { perm: 2 }, Open: 1 } })
    const NO_PERMISSION = { responseCode: 'NO_PERMISSION' }
    await expect(site.pull('Orders')).rejects.toMatchObject(NO_PERMISSION)
    const body = groupConfig('billing', { consumeEnable: false })
    await site.invoke(UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, { body })
    await expect(site.pull('Open')).rejects.toMatchObject(NO_PERMISSION)
  })
})

describe('pulls with the subscription of heartbeats', () => {
  const NO_FLAG = { sysFlag: 0, subVersion: 1 }

  it('get what the heartbeat subscribed to, on any channel', async () => {
    await using site = await withMessages(['a', 'b'])
    const wanted: SubscriptionData = subscription('Orders', {
      subString: 'b',
      tagsSet: ['b'],
      codeSet: [tagsCode('b')],
    })
    const data = consumerData('billing', [], { subscriptionDataSet: [wanted] })
    await site.heartbeat(site.client, { clientID: 'c', consumerDataSet: [data] })
    expect(textsOf(await site.pull('Orders', NO_FLAG, { client: site.newClient() }))).toEqual(['b'])
  })

  it('are refused while the group is not online, knows not the topic or has an older version', async () => {
    await using site = await withMessages(['a'])
    const NOT_EXIST = { responseCode: 'SUBSCRIPTION_NOT_EXIST' }
    await expect(site.pull('Orders', NO_FLAG)).rejects.toMatchObject(NOT_EXIST)
    await site.heartbeat(site.client, { clientID: 'c', consumerDataSet: [consumerData('billing', ['Other'])] })
    await expect(site.pull('Orders', NO_FLAG)).rejects.toMatchObject(NOT_EXIST)
    await site.heartbeat(site.client, { clientID: 'c', consumerDataSet: [consumerData('billing', ['Orders'])] })
    await expect(site.pull('Orders', { ...NO_FLAG, subVersion: 2 })).rejects.toMatchObject({
      responseCode: 'SUBSCRIPTION_NOT_LATEST',
      remark: "the consumer's subscription not latest",
    })
    expect((await site.pull('Orders', NO_FLAG)).code).toBe('SUCCESS')
  })

  it('are refused for a broadcasting group that may not broadcast', async () => {
    await using site = await withMessages(['a'])
    const body = groupConfig('billing', { consumeBroadcastEnable: false })
    await site.invoke(UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, { body })
    const data = consumerData('billing', ['Orders'], { messageModel: 'BROADCASTING' })
    await site.heartbeat(site.client, { clientID: 'c', consumerDataSet: [data] })
    await expect(site.pull('Orders', NO_FLAG)).rejects.toMatchObject({ responseCode: 'NO_PERMISSION' })
  })
})

describe('pulls that wait', () => {
  const WAIT = { sysFlag: SUBSCRIPTION_FLAG | SUSPEND_FLAG, suspendTimeoutMillis: 15_000 }

  it('are answered when a message arrives', async () => {
    await using site = await EmulatorSite.start({ clock: new ManualClock() })
    const parked = site.emulator.received('PULL_MESSAGE')
    const reply = site.pull('Orders', WAIT, { client: site.newClient() })
    await parked
    await site.send('Orders', { body: 'new' })
    expect(textsOf(await reply)).toEqual(['new'])
  })

  it('are answered by messages with their tags only', async () => {
    await using site = await EmulatorSite.start({ clock: new ManualClock() })
    const parked = site.emulator.received('PULL_MESSAGE')
    const reply = site.pull('Orders', { ...WAIT, subscription: 'b' }, { client: site.newClient() })
    await parked
    for (const tag of ['a', 'b']) await site.send('Orders', { body: tag, properties: { TAGS: tag } })
    expect(textsOf(await reply)).toEqual(['b'])
  })

  it('are answered that there is nothing at the first look, every 5 s, after their time', async () => {
    const clock = new ManualClock()
    await using site = await EmulatorSite.start({ clock })
    let answered = false
    const parked = site.emulator.received('PULL_MESSAGE')
    const reply = site.pull('Orders', { ...WAIT, suspendTimeoutMillis: 7000 }).finally(() => (answered = true))
    await parked
    await clock.advance(9000)
    expect(answered).toBe(false)
    await clock.advance(1000)
    expect(await reply).toMatchObject({ code: 'PULL_NOT_FOUND', header: { nextBeginOffset: 0 } })
  })

  it('wait only at the end of a queue', async () => {
    await using site = await withMessages(['a'], { clock: new ManualClock() })
    expect((await site.pull('Orders', { ...WAIT, queueOffset: 7 })).code).toBe('PULL_OFFSET_MOVED')
    expect((await site.pull('Orders', { ...WAIT, subscription: 'x' })).code).toBe('PULL_RETRY_IMMEDIATELY')
  })

  it('commit once', async () => {
    await using site = await EmulatorSite.start({ clock: new ManualClock() })
    const parked = site.emulator.received('PULL_MESSAGE')
    const header = { ...WAIT, sysFlag: WAIT.sysFlag | COMMIT_FLAG, commitOffset: 5 }
    const reply = site.pull('Orders', header, { client: site.newClient() })
    await parked
    await site.pull('Orders', { sysFlag: SUBSCRIPTION_FLAG | COMMIT_FLAG, commitOffset: 6 })
    await site.send('Orders')
    await reply
    expect(site.emulator.consumerOffset('billing', 'Orders')).toBe(6)
  })
})

describe('pulls from a slave', () => {
  const TWO = { brokers: [{ name: 'broker-a', slaves: 1 }] }
  const fromSlave = (site: EmulatorSite, header = {}): Promise<PullReply> =>
    site.pull('Orders', header, { address: site.addressOf(1) })

  it.each(VERSIONS)('of generation %s get what the master has stored, also while that is down', async version => {
    await using site = await withMessages(['a'], { version, ...TWO })
    expect(textsOf(await fromSlave(site))).toEqual(['a'])
    await site.emulator.brokers[0]?.stop()
    expect(textsOf(await fromSlave(site))).toEqual(['a'])
  })

  it('correct no offsets', async () => {
    await using site = await withMessages(['a'], { version: '4.9', ...TWO })
    expect(await fromSlave(site, { queueOffset: 9 })).toMatchObject({
      code: 'PULL_RETRY_IMMEDIATELY',
      header: { nextBeginOffset: 9 },
    })
  })

  it('of generation 5 are sent to the master while that is up', async () => {
    await using site = await withMessages(['a'], TWO)
    expect((await fromSlave(site, { queueOffset: 1 })).code).toBe('PULL_RETRY_IMMEDIATELY')
    await site.emulator.brokers[0]?.stop()
    expect((await fromSlave(site, { queueOffset: 1 })).code).toBe('PULL_NOT_FOUND')
  })

  it('commit nothing', async () => {
    await using site = await withMessages(['a'], TWO)
    await fromSlave(site, { sysFlag: SUBSCRIPTION_FLAG | COMMIT_FLAG, commitOffset: 1 })
    const answer = await site.invoke(QUERY_CONSUMER_OFFSET, {
      header: { consumerGroup: 'billing', topic: 'Orders', queueId: 0, setZeroIfNotFound: false },
    })
    expect(answer.code).toBe('QUERY_NOT_FOUND')
  })
})

describe('pulls of lite pull consumers', () => {
  const litePull = (site: EmulatorSite): Promise<PullReply> =>
    site.invoke(LITE_PULL_MESSAGE, { header: pullHeader('Orders') })

  it('are answered as others by brokers of 5, which have a request of its own for them', async () => {
    await using site = await withMessages(['a', 'b'])
    expect(textsOf(await litePull(site))).toEqual(['a', 'b'])
  })

  it('are not known to brokers of 4.9', async () => {
    await using site = await withMessages(['a'], { version: '4.9' })
    await expect(litePull(site)).rejects.toMatchObject({ responseCode: 'REQUEST_CODE_NOT_SUPPORTED' })
  })
})
