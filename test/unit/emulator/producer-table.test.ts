import type { ClientRegistration } from '../../../lib/emulator/client-registration'
import { GENERATIONS } from '../../../lib/emulator/generation'
import { ProducerTable } from '../../../lib/emulator/producer-table'
import type { Channel } from '../../../lib/remoting/channel'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { fakeChannel } from '../../support/fake-channel'

function site(version: '4.9' | '5' = '5') {
  const clock = new ManualClock()
  const table = new ProducerTable(clock, GENERATIONS[version])
  const registration = (channel: Channel, clientId = 'client'): ClientRegistration => {
    return { channel, clientId, language: 'OTHER', version: 477, renewedAt: clock.monotonic() }
  }
  return { clock, table, registration }
}

describe('ProducerTable', () => {
  it('knows the clients of a group by their channels', () => {
    const { table, registration } = site()
    const [one, two] = [fakeChannel('h:1'), fakeChannel('h:2')]
    table.register('g', registration(one))
    table.register('g', registration(two))
    table.register('g', registration(two))
    expect(table.members('g')?.map(({ channel }) => channel.address)).toEqual(['h:1', 'h:2'])
    expect(table.members('unknown')).toBeUndefined()
  })

  it('loses the channel for pushes for ever when an older channel of the client closes', () => {
    const { table, registration } = site()
    const [older, newer] = [fakeChannel('h:1'), fakeChannel('h:2')]
    table.register('g', registration(older))
    table.register('g', registration(newer))
    expect(table.pushChannel('client')).toBe(newer)
    table.onChannelClosed(older)
    expect(table.pushChannel('client')).toBeUndefined()
    table.register('g', registration(newer))
    expect(table.pushChannel('client')).toBeUndefined()
  })

  it('loses it too when one of two producers of the client unregisters', () => {
    const { table, registration } = site()
    const channel = fakeChannel()
    table.register('orders', registration(channel))
    table.register('bills', registration(channel))
    table.unregister('bills', channel, 'client')
    table.register('orders', registration(channel))
    expect(table.members('orders')).toHaveLength(1)
    expect(table.pushChannel('client')).toBeUndefined()
  })

  it('has it again after the group was unregistered and registered anew', () => {
    const { table, registration } = site()
    const [older, newer] = [fakeChannel('h:1'), fakeChannel('h:2')]
    table.register('g', registration(older))
    table.register('g', registration(newer))
    table.onChannelClosed(older)
    table.unregister('g', newer, 'client')
    table.register('g', registration(newer))
    expect(table.pushChannel('client')).toBe(newer)
  })

  it('does nothing for an unregister of a group that it does not know', () => {
    const { table, registration } = site()
    const channel = fakeChannel()
    table.register('g', registration(channel))
    table.unregister('unknown', channel, 'client')
    expect(table.pushChannel('client')).toBe(channel)
  })

  it('takes out what was not renewed for more than 120 s', async () => {
    const { clock, table, registration } = site()
    const [silent, lively] = [fakeChannel('h:1'), fakeChannel('h:2')]
    table.register('g', registration(silent, 'one'))
    table.register('g', registration(lively, 'two'))
    await clock.advance(60_000)
    table.register('g', registration(lively, 'two'))
    await clock.advance(60_001)
    expect(table.takeExpired()).toEqual([silent])
    expect(table.members('g')?.map(({ clientId }) => clientId)).toEqual(['two'])
    expect([table.pushChannel('one'), table.pushChannel('two')]).toEqual([undefined, lively])
  })

  it.each([
    ['5', true],
    ['4.9', false],
  ] as const)('of generation %s keeps the newer channel when the older one expires: %s', async (version, keeps) => {
    const { clock, table, registration } = site(version)
    const [older, newer] = [fakeChannel('h:1'), fakeChannel('h:2')]
    table.register('g', registration(older))
    await clock.advance(60_000)
    table.register('g', registration(newer))
    await clock.advance(60_001)
    table.takeExpired()
    expect(table.pushChannel('client')).toBe(keeps ? newer : undefined)
  })

  it.each([
    ['5', undefined],
    ['4.9', []],
  ] as const)('of generation %s has for a group that lost its last client: %j', (version, expected) => {
    const { table, registration } = site(version)
    const channel = fakeChannel()
    table.register('g', registration(channel))
    table.onChannelClosed(channel)
    expect(table.members('g')).toEqual(expected)
  })
})
