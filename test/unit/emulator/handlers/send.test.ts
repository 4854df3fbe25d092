import { SEND_MESSAGE } from '../../../../lib/commands/send'
import { LOCK_BATCH_MQ } from '../../../../lib/commands/client'
import { UPDATE_AND_CREATE_SUBSCRIPTIONGROUP } from '../../../../lib/commands/group'
import { groupConfig } from '../../../../lib/emulator/groups'
import { decodeOffsetMsgId } from '../../../../lib/wire/message-id'
import { EmulatorSite } from '../../../support/emulator-site'

const VERSIONS = ['4.9', '5'] as const

describe('sends', () => {
  it.each(VERSIONS)('of generation %s are answered with id, queue and offset', async version => {
    await using site = await EmulatorSite.start({ version })
    const first = await site.send('Orders', { queueId: 3 })
    expect(first.header).toMatchObject({ queueId: 3, queueOffset: 0, MSG_REGION: 'DefaultRegion', TRACE_ON: 'true' })
    const { address, commitLogOffset } = decodeOffsetMsgId(first.header.msgId)
    expect([address, commitLogOffset.toNumber()]).toEqual([site.address, 0])
    expect((await site.send('Orders', { queueId: 3 })).header.queueOffset).toBe(1)
  })

  it.each(VERSIONS)('of generation %s may come with the long names', async version => {
    await using site = await EmulatorSite.start({ version })
    const header = {
      producerGroup: 'p',
      topic: 'Orders',
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: 4,
      queueId: 1,
      sysFlag: 0,
      bornTimestamp: 1,
      flag: 9,
    }
    await site.invoke(SEND_MESSAGE, { header, body: Buffer.from('long') })
    expect(site.emulator.messages('Orders')[0]).toMatchObject({ queueId: 1, flag: 9 })
  })

  it('store what generation 5 adds: cluster, region, trace and a unique key where there is none', async () => {
    await using site = await EmulatorSite.start()
    const { header } = await site.send('Orders', { properties: { TAGS: 'a', WAIT: 'true' } })
    const { properties } = (await site.read('Orders'))[0] ?? {}
    expect(properties).toEqual({
      TAGS: 'a',
      WAIT: 'true',
      CLUSTER: 'DefaultCluster',
      MSG_REGION: 'DefaultRegion',
      TRACE_ON: 'true',
      UNIQ_KEY: header.transactionId,
    })
    const second = await site.send('Orders', { properties: { UNIQ_KEY: 'MINE' } })
    expect(second.header.transactionId).toBe('MINE')
  })

  it('store what generation 4.9 adds: the cluster; it takes WAIT away', async () => {
    await using site = await EmulatorSite.start({ version: '4.9' })
    const { header } = await site.send('Orders', { properties: { TAGS: 'a', WAIT: 'true' } })
    expect((await site.read('Orders'))[0]?.properties).toEqual({ TAGS: 'a', CLUSTER: 'DefaultCluster' })
    expect(header.transactionId).toBeUndefined()
  })

  it.each([
    ['4.9', 'CLUSTER\u0001DefaultCluster'],
    ['5', 'CLUSTER\u0001DefaultCluster\u0002'],
  ] as const)('of generation %s are stored with properties that end with %j', async (version, end) => {
    await using site = await EmulatorSite.start({ version })
    await site.send('Orders', { properties: { UNIQ_KEY: 'U' } })
    const reply = await site.pull('Orders')
    expect(Buffer.from(reply.body).toString('latin1').endsWith(end)).toBe(true)
  })

  it('create a topic after the one that they name, with no more queues than they want', async () => {
    await using site = await EmulatorSite.start()
    await site.send('New', { defaultTopicQueueNums: 2, queueId: 1 })
    await expect(site.send('New', { queueId: 2 })).rejects.toMatchObject({ responseCode: 'INVALID_PARAMETER' })
  })

  it.each([
    ['4.9', 'http://rocketmq.apache.org/docs/faq/'],
    ['5', 'https://rocketmq.apache.org/docs/bestPractice/06FAQ'],
  ] as const)('of generation %s are refused for a topic that may not be created', async (version, url) => {
    await using site = await EmulatorSite.start({ version, autoCreateTopic: false })
    await expect(site.send('New')).rejects.toMatchObject({
      responseCode: 'TOPIC_NOT_EXIST',
      remark: `topic[New] not exist, apply first please!\nSee ${url} for further details.`,
    })
  })

  it.each([
    ['4.9', 'SYSTEM_ERROR', 'The specified topic contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$'],
    [
      '5',
      'INVALID_PARAMETER',
      'The specified topic: a.b, contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$',
    ],
  ] as const)('of generation %s are refused for a wrong name with %s', async (version, responseCode, remark) => {
    await using site = await EmulatorSite.start({ version })
    await expect(site.send('a.b')).rejects.toMatchObject({ responseCode, remark })
  })

  it.each(VERSIONS)('of generation %s are refused for topics of the system', async version => {
    await using site = await EmulatorSite.start({ version })
    await expect(site.send('SCHEDULE_TOPIC_XXXX')).rejects.toMatchObject({
      responseCode: 'NO_PERMISSION',
      remark: 'Sending message to topic[SCHEDULE_TOPIC_XXXX] is forbidden.',
    })
  })

  it.each([
    ['4.9', 'SYSTEM_ERROR', ''],
    ['5', 'INVALID_PARAMETER', ', attributes={}'],
  ] as const)(
    'of generation %s are refused for a queue beyond the last with %s',
    async (version, responseCode, more) => {
      await using site = await EmulatorSite.start({ version })
      const error = await site.send('Orders', { queueId: 4 }).catch((e: unknown) => e as { remark: string })
      expect(error).toMatchObject({ responseCode })
      expect((error as { remark: string }).remark).toMatch(
        `request queueId[4] is illegal, TopicConfig [topicName=Orders, readQueueNums=4, writeQueueNums=4, perm=RW-, topicFilterType=SINGLE_TAG, topicSysFlag=0, order=false${more}] Producer: 127.0.0.1:`,
      )
    },
  )

  it('to a queue below 0 go to any queue that can be written', async () => {
    await using site = await EmulatorSite.start()
    site.emulator.createTopic('Wide', { readQueueNums: 16, writeQueueNums: 2 })
    for (let i = 0; i < 40; i++) await site.send('Wide', { queueId: -1 })
    expect(new Set(site.emulator.messages('Wide').map(({ queueId }) => queueId))).toEqual(new Set([0, 1]))
  })

  it.each(VERSIONS)('of generation %s are refused when they are too large', async version => {
    await using site = await EmulatorSite.start({ version, maxMessageSize: 10 })
    await expect(site.send('Orders', { body: 'x'.repeat(11) })).rejects.toMatchObject({
      responseCode: 'MESSAGE_ILLEGAL',
      remark:
        'the message is illegal, maybe msg body or properties length not matched. msg body length limit 10B, msg properties length limit 32KB.',
    })
    expect((await site.send('Orders', { body: 'x'.repeat(10) })).code).toBe('SUCCESS')
  })

  it.each(VERSIONS)('of generation %s that are part of a transaction wait for its end', async version => {
    await using site = await EmulatorSite.start({ version })
    const { header } = await site.send('Orders', { properties: { TRAN_MSG: 'true', PGROUP: 'g' }, queueId: 3 })
    expect(header).toMatchObject({ queueId: 3, queueOffset: 0 })
    expect(site.emulator.messages('Orders')).toEqual([])
    expect(site.emulator.messages('RMQ_SYS_TRANS_HALF_TOPIC')).toHaveLength(1)
  })

  it('with a priority go to that queue in generation 5, unless they are special in another way', async () => {
    await using site = await EmulatorSite.start()
    const queueOf = async (properties: Record<string, string>) => {
      const { header } = await site.send('Orders', { properties, queueId: 1 })
      return header.queueId
    }
    expect(await queueOf({ _SYS_MSG_PRIORITY_: '2' })).toBe(2)
    expect(await queueOf({ _SYS_MSG_PRIORITY_: '99' })).toBe(3)
    expect(await queueOf({ _SYS_MSG_PRIORITY_: '2', __SHARDINGKEY: 'k' })).toBe(1)
  })
})

describe('timer messages', () => {
  it('are answered with a handle to take them back in generation 5', async () => {
    await using site = await EmulatorSite.start()
    const { header } = await site.send('Orders', { properties: { TIMER_DELAY_SEC: '60' } })
    expect(header.recallHandle).toMatch(/^[\w-]+=*$/)
  })

  it('are refused in generation 5 where their time is more than 3 days ahead', async () => {
    await using site = await EmulatorSite.start()
    const sent = site.send('Orders', { properties: { TIMER_DELAY_SEC: String(3 * 24 * 3600 + 1) } })
    await expect(sent).rejects.toMatchObject({ responseCode: 'MESSAGE_ILLEGAL' })
  })
})

describe('sends to a retry topic', () => {
  const RETRY = '%RETRY%billing'

  it.each([
    ['4.9', 2, 1],
    ['5', 2, 0],
    ['5', 3, 1],
  ] as const)('of generation %s that were consumed %i times of 2: %i dead letters', async (version, times, dead) => {
    await using site = await EmulatorSite.start({ version })
    await site.send(RETRY, { reconsumeTimes: times, maxReconsumeTimes: 2 })
    expect(site.emulator.messages('%DLQ%billing')).toHaveLength(dead)
    expect(site.emulator.messages(RETRY)).toHaveLength(1 - dead)
  })

  it.each([
    ['4.9', 0],
    ['5', 1],
  ] as const)('of generation %s that are dead and have a delay: %i dead letters at once', async (version, dead) => {
    await using site = await EmulatorSite.start({ version })
    await site.send(RETRY, { reconsumeTimes: 3, maxReconsumeTimes: 2, properties: { DELAY: '3' } })
    expect(site.emulator.messages('%DLQ%billing')).toHaveLength(dead)
  })

  it('go by the settings of the group where they do not say how often', async () => {
    await using site = await EmulatorSite.start()
    await site.invoke(UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, { body: groupConfig('billing', { retryMaxTimes: 1 }) })
    await site.send(RETRY, { reconsumeTimes: 2 })
    expect(site.emulator.messages('%DLQ%billing')).toHaveLength(1)
  })

  it('go to the dead letters at once where the group consumes in order, in generation 5', async () => {
    await using site = await EmulatorSite.start()
    const mqSet = [{ topic: 'Orders', brokerName: 'broker-a', queueId: 0 }]
    const lock = { consumerGroup: 'billing', clientId: 'c', mqSet, onlyThisBroker: false }
    await site.invoke(LOCK_BATCH_MQ, { body: lock })
    await site.send(RETRY, { reconsumeTimes: 0, maxReconsumeTimes: 2 })
    expect(site.emulator.messages('%DLQ%billing')).toHaveLength(1)
  })

  it('are refused for a group that does not exist', async () => {
    await using site = await EmulatorSite.start({ autoCreateGroup: false })
    await expect(site.send(RETRY)).rejects.toMatchObject({ responseCode: 'SUBSCRIPTION_GROUP_NOT_EXIST' })
  })
})

describe('sends to a slave', () => {
  it.each([
    ['4.9', 'SERVICE_NOT_AVAILABLE'],
    ['5', 'SYSTEM_BUSY'],
  ] as const)('of generation %s are refused with %s', async (version, responseCode) => {
    await using site = await EmulatorSite.start({ version, brokers: [{ name: 'broker-a', slaves: 1 }] })
    await expect(site.send('Orders', {}, site.addressOf(1))).rejects.toMatchObject({ responseCode })
  })
})
