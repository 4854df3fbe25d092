import { RESPONSE_CODES } from '../../../lib/commands/response-code'
import type { MessageQueue } from '../../../lib/model/message-queue'
import { FakeContext, attemptSetup, failure, reply } from '../../support/attempt-setup'

const target = { selector: (queues: readonly MessageQueue[]) => queues[0] as MessageQueue }

describe('what is told of the tries of a send', () => {
  it('is when each began, and how it ended', () => {
    const { attempt, context } = attemptSetup()
    context.time = 700
    attempt.onFailure(failure('REQUEST_TIMEOUT', 'UNKNOWN'))
    context.time = 900
    attempt.onReply(reply(RESPONSE_CODES.SYSTEM_BUSY.code))
    attempt.onReply(reply(0))
    expect(context.tries).toEqual([
      ['a', 0, 'FAILED'],
      ['b', 700, 'REFUSED'],
      ['c', 900, 'ANSWERED'],
    ])
  })

  it.each([
    ['a refusal of the message', reply(RESPONSE_CODES.MESSAGE_ILLEGAL.code)],
    ['a denial', reply(RESPONSE_CODES.NO_PERMISSION.code, { remark: 'no permission to send' })],
    ['a status that is not OK', reply(RESPONSE_CODES.FLUSH_DISK_TIMEOUT.code)],
  ])('does not speak against a broker after %s', (_what, frame) => {
    const { attempt, context } = attemptSetup()
    attempt.onReply(frame)
    expect(context.tries.map(([, , outcome]) => outcome)).not.toContain('FAILED')
  })

  it('is nothing where no try was made', () => {
    const context = new FakeContext()
    for (const broker of ['a', 'b', 'c']) context.unknown.add(broker)
    attemptSetup({}, context)
    expect(context.tries).toEqual([])
  })
})

describe('the limit of one try', () => {
  it('counts while another may follow; the last one has all of the time that is left', () => {
    const { attempt, context } = attemptSetup({ maxTryMs: 400 })
    for (let i = 1; i <= 2; i++) {
      context.time = 400 * i
      attempt.onFailure(failure('REQUEST_TIMEOUT', 'UNKNOWN'))
    }
    expect(context.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([400, 400, 2200])
  })

  it('makes no send longer than it may be, and no single try shorter', () => {
    expect(attemptSetup({ maxTryMs: 5000 }).context.requests[0]?.timeoutMs).toBe(3000)
    expect(attemptSetup({ maxTryMs: 400, retries: 0 }).context.requests[0]?.timeoutMs).toBe(3000)
    expect(attemptSetup({ maxTryMs: 400, target }).context.requests[0]?.timeoutMs).toBe(3000)
  })
})

describe('further codes to retry', () => {
  const retryCodes = new Set([RESPONSE_CODES.MESSAGE_ILLEGAL.code, RESPONSE_CODES.NO_PERMISSION.code])

  it('have the blocking form try another broker', () => {
    const { attempt, context } = attemptSetup({ retryCodes })
    attempt.onReply(reply(RESPONSE_CODES.MESSAGE_ILLEGAL.code))
    expect(context.requests.map(({ address }) => address)).toEqual(['a:1', 'b:1'])
  })

  it('leave the callback form alone', () => {
    const { attempt, outcome } = attemptSetup({ retryCodes, mode: 'ASYNC' })
    attempt.onReply(reply(RESPONSE_CODES.MESSAGE_ILLEGAL.code))
    expect(outcome.error).toMatchObject({ responseCode: 'MESSAGE_ILLEGAL', attempts: 1 })
  })
})
