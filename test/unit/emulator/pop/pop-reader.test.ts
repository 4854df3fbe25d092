import fc from '../../../support/property'
import { ACK_MESSAGE } from '../../../../lib/commands/pop'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { EmulatorSite } from '../../../support/emulator-site'
import { handleOf, pop } from '../../../support/pops'

const texts = (messages: readonly { text(): string }[]): string[] => messages.map(message => message.text())

describe('a pop', () => {
  it('gives each message to one consumer', async () => {
    await using site = await EmulatorSite.start()
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }), async sizes => {
        const topic = `Orders${site.emulator.messages('Count').length}`
        await site.send('Count')
        const sent = Array.from({ length: 12 }, (_, i) => `m${i}`)
        for (const [i, body] of sent.entries()) await site.send(topic, { body, queueId: i % 4 })
        const given: string[] = []
        for (const maxMsgNums of [...sizes, 32])
          given.push(...texts((await pop(site, topic, { queueId: -1, maxMsgNums })).messages))
        expect(given.sort()).toEqual(sent.sort())
      }),
      { numRuns: 10 },
    )
  })

  it('gives new messages and those that come again', async () => {
    const clock = new ManualClock()
    await using site = await EmulatorSite.start({ clock })
    await site.send('Orders', { body: 'old' })
    await pop(site, 'Orders', { invisibleTime: 1000 })
    await clock.advance(3000)
    await site.send('Orders', { body: 'new' })
    const { messages, restNum } = await pop(site, 'Orders')
    expect(texts(messages).sort()).toEqual(['new', 'old'])
    expect(messages.map(({ topic }) => topic)).toEqual(['Orders', 'Orders'])
    expect(restNum).toBe(0)
  })

  it('gives retried messages of a tag only to who wants it', async () => {
    const clock = new ManualClock()
    await using site = await EmulatorSite.start({ clock })
    await site.send('Orders', { properties: { TAGS: 'a' } })
    await pop(site, 'Orders', { invisibleTime: 1000 })
    await clock.advance(3000)
    expect((await pop(site, 'Orders', { exp: 'b' })).messages).toEqual([])
  })

  it('goes on behind messages that nobody wants', async () => {
    await using site = await EmulatorSite.start()
    for (let i = 0; i < 900; i++) await site.send('Orders', { properties: { TAGS: 'a' } })
    await site.send('Orders', { body: 'wanted', properties: { TAGS: 'b' } })
    const { messages } = await pop(site, 'Orders', { exp: 'b', pollTime: 10_000 })
    expect(texts(messages)).toEqual(['wanted'])
  })

  it('gives in order what was not acknowledged, when its time is over', async () => {
    const clock = new ManualClock()
    await using site = await EmulatorSite.start({ clock })
    for (const body of ['one', 'two', 'three']) await site.send('Orders', { body })
    const order = true
    const [first] = (await pop(site, 'Orders', { order, maxMsgNums: 2 })).messages
    const { extraInfo } = handleOf(first)
    const header = { consumerGroup: 'billing', topic: 'Orders', queueId: 0, offset: 0, extraInfo }
    await site.invoke(ACK_MESSAGE, { header })
    await clock.advance(40_000)
    const waiting = pop(site, 'Orders', { order, pollTime: 50_000, attemptId: 'b' })
    await clock.advance(20_000)
    const { messages } = await waiting
    expect(messages.map(message => [message.text(), message.reconsumeTimes])).toEqual([
      ['two', 1],
      ['three', 0],
    ])
  })
})
