import { GET_BROKER_RUNTIME_INFO } from '../../../../lib/commands/broker'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { EmulatorSite } from '../../../support/emulator-site'

describe('the runtime info of a broker', () => {
  it.each([
    ['4.9', 'V4_9_4', 'getTransferedTps'],
    ['5', 'V5_5_0', 'getTransferredTps'],
  ] as const)('of generation %s tells that it is a %s, and rates by the name %s', async (version, desc, rate) => {
    await using site = await EmulatorSite.start({ version })
    const { table } = (await site.invoke(GET_BROKER_RUNTIME_INFO, {})).body
    expect(table.get('brokerVersionDesc')).toBe(desc)
    expect(table.get(rate)).toBe('0.0 0.0 0.0')
  })

  it('counts the messages that were stored, and tells when the first of them was', async () => {
    const clock = new ManualClock(1_700_000_000_000)
    await using site = await EmulatorSite.start({ clock })
    const told = async (...names: string[]) => {
      const { table } = (await site.invoke(GET_BROKER_RUNTIME_INFO, {})).body
      return names.map(name => table.get(name))
    }
    expect(await told('msgPutTotalTodayNow', 'earliestMessageTimeStamp')).toEqual(['0', '-1'])
    await site.send('Orders', { queueId: 1 })
    await clock.advance(1000)
    await site.send('Orders', { queueId: 0 })
    expect(await told('msgPutTotalTodayNow', 'earliestMessageTimeStamp')).toEqual(['2', '1700000000000'])
  })
})
