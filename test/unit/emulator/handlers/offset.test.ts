import {
  GET_MAX_OFFSET,
  GET_MIN_OFFSET,
  QUERY_CONSUMER_OFFSET,
  SEARCH_OFFSET_BY_TIMESTAMP,
  UPDATE_CONSUMER_OFFSET,
} from '../../../../lib/commands/offset'
import { INVOKE_BROKER_TO_RESET_OFFSET } from '../../../../lib/commands/group'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { EmulatorSite } from '../../../support/emulator-site'

const QUEUE = { topic: 'Orders', queueId: 0 }
const GROUP = { consumerGroup: 'billing', ...QUEUE }
const NOT_FOUND = { code: 'QUERY_NOT_FOUND' }

const query = (site: EmulatorSite, rest: { setZeroIfNotFound?: boolean } = {}) =>
  site.invoke(QUERY_CONSUMER_OFFSET, { header: { ...GROUP, ...rest } })
const commit = (site: EmulatorSite, commitOffset: number, rest: Partial<typeof GROUP> = {}) =>
  site.invoke(UPDATE_CONSUMER_OFFSET, { header: { ...GROUP, commitOffset, ...rest } })

describe('committed offsets', () => {
  it.each(['4.9', '5'] as const)('of generation %s are given back', async version => {
    await using site = await EmulatorSite.start({ version })
    await site.pull('Orders')
    await commit(site, 5)
    expect(await query(site)).toMatchObject({ code: 'SUCCESS', header: { offset: 5 } })
  })

  it('are 0 where none was committed and the queue has all its messages', async () => {
    await using site = await EmulatorSite.start()
    await site.send('Orders')
    expect(await query(site)).toMatchObject({ code: 'SUCCESS', header: { offset: 0 } })
  })

  it.each([
    ['4.9', { code: 'SUCCESS', header: { offset: 0 } }],
    ['5', NOT_FOUND],
  ] as const)('of generation %s on a queue that never had a message: %j', async (version, expected) => {
    await using site = await EmulatorSite.start({ version })
    expect(await query(site)).toMatchObject(expected)
  })

  it('are unknown where none was committed and the queue has lost messages', async () => {
    await using site = await EmulatorSite.start({ maxStoreBytes: 1 })
    const body = Buffer.alloc(1_000_000)
    for (let i = 0; i < 18; i++) await site.send('Orders', { body })
    expect(await query(site)).toMatchObject({
      ...NOT_FOUND,
      remark: 'Not found, V3_0_6_SNAPSHOT maybe this group consumer boot first',
    })
  })

  it.each([
    ['4.9', { code: 'SUCCESS' }],
    ['5', NOT_FOUND],
  ] as const)('of generation %s with a request that wants no 0: %j', async (version, expected) => {
    await using site = await EmulatorSite.start({ version })
    await site.send('Orders')
    expect(await query(site, { setZeroIfNotFound: false })).toMatchObject(expected)
  })

  it('of generation 5 need a group and a topic that exist', async () => {
    await using site = await EmulatorSite.start()
    await expect(commit(site, 1)).rejects.toMatchObject({ responseCode: 'SUBSCRIPTION_GROUP_NOT_EXIST' })
    await site.pull('Orders')
    await expect(commit(site, 1, { topic: 'Unknown' })).rejects.toMatchObject({ responseCode: 'TOPIC_NOT_EXIST' })
  })

  it('of generation 4.9 need neither', async () => {
    await using site = await EmulatorSite.start({ version: '4.9' })
    await commit(site, 1, { topic: 'Unknown' })
    expect(site.emulator.consumerOffset('billing', 'Unknown')).toBe(1)
  })

  it('are not changed by commits between a reset and the next pull', async () => {
    await using site = await EmulatorSite.start()
    for (let i = 0; i < 3; i++) await site.send('Orders')
    await site.pull('Orders')
    await commit(site, 3)
    const reset = { topic: 'Orders', group: 'billing', timestamp: 0, isForce: true, queueId: 0, offset: 1 }
    await site.invoke(INVOKE_BROKER_TO_RESET_OFFSET, { header: reset })
    expect(await commit(site, 3)).toMatchObject({ code: 'SUCCESS', remark: 'Offset has been previously reset' })
    expect(await query(site)).toMatchObject({ header: { offset: 1 } })
    await site.pull('Orders', { queueOffset: 3 })
    await commit(site, 2)
    expect(await query(site)).toMatchObject({ header: { offset: 2 } })
  })
})

describe('ranges of queues', () => {
  it('go from the first message that is kept to the one after the last', async () => {
    await using site = await EmulatorSite.start()
    const range = async () => {
      const min = await site.invoke(GET_MIN_OFFSET, { header: QUEUE })
      const max = await site.invoke(GET_MAX_OFFSET, { header: QUEUE })
      return [min.header.offset, max.header.offset]
    }
    expect(await range()).toEqual([0, 0])
    await site.send('Orders')
    expect(await range()).toEqual([0, 1])
  })
})

describe('offsets by time', () => {
  async function withTimes(version: '4.9' | '5') {
    const clock = new ManualClock(1_700_000_000_000)
    const site = await EmulatorSite.start({ version, clock })
    for (let i = 0; i < 3; i++) {
      await site.send('Orders')
      await clock.advance(1000)
    }
    const search = async (ms: number, boundaryType?: string) => {
      const header = { ...QUEUE, timestamp: 1_700_000_000_000 + ms, ...(boundaryType && { boundaryType }) }
      return (await site.invoke(SEARCH_OFFSET_BY_TIMESTAMP, { header })).header.offset
    }
    return { search, [Symbol.asyncDispose]: () => site.close() }
  }

  it('are those of the first message from then on in generation 5', async () => {
    await using parts = await withTimes('5')
    const { search } = parts
    expect([await search(-1), await search(0), await search(1), await search(2000)]).toEqual([0, 0, 1, 2])
    expect(await search(2001)).toBe(3)
  })

  it('are those of the last message until then where generation 5 is asked so', async () => {
    await using parts = await withTimes('5')
    expect([await parts.search(1500, 'UPPER'), await parts.search(1000, 'upper')]).toEqual([1, 1])
  })

  it('are those of the nearest message in generation 4.9, whatever is asked', async () => {
    await using parts = await withTimes('4.9')
    const { search } = parts
    expect([await search(400), await search(600), await search(600, 'UPPER')]).toEqual([0, 1, 1])
  })
})
