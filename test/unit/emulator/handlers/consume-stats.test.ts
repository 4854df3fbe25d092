import { command } from '../../../../lib/commands/command'
import { string } from '../../../../lib/commands/field'
import { GET_CONSUME_STATS } from '../../../../lib/commands/group'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { bytes } from '../../../../lib/commands/body'
import { EmulatorSite, consumerData } from '../../../support/emulator-site'

/** The same request, with its answer as it comes. */
const RAW_STATS = command('GET_CONSUME_STATS', {
  code: GET_CONSUME_STATS.code,
  peer: 'broker',
  request: { header: { consumerGroup: string } },
  response: { body: bytes },
})

const ask = async (site: EmulatorSite, topic?: string) => {
  const header = { consumerGroup: 'billing', ...(topic !== undefined && { topic }) }
  const { body } = await site.invoke(GET_CONSUME_STATS, { header })
  return body.offsetTable.map(([{ topic: name, queueId }, progress]) => ({ queue: `${name} ${queueId}`, ...progress }))
}

const commit = (site: EmulatorSite, topic: string, commitOffset: number) =>
  site.pull(topic, { sysFlag: 5, commitOffset })

describe('consume stats', () => {
  it.each([
    ['4.9', -1],
    ['5', 2],
  ] as const)(
    'of generation %s tell how far a group is, with %i as what it has pulled',
    async (version, pullOffset) => {
      const clock = new ManualClock(1_700_000_000_000)
      await using site = await EmulatorSite.start({ version, clock, topics: { Orders: 1 } })
      for (let i = 0; i < 3; i++) {
        await site.send('Orders')
        await clock.advance(1000)
      }
      await site.pull('Orders', { sysFlag: 5, commitOffset: 1, maxMsgNums: 2 })
      const expected = { brokerOffset: 3, consumerOffset: 1, lastTimestamp: 1_700_000_000_000, pullOffset }
      expect(await ask(site)).toEqual([{ queue: 'Orders 0', ...expected }])
    },
  )

  it.each([
    ['4.9', false],
    ['5', true],
  ] as const)('of generation %s have the field pullOffset: %p', async (version, has) => {
    await using site = await EmulatorSite.start({ version, topics: { Orders: 1 } })
    await commit(site, 'Orders', 0)
    const { body } = await site.invoke(RAW_STATS, { header: { consumerGroup: 'billing' } })
    expect(Buffer.from(body).toString().includes('pullOffset')).toBe(has)
  })

  it('cover the topics on which the group has committed, or the one that is asked for', async () => {
    await using site = await EmulatorSite.start({ topics: { Orders: 1, Bills: 1, Other: 1 } })
    await commit(site, 'Orders', 0)
    await commit(site, 'Bills', 0)
    expect((await ask(site)).map(({ queue }) => queue)).toEqual(['Orders 0', 'Bills 0'])
    expect((await ask(site, 'Other')).map(({ queue }) => queue)).toEqual(['Other 0'])
  })

  it('leave out topics that an online group does not subscribe to', async () => {
    await using site = await EmulatorSite.start({ topics: { Orders: 1, Bills: 1 } })
    await commit(site, 'Orders', 0)
    await commit(site, 'Bills', 0)
    await site.heartbeat(site.client, { clientID: 'c', consumerDataSet: [consumerData('billing', ['Orders'])] })
    expect((await ask(site)).map(({ queue }) => queue)).toEqual(['Orders 0'])
  })
})
