import { ACK_MESSAGE, CHANGE_MESSAGE_INVISIBLETIME } from '../../../../lib/commands/pop'
import { DELETE_TOPIC_IN_BROKER } from '../../../../lib/commands/topic'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { EmulatorSite } from '../../../support/emulator-site'
import { handleOf, pop } from '../../../support/pops'

const RETRY = '%RETRY%billing_Orders'

async function started() {
  const clock = new ManualClock()
  const site = await EmulatorSite.start({ clock })
  await site.send('Orders', { body: 'one', properties: { TAGS: 'a' } })
  const popTime = clock.now()
  const [message] = (await pop(site, 'Orders')).messages
  const request = {
    consumerGroup: 'billing',
    topic: 'Orders',
    queueId: 0,
    offset: 0,
    extraInfo: handleOf(message).extraInfo,
  }
  return { clock, site, popTime, request, [Symbol.asyncDispose]: () => site.close() }
}

describe('messages that were popped and not acknowledged', () => {
  it('come again in the retry topic of their topic and group', async () => {
    await using parts = await started()
    const { clock, site, popTime } = parts
    await clock.advance(61_999)
    expect(site.emulator.messages(RETRY)).toEqual([])
    await clock.advance(1)
    const [again] = site.emulator.messages(RETRY)
    expect(again).toMatchObject({ reconsumeTimes: 1, tags: 'a', queueId: 0, bornHost: site.address })
    expect(again?.properties).toMatchObject({ '1ST_POP_TIME': String(popTime), ORIGIN_GROUP: 'billing' })
    expect(again?.text()).toBe('one')
  })

  it('are shown under their first topic, and come again and again', async () => {
    await using parts = await started()
    const { clock, site, popTime } = parts
    for (const reconsumeTimes of [1, 2, 3]) {
      await clock.advance(62_000)
      const [again] = (await pop(site, 'Orders')).messages
      expect(again).toMatchObject({ topic: 'Orders', reconsumeTimes })
      expect(again?.property('1ST_POP_TIME')).toBe(String(popTime))
      expect(handleOf(again)).toMatchObject({ retry: '1', queueOffset: reconsumeTimes - 1 })
    }
    expect(site.emulator.messages('%DLQ%billing')).toEqual([])
  })

  it('do not come again once they were acknowledged, in the retry topic either', async () => {
    await using parts = await started()
    const { clock, site, request } = parts
    await clock.advance(62_000)
    const [again] = (await pop(site, 'Orders')).messages
    const { queueId, queueOffset: offset, extraInfo } = handleOf(again)
    await site.invoke(ACK_MESSAGE, { header: { ...request, topic: RETRY, queueId, offset, extraInfo } })
    await clock.advance(62_000)
    expect(site.emulator.messages(RETRY)).toHaveLength(1)
  })

  it('wait for the time that was changed, and the old handle is worth nothing then', async () => {
    await using parts = await started()
    const { clock, site, request } = parts
    await clock.advance(50_000)
    await site.invoke(CHANGE_MESSAGE_INVISIBLETIME, { header: { ...request, invisibleTime: 30_000, suspend: true } })
    await site.invoke(ACK_MESSAGE, { header: request })
    await clock.advance(31_999)
    expect(site.emulator.messages(RETRY)).toEqual([])
    await clock.advance(1)
    expect(site.emulator.messages(RETRY)).toMatchObject([{ reconsumeTimes: 0 }])
  })

  it('come again after a restart', async () => {
    await using parts = await started()
    const { clock, site } = parts
    await site.emulator.brokers[0]?.stop()
    await clock.advance(62_000)
    expect(site.emulator.messages(RETRY)).toEqual([])
    await site.emulator.brokers[0]?.start()
    expect(site.emulator.messages(RETRY)).toHaveLength(1)
  })

  it('wake a pop of whichever queue', async () => {
    for (const queueId of [-1, 0]) {
      await using parts = await started()
      const { clock, site } = parts
      await clock.advance(40_000)
      const waiting = pop(site, 'Orders', { queueId, pollTime: 50_000 })
      await clock.advance(22_000)
      expect((await waiting).messages).toMatchObject([{ reconsumeTimes: 1 }])
    }
  })

  it('are gone with their topic, as the retry topic is', async () => {
    await using parts = await started()
    const { clock, site } = parts
    await clock.advance(62_000)
    await pop(site, 'Orders')
    await site.invoke(DELETE_TOPIC_IN_BROKER, { header: { topic: 'Orders' } })
    await clock.advance(62_000)
    expect(site.emulator.messages(RETRY)).toEqual([])
  })
})
