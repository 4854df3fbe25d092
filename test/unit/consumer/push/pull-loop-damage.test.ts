import type { PullAnswer } from '../../../support/pull-setup'
import { found, pullSetup } from '../../../support/pull-setup'

const GARBAGE = Buffer.from('garbage')
/** What a record of that offset comes as where its head cannot be read. */
const BEHEADED = Buffer.alloc(120)
BEHEADED.writeInt32BE(120, 0)
BEHEADED.writeInt32BE(0x7fffffff, 20)

function damaged({ body, ...reply }: PullAnswer, damage = GARBAGE, rest?: PullAnswer): PullAnswer {
  return { ...reply, body: Buffer.concat([body ?? Buffer.alloc(0), damage, rest?.body ?? Buffer.alloc(0)]) }
}

/** What is asked for: from where, and how many messages. */
const asked = (headers: Record<string, unknown>[]): unknown[] =>
  headers.map(({ queueOffset, maxMsgNums }) => `${String(queueOffset)}/${String(maxMsgNums)}`)

describe('an answer that is damaged', () => {
  it('gives what stands before the damage, and the rest is pulled again, one message at a time', async () => {
    const { client, processQueue, errors, committed, answer, headers, loop } = await pullSetup()
    await answer(damaged(found(14, { queueOffset: 10 }, { queueOffset: 12 })))
    expect(processQueue.heads(9).map(({ offset }) => offset)).toEqual([10, 12])
    const message = expect.stringMatching(/damaged from offset 13 of queue 1 of Orders on broker-a on/) as string
    expect(errors).toEqual([expect.objectContaining({ code: 'PROTOCOL_ERROR', topic: 'Orders', message })])
    await client.clock.advance(100)
    expect(asked(headers())).toEqual(['10/32', '13/1'])
    await answer(found(14, { queueOffset: 13 }))
    await answer(found(15, { queueOffset: 14 }))
    expect(asked(headers())).toEqual(['10/32', '13/1', '14/32', '15/32'])
    expect(processQueue.heads(9).map(({ offset }) => offset)).toEqual([10, 12, 13, 14])
    expect([errors.length, committed]).toEqual([1, []])
    await loop.stop()
  })

  it('three times in a row is passed over, and that is told with its place', async () => {
    const { client, errors, committed, answer, headers, loop } = await pullSetup()
    await answer(damaged(found(42)))
    await client.clock.advance(100)
    await answer(damaged(found(12)))
    await client.clock.advance(200)
    expect([asked(headers()), committed]).toEqual([['10/32', '10/1', '10/1'], []])
    await answer(damaged(found(12)))
    expect(asked(headers()).at(-1)).toBe('12/32')
    expect(committed).toEqual([12])
    const message = expect.stringMatching(
      /^offsets 10 to 11 of queue 1 of Orders on broker-a are passed over/,
    ) as string
    const told = { code: 'MESSAGE_UNREADABLE', topic: 'Orders', brokerName: 'broker-a', message }
    expect(errors.map(({ code }) => code)).toEqual(['PROTOCOL_ERROR', 'PROTOCOL_ERROR', 'MESSAGE_UNREADABLE'])
    expect(errors[2]).toMatchObject({ ...told, cause: expect.objectContaining({ code: 'PROTOCOL_ERROR' }) as unknown })
    await loop.stop()
  })

  it('gives what stands behind the damage only when that is passed over, so that all comes in order', async () => {
    const { client, processQueue, answer, loop } = await pullSetup()
    const reply = () => damaged(found(13, { queueOffset: 10 }), BEHEADED, found(13, { queueOffset: 12 }))
    await answer(reply())
    expect(processQueue.heads(9).map(({ offset }) => offset)).toEqual([10])
    for (let pulls = 0; pulls < 3; pulls++) {
      await client.clock.advance(400)
      await answer(damaged(found(13), BEHEADED, found(13, { queueOffset: 12 })))
    }
    expect(processQueue.heads(9).map(({ offset }) => offset)).toEqual([10, 12])
    expect(processQueue.nextBeginOffset).toBe(13)
    await loop.stop()
  })

  it('gets on by one message where its broker would go on at the same place', async () => {
    const { client, processQueue, answer, loop } = await pullSetup()
    for (let pulls = 0; pulls < 3; pulls++) {
      await answer(damaged(found(10)))
      await client.clock.advance(400)
    }
    expect(processQueue.nextBeginOffset).toBe(11)
    await loop.stop()
  })
})
