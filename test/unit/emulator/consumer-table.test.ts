import type { ConsumerData } from '../../../lib/commands/heartbeat-data'
import { ConsumerTable } from '../../../lib/emulator/consumer-table'
import { GENERATIONS } from '../../../lib/emulator/generation'
import type { Channel } from '../../../lib/remoting/channel'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { consumerData, subscription } from '../../support/emulator-site'
import { fakeChannel } from '../../support/fake-channel'

const ONE = fakeChannel('h:1')
const TWO = fakeChannel('h:2')

function site(version: '4.9' | '5' = '5') {
  const clock = new ManualClock()
  const told: string[] = []
  const notify = (channel: Channel, group: string): void => void told.push(`${channel.address} ${group}`)
  const table = new ConsumerTable(clock, GENERATIONS[version], notify)
  const register = (
    channel: Channel,
    data: ConsumerData = consumerData('g', ['Orders']),
    { clientId = channel.address, notifies = true, keepsSubscriptions = false } = {},
  ): void => {
    const registration = { channel, clientId, language: 'OTHER', version: 477, renewedAt: clock.monotonic() }
    table.register({ data, registration, notifies, keepsSubscriptions })
  }
  /** What was told since the last call. */
  const heard = (): string[] => told.splice(0)
  return { clock, table, register, heard }
}

describe('ConsumerTable', () => {
  it('tells all members when one joins, and nobody when it comes again', () => {
    const { register, heard } = site()
    register(ONE)
    expect(heard()).toEqual(['h:1 g'])
    register(TWO)
    expect(heard()).toEqual(['h:1 g', 'h:2 g'])
    register(TWO)
    expect(heard()).toEqual([])
  })

  it('lists a client twice that heartbeats on two channels', () => {
    const { table, register } = site()
    register(ONE, undefined, { clientId: 'client' })
    register(TWO, undefined, { clientId: 'client' })
    const members = [...(table.get('g')?.members.values() ?? [])]
    expect(members.map(({ clientId }) => clientId)).toEqual(['client', 'client'])
  })

  it('tells the members when topics come or go, and keeps the newest version of each', () => {
    const { table, register, heard } = site()
    register(ONE)
    heard()
    const tagged = subscription('Orders', { subString: 'a', subVersion: 2 })
    register(ONE, consumerData('g', [], { subscriptionDataSet: [tagged] }))
    expect(heard()).toEqual([])
    register(ONE, consumerData('g', ['Orders', 'Other']))
    expect(heard()).toEqual(['h:1 g'])
    expect(table.get('g')?.subscriptions.get('Orders')).toEqual(tagged)
    register(ONE, consumerData('g', ['Other']))
    expect(heard()).toEqual(['h:1 g'])
    expect([...(table.get('g')?.subscriptions.keys() ?? [])]).toEqual(['Other'])
  })

  it('leaves subscriptions as they are where the heartbeat says so', () => {
    const { table, register } = site()
    register(ONE)
    register(ONE, consumerData('g', []), { keepsSubscriptions: true })
    expect([...(table.get('g')?.subscriptions.keys() ?? [])]).toEqual(['Orders'])
  })

  it('tells nobody of a group that wants no notices', () => {
    const { register, heard } = site()
    register(ONE, undefined, { notifies: false })
    expect(heard()).toEqual([])
  })

  it('tells those who are left when one unregisters, on its own channel only', () => {
    const { table, register, heard } = site()
    register(ONE)
    register(TWO)
    heard()
    table.unregister('g', fakeChannel('h:3'), true)
    expect(table.get('g')?.members.size).toBe(2)
    heard()
    table.unregister('g', TWO, true)
    expect(heard()).toEqual(['h:1 g'])
    table.unregister('g', ONE, true)
    expect(table.get('g')).toBeUndefined()
  })

  it('tells those who are left when a channel closes', () => {
    const { table, register, heard } = site()
    register(ONE)
    register(TWO)
    register(TWO, consumerData('h', ['Orders']))
    heard()
    table.onChannelClosed(TWO)
    expect(heard()).toEqual(['h:1 g'])
    expect(table.get('h')).toBeUndefined()
  })

  it.each([
    ['5', []],
    ['4.9', ['h:1 g']],
  ] as const)('of generation %s tells members of a broadcasting group: %j', (version, expected) => {
    const { register, heard } = site(version)
    register(ONE, consumerData('g', ['Orders'], { messageModel: 'BROADCASTING' }))
    expect(heard()).toEqual(expected)
  })

  it('takes out what was not renewed for more than 120 s, and tells nobody', async () => {
    const { clock, table, register, heard } = site()
    register(ONE)
    await clock.advance(60_000)
    register(TWO)
    heard()
    await clock.advance(60_001)
    expect(table.takeExpired()).toEqual([ONE])
    expect(heard()).toEqual([])
    expect([...(table.get('g')?.members.keys() ?? [])]).toEqual([TWO])
    await clock.advance(60_000)
    expect(table.takeExpired()).toEqual([TWO])
    expect(table.get('g')).toBeUndefined()
  })
})
