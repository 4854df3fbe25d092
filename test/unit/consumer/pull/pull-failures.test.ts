import { brokerError } from '../../../../lib/commands/response-code'
import { PullFailures } from '../../../../lib/consumer/pull/pull-failures'
import type { RocketMQError } from '../../../../lib/errors'
import { FakeClient } from '../../../support/fake-client'

const queue = { topic: 'T', brokerName: 'b', queueId: 0 }
const refused = (code: number) => brokerError(code, 'says the broker')

function setup() {
  const client = new FakeClient()
  const errors: RocketMQError[] = []
  const failures = new PullFailures({ client: client.asClient, queue, onBackgroundError: error => errors.push(error) })
  const { signal } = new AbortController()
  /** How long a failure is waited for, ms. */
  const waited = async (error: unknown): Promise<number> => {
    const began = client.clock.monotonic()
    let ended = Infinity
    void failures.wait(error, signal).then(() => (ended = client.clock.monotonic()))
    await client.clock.advance(5000)
    return ended - began
  }
  return { client, errors, failures, waited }
}

describe('pulls that fail', () => {
  it('are waited for longer and longer, up to 3 s, until one goes well', async () => {
    const { errors, failures, waited } = setup()
    expect(await waited(new Error('first'))).toBeLessThanOrEqual(120)
    for (let n = 0; n < 8; n++) await waited(new Error('again'))
    expect(await waited(new Error('again'))).toBeGreaterThanOrEqual(1500)
    expect(failures.count).toBe(10)
    failures.clear()
    expect(await waited(refused(1))).toBeLessThanOrEqual(120)
    expect(errors).toHaveLength(11)
    expect(errors[0]).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringMatching(/^pulling T failed, which is tried again after \d+ ms: ./),
      topic: 'T',
    })
    expect(errors[10]).toMatchObject({ code: 'BROKER_ERROR' })
  })

  it('as brokers are busy are repeated soon, and nobody is told', async () => {
    const { errors, waited } = setup()
    expect(await waited(refused(215))).toBeLessThanOrEqual(40)
    expect(errors).toEqual([])
  })

  it.each([24, 25, 27, 28])(
    'as brokers have not heard of the subscription (%i) have them told, quietly once',
    async code => {
      const { client, errors, waited } = setup()
      await waited(refused(code))
      expect([client.heartbeats, errors.length]).toEqual([1, 0])
      await waited(refused(code))
      expect([client.heartbeats, errors.length]).toEqual([2, 1])
    },
  )

  it('are waited for also where the heartbeat fails', async () => {
    const { client, waited } = setup()
    const failure = new Error('no heartbeat')
    client.onHeartbeat = () => Promise.reject(failure)
    await waited(refused(24))
    expect(client.reported).toEqual([failure])
  })

  it('are waited for no more once that is called off', async () => {
    const { client, failures } = setup()
    const abort = new AbortController()
    const waiting = failures.wait(new Error('x'), abort.signal)
    await client.settle()
    abort.abort()
    await expect(waiting).resolves.toBeUndefined()
  })
})
