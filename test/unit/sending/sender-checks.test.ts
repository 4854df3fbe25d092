import { SEND_MESSAGE_V2 } from '../../../lib/commands/send'
import type { ForbiddenCheck, ForbiddenCheckContext } from '../../../lib/sending/forbidden-check'
import { Sender } from '../../../lib/sending/sender'
import { FakeClient } from '../../support/fake-client'
import { SENDER_SETTINGS, answer, prepare } from '../../support/sender-setup'

describe('a sender with checks of what is forbidden', () => {
  const setupChecked = async (check: ForbiddenCheck) => {
    const client = new FakeClient()
    await client.knownTopic('T', { a: 1, b: 1 })
    return {
      client,
      sender: new Sender(client.asClient, 'producers', { ...SENDER_SETTINGS, forbiddenChecks: [check] }),
    }
  }

  it('asks before every try, of every form', async () => {
    const seen: ForbiddenCheckContext[] = []
    const { client, sender } = await setupChecked((context, next) => (seen.push(context), next()))
    const message = prepare({ tags: 'x' })
    const sent = sender.send(message, {})
    await client.settle()
    answer(client.hot[0], 2)
    await client.settle()
    answer(client.hot[1])
    await sent
    expect(seen.map(({ brokerAddress }) => brokerAddress).sort()).toEqual(['a:10911', 'b:10911'])
    expect(seen[0]).toMatchObject({
      operation: 'checkForbidden',
      producerGroup: 'producers',
      message: { topic: 'T', tags: 'x' },
      messageQueue: { topic: 'T', queueId: 0 },
      unitMode: false,
    })
    const callback = new Promise(resolve => sender.sendAsync(message, {}, (_, result) => resolve(result)))
    await client.settle()
    answer(client.hot[2])
    await callback
    client.on(SEND_MESSAGE_V2, () => undefined)
    await sender.sendOneway(message, {})
    expect(seen).toHaveLength(4)
  })

  it('sends nothing that one forbids, and tries no other broker', async () => {
    const failure = new Error('not this one')
    const { client, sender } = await setupChecked(() => Promise.reject(failure))
    const error = { code: 'SEND_FORBIDDEN', sent: 'NO', cause: failure }
    await expect(sender.send(prepare(), {})).rejects.toMatchObject({ ...error, cause: { cause: failure } })
    await expect(sender.sendOneway(prepare(), {})).rejects.toMatchObject(error)
    const silent = await setupChecked(async () => undefined)
    await expect(silent.sender.send(prepare(), {})).rejects.toMatchObject({ code: 'SEND_FORBIDDEN', sent: 'NO' })
    expect([...client.hot, ...silent.client.hot]).toEqual([])
  })

  it('sends nothing that was given up meanwhile', async () => {
    let goOn = (): void => undefined
    const { client, sender } = await setupChecked(async (_, next) => {
      await new Promise<void>(resolve => (goOn = resolve))
      return next()
    })
    const controller = new AbortController()
    const failed = expect(sender.send(prepare(), { signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    await client.settle()
    controller.abort()
    await failed
    goOn()
    await client.settle()
    expect(client.hot).toEqual([])
  })
})
