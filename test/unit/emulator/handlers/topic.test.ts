import type { RequestOf } from '../../../../lib/commands/command'
import { GET_ROUTEINFO_BY_TOPIC } from '../../../../lib/commands/route'
import {
  DELETE_TOPIC_IN_BROKER,
  GET_TOPIC_CONFIG,
  GET_TOPIC_STATS_INFO,
  UPDATE_AND_CREATE_TOPIC,
} from '../../../../lib/commands/topic'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { EmulatorSite } from '../../../support/emulator-site'

type Header = RequestOf<typeof UPDATE_AND_CREATE_TOPIC>['header']

const VERSIONS = ['4.9', '5'] as const
const CREATE = {
  topic: 'Bills',
  defaultTopic: 'TBW102',
  readQueueNums: 4,
  writeQueueNums: 2,
  perm: 6,
  topicFilterType: 'SINGLE_TAG',
}

const create = (site: EmulatorSite, header: Partial<Header> = {}, address = site.address) =>
  site.client.invoke(address, UPDATE_AND_CREATE_TOPIC, { header: { ...CREATE, ...header } })

describe('topics', () => {
  it.each(VERSIONS)(
    'of generation %s are in the routes once they were created, and as they were changed',
    async version => {
      await using site = await EmulatorSite.start({ version, autoCreateTopic: false })
      const queues = async () => {
        const reply = await site.ask(GET_ROUTEINFO_BY_TOPIC, { header: { topic: 'Bills' } })
        return reply.code === 'SUCCESS' ? reply.body.queueDatas[0] : reply.code
      }
      await create(site)
      expect(await queues()).toMatchObject({ readQueueNums: 4, writeQueueNums: 2, perm: 6 })
      await create(site, { writeQueueNums: 4, perm: 4 })
      expect(await queues()).toMatchObject({ readQueueNums: 4, writeQueueNums: 4, perm: 4 })
    },
  )

  it.each([
    ['4.9', 'SYSTEM_ERROR'],
    ['5', 'INVALID_PARAMETER'],
  ] as const)('of generation %s are refused with %s', async (version, responseCode) => {
    await using site = await EmulatorSite.start({ version })
    await expect(create(site, { topic: 'a.b' })).rejects.toMatchObject({ responseCode })
    await expect(create(site, { topic: 'TBW102' })).rejects.toMatchObject({
      responseCode,
      remark: 'The topic[TBW102] is conflict with system topic.',
    })
  })

  it('have attributes in generation 5', async () => {
    await using site = await EmulatorSite.start()
    await create(site, { attributes: '+message.type=FIFO' })
    await expect(create(site, { attributes: '+color=red' })).rejects.toMatchObject({ remark: 'unsupported key: color' })
    const error = await site.send('Bills', { queueId: 9 }).catch((e: unknown) => e as { remark: string })
    expect((error as { remark: string }).remark).toContain('attributes={message.type=FIFO}')
  })

  it('tell their settings in generation 5', async () => {
    await using site = await EmulatorSite.start()
    await create(site, { attributes: '+message.type=FIFO' })
    const asked = (topic: string, to = site) => to.invoke(GET_TOPIC_CONFIG, { header: { topic } })
    expect((await asked('Bills')).body).toMatchObject({ readQueueNums: 4, writeQueueNums: 2, order: false })
    expect([...(await asked('Bills')).body.attributes]).toEqual([['message.type', 'FIFO']])
    await expect(asked('none')).rejects.toMatchObject({ responseCode: 'TOPIC_NOT_EXIST' })
    await using old = await EmulatorSite.start({ version: '4.9' })
    await expect(asked('Orders', old)).rejects.toMatchObject({ responseCode: 'REQUEST_CODE_NOT_SUPPORTED' })
  })

  it.each(VERSIONS)('of generation %s cannot be created on a slave', async version => {
    await using site = await EmulatorSite.start({ version, brokers: [{ name: 'broker-a', slaves: 1 }] })
    await expect(create(site, {}, site.addressOf(1))).rejects.toMatchObject({ responseCode: 'SYSTEM_ERROR' })
  })

  it('lose their messages and, in generation 5, their offsets when they are deleted', async () => {
    await using site = await EmulatorSite.start()
    await site.send('Orders')
    await site.pull('Orders', { sysFlag: 5, commitOffset: 1 })
    await site.invoke(DELETE_TOPIC_IN_BROKER, { header: { topic: 'Orders' } })
    expect(site.emulator.messages('Orders')).toEqual([])
    expect(site.emulator.consumerOffset('billing', 'Orders')).toBeUndefined()
    await expect(site.pull('Orders')).rejects.toMatchObject({ responseCode: 'TOPIC_NOT_EXIST' })
  })

  it('keep their offsets in generation 4.9', async () => {
    await using site = await EmulatorSite.start({ version: '4.9' })
    await site.pull('Orders', { sysFlag: 5, commitOffset: 1 })
    await site.invoke(DELETE_TOPIC_IN_BROKER, { header: { topic: 'Orders' } })
    expect(site.emulator.consumerOffset('billing', 'Orders')).toBe(1)
  })

  it('of the system cannot be deleted', async () => {
    await using site = await EmulatorSite.start()
    const sent = site.invoke(DELETE_TOPIC_IN_BROKER, { header: { topic: 'SCHEDULE_TOPIC_XXXX' } })
    await expect(sent).rejects.toMatchObject({ responseCode: 'INVALID_PARAMETER' })
  })
})

describe('topic stats', () => {
  it('tell the range of each queue and the time of its last message', async () => {
    const clock = new ManualClock(1_700_000_000_000)
    await using site = await EmulatorSite.start({ clock, topics: { Orders: 2 } })
    await site.send('Orders', { queueId: 1 })
    const { body } = await site.invoke(GET_TOPIC_STATS_INFO, { header: { topic: 'Orders' } })
    expect(new Map(body.offsetTable.map(([{ queueId }, range]) => [queueId, range]))).toEqual(
      new Map([
        [0, { minOffset: 0, maxOffset: 0, lastUpdateTimestamp: 0 }],
        [1, { minOffset: 0, maxOffset: 1, lastUpdateTimestamp: 1_700_000_000_000 }],
      ]),
    )
  })

  it.each([
    ['4.9', 2],
    ['5', 4],
  ] as const)('of generation %s cover %i queues of 2 to write and 4 to read', async (version, count) => {
    await using site = await EmulatorSite.start({ version })
    await create(site)
    const { body } = await site.invoke(GET_TOPIC_STATS_INFO, { header: { topic: 'Bills' } })
    expect(body.offsetTable).toHaveLength(count)
  })

  it('are refused for an unknown topic', async () => {
    await using site = await EmulatorSite.start()
    await expect(site.invoke(GET_TOPIC_STATS_INFO, { header: { topic: 'Unknown' } })).rejects.toMatchObject({
      responseCode: 'TOPIC_NOT_EXIST',
      remark: 'topic[Unknown] not exist',
    })
  })
})
