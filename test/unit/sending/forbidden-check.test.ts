import { RocketMQError } from '../../../lib/errors'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import {
  type ForbiddenCheck,
  type ForbiddenCheckContext,
  runForbiddenChecks,
} from '../../../lib/sending/forbidden-check'

const CONTEXT: ForbiddenCheckContext = {
  operation: 'checkForbidden',
  producerGroup: 'g',
  message: { topic: 'T', body: 'x' },
  messages: undefined,
  messageQueue: { topic: 'T', brokerName: 'a', queueId: 1 },
  brokerAddress: 'a:10911',
  unitMode: false,
}

function run(checks: readonly ForbiddenCheck[], signal?: AbortSignal) {
  const clock = new ManualClock()
  return { clock, outcome: runForbiddenChecks(checks, CONTEXT, { clock, timeoutMs: 100, signal }) }
}

describe('checks of what is forbidden', () => {
  it('see where the message would go, one after the other', async () => {
    const seen: unknown[] = []
    const check: ForbiddenCheck = (context, next) => (seen.push(context), next())
    await run([check, check]).outcome
    expect(seen).toEqual([CONTEXT, CONTEXT])
  })

  it('forbid a message by what they throw, or by not going on', async () => {
    const failure = new Error('not by this broker')
    const error = { code: 'SEND_FORBIDDEN', sent: 'NO', topic: 'T', brokerName: 'a', retriable: false }
    await expect(run([() => Promise.reject(failure)]).outcome).rejects.toMatchObject({ ...error, cause: failure })
    const own = new RocketMQError('INVALID_MESSAGE', 'mine')
    await expect(run([() => Promise.reject(own)]).outcome).rejects.toBe(own)
    await expect(run([async () => undefined]).outcome).rejects.toMatchObject(error)
  })

  it('have the time that is left of the send, and no more', async () => {
    const never: ForbiddenCheck = () => new Promise(() => undefined)
    const { clock, outcome } = run([never])
    const failed = expect(outcome).rejects.toMatchObject({ code: 'SEND_TIMEOUT', sent: 'NO' })
    await clock.advance(100)
    await failed
    const controller = new AbortController()
    const aborted = expect(run([never], controller.signal).outcome).rejects.toMatchObject({ code: 'ABORTED' })
    controller.abort()
    await aborted
  })
})
