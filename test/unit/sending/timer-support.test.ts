import { RocketMQError } from '../../../lib/errors'
import { checkTimerSupport } from '../../../lib/sending/timer-support'
import { FakeClient, deferred } from '../../support/fake-client'

const OLD = 401
const NEW = 413

async function setup(versions: Readonly<Record<string, number | Error | Promise<number>>>) {
  const client = new FakeClient()
  const brokers = Object.keys(versions)
  await client.knownTopic('T', Object.fromEntries(brokers.map(name => [name, 2])))
  for (const [name, version] of Object.entries(versions)) {
    client.versions.set(`${name}:10911`, () => {
      if (version instanceof Error) throw version
      return version
    })
  }
  const check = (mode: 'reject' | 'warn' = 'reject', signal?: AbortSignal): Promise<void> => {
    const info = { orderTopic: false, queues: client.routes.publishInfo('T')?.queues ?? [] }
    return checkTimerSupport(client.asClient, { info, mode, call: { timeoutMs: 1000, signal } })
  }
  return { client, check }
}

const unreachable = new RocketMQError('CONNECT_FAILED', 'gone', { sent: 'NO' })

describe('checkTimerSupport', () => {
  it('lets a timer message go where every broker of the topic knows them', async () => {
    const { check } = await setup({ a: NEW, b: NEW + 100 })
    await expect(check()).resolves.toBeUndefined()
  })

  it('refuses where one of them is older, and names it and the cure', async () => {
    const { check } = await setup({ a: NEW, b: OLD })
    await expect(check()).rejects.toMatchObject({
      code: 'UNSUPPORTED_BY_BROKER',
      brokerName: 'b',
      address: 'b:10911',
      sent: 'NO',
      message: expect.stringContaining('delayTimeLevel'),
    })
  })

  it('only warns where that is wanted', async () => {
    const { client, check } = await setup({ a: OLD })
    await expect(check('warn')).resolves.toBeUndefined()
    expect(client.logger.lines).toEqual([expect.stringMatching(/^warn .*broker a is older than 5.0/)])
  })

  it('passes over a broker that cannot be reached, which gets no message either', async () => {
    const { check } = await setup({ a: unreachable, b: NEW })
    await expect(check()).resolves.toBeUndefined()
  })

  it('does not let an unreachable broker hide an old one', async () => {
    const { check } = await setup({ a: unreachable, b: OLD })
    await expect(check()).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER' })
  })

  it('fails where none can be reached', async () => {
    const { check } = await setup({ a: unreachable, b: unreachable })
    await expect(check()).rejects.toBe(unreachable)
  })

  it('fails where the send was aborted meanwhile', async () => {
    const answer = deferred<number>()
    const { check } = await setup({ a: answer.promise, b: NEW })
    const abort = new AbortController()
    const checking = check('reject', abort.signal)
    abort.abort()
    answer.reject(new Error('aborted'))
    await expect(checking).rejects.toThrow('aborted')
  })
})
