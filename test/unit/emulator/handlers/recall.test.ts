import { RECALL_MESSAGE } from '../../../../lib/commands/recall'
import { encodeRecallHandle } from '../../../../lib/model/recall-handle'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { EmulatorSite } from '../../../support/emulator-site'

const NOW = 1_700_000_000_000
const IN_10_S = NOW + 10_000

function request(messageId: string, timestamp = IN_10_S - 999) {
  const handle = { topic: 'Orders', brokerName: 'broker-a', timestamp: String(timestamp), messageId }
  return { header: { topic: 'Orders', recallHandle: encodeRecallHandle(handle) } }
}

const timer = (key: string) => ({ properties: { UNIQ_KEY: key, TIMER_DELIVER_MS: String(IN_10_S) }, body: key })

describe('recalls of timer messages', () => {
  it('are forbidden unless the emulator is told otherwise', async () => {
    await using site = await EmulatorSite.start()
    await expect(site.invoke(RECALL_MESSAGE, request('k'))).rejects.toMatchObject({
      responseCode: 'NO_PERMISSION',
      remark: 'recall failed, operation is forbidden',
    })
  })

  it('keep what they name from being delivered, once', async () => {
    const clock = new ManualClock(NOW)
    await using site = await EmulatorSite.start({ recallMessageEnable: true, clock })
    await site.send('Orders', timer('a'))
    await site.send('Orders', timer('b'))
    await site.invoke(RECALL_MESSAGE, request('a'))
    await clock.advance(11_000)
    const texts = () => site.emulator.messages('Orders').map(message => message.text())
    expect(texts()).toEqual(['b'])
    await site.send('Orders', { properties: { UNIQ_KEY: 'a', TIMER_DELAY_MS: '5000' }, body: 'again' })
    await clock.advance(11_000)
    expect(texts()).toEqual(['b', 'again'])
  })
})
