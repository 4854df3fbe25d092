import {
  ACK_MESSAGE,
  BATCH_ACK_MESSAGE,
  CHANGE_MESSAGE_INVISIBLETIME,
  NOTIFICATION,
  POP_MESSAGE,
} from '../../../../lib/commands/pop'
import type { MessageFilter } from '../../../../lib/consumer/message-filter'
import { PopSession } from '../../../../lib/consumer/simple/pop-session'
import { Subscriptions } from '../../../../lib/consumer/rebalance/subscriptions'
import type { RocketMQError } from '../../../../lib/errors'
import { FakeClient } from '../../../support/fake-client'
import { popFound, popNone } from '../../../support/pop-setup'
import { storedMessage } from '../../../support/records'

const OPTIONS = { maxMessages: 16, invisibleDurationMs: 60_000, awaitDurationMs: 1000 }
const never = new AbortController().signal

async function setup(expression = '*', messageFilters: readonly MessageFilter[] = []) {
  const client = new FakeClient()
  await client.knownTopic('Orders', { a: 2 })
  client.peerVersions.set('a:10911', 513)
  for (const command of [ACK_MESSAGE, BATCH_ACK_MESSAGE]) client.on(command, () => ({ code: 'SUCCESS' }))
  client.on(POP_MESSAGE, () => popFound([3, 4]))
  client.on(CHANGE_MESSAGE_INVISIBLETIME, () => ({
    code: 'SUCCESS',
    header: { popTime: 2000, invisibleTime: 90_000, reviveQid: 5 },
  }))
  const subscriptions = new Subscriptions(client.clock)
  subscriptions.add('Orders', expression)
  const errors: RocketMQError[] = []
  const onBackgroundError = (error: RocketMQError) => void errors.push(error)
  const common = {
    client: client.asClient,
    consumerGroup: 'g',
    subscriptions,
    fromFirst: false,
    messageFilters,
    onBackgroundError,
  }
  return { client, session: new PopSession(common) }
}

describe('what a simple consumer works with', () => {
  it('acknowledges what filters of the user drop, and shows the rest', async () => {
    const { client, session } = await setup('*', [({ queueOffset }) => queueOffset === 4])
    const messages = await session.receive(OPTIONS, never)
    expect(messages.map(({ queueOffset }) => queueOffset)).toEqual([4])
    await client.settle()
    expect(client.sent(ACK_MESSAGE).map(({ header }) => header['offset'])).toEqual([3])
    expect([session.received, session.acknowledged]).toEqual([1, 0])
  })

  it('receives and acknowledges, and counts both', async () => {
    const { client, session } = await setup()
    const messages = await session.receive(OPTIONS, never)
    await session.ack(messages)
    expect(client.sent(BATCH_ACK_MESSAGE)).toHaveLength(1)
    await session.ack(messages[0] as never)
    expect(client.sent(ACK_MESSAGE)).toHaveLength(1)
    expect([session.receiving, session.received, session.acknowledged]).toEqual([0, 2, 3])
  })

  it('refuses what is over, without asking the broker', async () => {
    const { client, session } = await setup()
    const [one, two] = await session.receive(OPTIONS, never)
    await client.clock.advance(59_999)
    await session.changeInvisible(one as never, 90_000, {})
    await client.clock.advance(1)
    const refused = { code: 'INVALID_RECEIPT' }
    await expect(session.ack(two as never)).rejects.toMatchObject(refused)
    await expect(session.changeInvisible(two as never, 1000, {})).rejects.toMatchObject(refused)
    await session.ack(one as never)
    expect(client.requests.filter(({ command }) => /ACK|CHANGE/.test(command))).toHaveLength(2)
  })

  it('does not hide what was acknowledged: it would come again', async () => {
    const { session } = await setup()
    const [one] = await session.receive(OPTIONS, never)
    await session.ack(one as never)
    const refused = { code: 'INVALID_RECEIPT', message: /was acknowledged/ }
    await expect(session.changeInvisible(one as never, 1000, {})).rejects.toMatchObject(refused)
  })

  it('acknowledges the good ones of several, and tells of the others', async () => {
    const { session } = await setup()
    const [one, two] = await session.receive(OPTIONS, never)
    const foreign = storedMessage()
    const failures = [{ message: foreign, error: { code: 'INVALID_RECEIPT' } }]
    const acked = session.ack([one, foreign, two] as never)
    await expect(acked).rejects.toMatchObject({ code: 'ACK_INCOMPLETE', failures })
    expect(session.acknowledged).toBe(2)
    await expect(session.ack([])).resolves.toBeUndefined()
  })

  it('acknowledges what nobody has asked for', async () => {
    const { client, session } = await setup('Aa')
    client.on(POP_MESSAGE, () => popFound([3], { properties: 'TAGS\u0001BB\u0002' }))
    expect(await session.receive({ ...OPTIONS, awaitDurationMs: 0 }, never)).toEqual([])
    await session.end()
    expect(client.sent(ACK_MESSAGE)).toHaveLength(1)
  })

  it('ends waits when it ends', async () => {
    const { client, session } = await setup()
    client.on(POP_MESSAGE, () => popNone()).on(NOTIFICATION, () => new Promise(() => undefined))
    const abort = new AbortController()
    const waiting = expect(session.receive({ ...OPTIONS, awaitDurationMs: 60_000 }, abort.signal)).rejects.toThrow()
    await client.settle()
    abort.abort()
    await waiting
    await session.end()
    expect(session.receiving).toBe(0)
  })
})
