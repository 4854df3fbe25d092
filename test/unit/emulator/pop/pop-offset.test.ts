import { INVOKE_BROKER_TO_RESET_OFFSET } from '../../../../lib/commands/group'
import { EmulatorSite } from '../../../support/emulator-site'
import { pop } from '../../../support/pops'

const NEVER_MIND = { timestamp: -1, isForce: true }

describe('where a pop goes on', () => {
  it('is at the start of a young queue, whatever a new group wants', async () => {
    await using site = await EmulatorSite.start()
    await site.send('Orders')
    await site.send('Orders')
    expect((await pop(site, 'Orders', { initMode: 1 })).messages).toHaveLength(2)
    expect(site.emulator.consumerOffset('billing', 'Orders')).toBe(2)
  })

  it('is the last message, or the oldest, for a new group where the first messages are gone', async () => {
    const maxStoreBytes = 16 * 1024 * 1024
    await using site = await EmulatorSite.start({ maxStoreBytes })
    const body = 'x'.repeat(1024 * 1024)
    for (let i = 0; i < 24; i++) await site.send('Orders', { body })
    const first = site.emulator.messages('Orders')[0]?.queueOffset
    expect(first).toBeGreaterThan(0)
    const oldest = await pop(site, 'Orders', { maxMsgNums: 1 })
    const newest = await pop(site, 'Orders', { maxMsgNums: 1, initMode: 1, consumerGroup: 'other' })
    expect([oldest, newest].map(({ messages }) => messages[0]?.queueOffset)).toEqual([first, 23])
  })

  it('is where an administrator has set it, even where messages are held in order', async () => {
    await using site = await EmulatorSite.start()
    for (const body of ['one', 'two', 'three']) await site.send('Orders', { body })
    const order = true
    expect((await pop(site, 'Orders', { order })).messages).toHaveLength(3)
    expect((await pop(site, 'Orders', { order })).messages).toEqual([])
    const header = { topic: 'Orders', group: 'billing', queueId: 0, offset: 1, ...NEVER_MIND }
    await site.invoke(INVOKE_BROKER_TO_RESET_OFFSET, { header })
    const { messages } = await pop(site, 'Orders', { order })
    expect(messages.map(message => message.text())).toEqual(['two', 'three'])
    expect(messages.map(({ reconsumeTimes }) => reconsumeTimes)).toEqual([0, 0])
  })
})
