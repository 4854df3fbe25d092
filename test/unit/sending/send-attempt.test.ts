import { RESPONSE_CODES, type ResponseCode } from '../../../lib/commands/response-code'
import type { RocketMQError } from '../../../lib/errors'
import type { MessageQueue } from '../../../lib/model/message-queue'
import type { SendAttempt } from '../../../lib/sending/send-attempt'
import { FakeContext, answer, attemptSetup, failure, prepared, reply } from '../../support/attempt-setup'

const target = { selector: (queues: readonly MessageQueue[]) => queues[0] as MessageQueue }

describe('a send that succeeds', () => {
  it('resolves with what the broker answered, and calls settled first', () => {
    const order: string[] = []
    const { attempt } = attemptSetup({ settled: () => order.push('settled'), resolve: () => order.push('resolved') })
    attempt.onReply(reply(0))
    expect(order).toEqual(['settled', 'resolved'])
  })

  it('has its own id, and place and id of the broker', () => {
    const { attempt, outcome } = attemptSetup()
    attempt.onReply(reply(0))
    expect(outcome.result).toMatchObject({
      sendStatus: 'SEND_OK',
      msgId: prepared.msgId,
      offsetMsgId: 'OFFSET-ID',
      messageQueue: { topic: 'T', brokerName: 'a', queueId: 3 },
      queueOffset: 12,
    })
  })

  it('gives the first try all of its time', () =>
    expect(attemptSetup().context.requests).toEqual([{ address: 'a:1', timeoutMs: 3000 }]))
})

describe.each(['SYNC', 'ASYNC'] as const)('a %s send whose try fails', mode => {
  it.each<[RocketMQError['code'], 'NO' | 'UNKNOWN']>([
    ['CONNECT_FAILED', 'NO'],
    ['CHANNEL_CLOSED', 'UNKNOWN'],
    ['REQUEST_TIMEOUT', 'UNKNOWN'],
    ['TOO_MANY_REQUESTS', 'NO'],
    ['PROTOCOL_ERROR', 'UNKNOWN'],
  ])('after %s goes to another broker within the rest of its time', (code, sent) => {
    const { attempt, outcome, context } = attemptSetup({ mode })
    context.time = 1000
    attempt.onFailure(failure(code, sent))
    expect(context.chosen).toEqual([undefined, 'a'])
    expect(context.requests[1]).toEqual({ address: 'b:1', timeoutMs: 2000 })
    expect(attempt.content).toEqual({ code: 2 })
    attempt.onReply(reply(0))
    expect(outcome.result?.messageQueue.brokerName).toBe('b')
  })

  it('goes to another broker where the address of the first is not known', () => {
    const context = new FakeContext()
    context.unknown.add('a')
    attemptSetup({ mode }, context)
    expect(context.requests.map(({ address }) => address)).toEqual(['b:1'])
  })

  it('ends when its tries are used up, and tells how often and where it was tried', () => {
    const { attempt, outcome, context } = attemptSetup({ mode })
    for (let i = 0; i < 3; i++) attempt.onFailure(failure('CONNECT_FAILED', 'NO'))
    expect(context.requests).toHaveLength(3)
    expect(outcome.error).toMatchObject({
      code: 'CONNECT_FAILED',
      topic: 'T',
      attempts: 3,
      brokersTried: ['a', 'b', 'c'],
      sent: 'NO',
      retriable: true,
      message: expect.stringContaining('3 tries'),
      cause: expect.objectContaining({ code: 'CONNECT_FAILED' }),
    })
    expect(outcome.settled).toBe(1)
  })

  it('is not sent for sure only where no try can have arrived', () => {
    const { attempt, outcome } = attemptSetup({ mode })
    attempt.onFailure(failure('CHANNEL_CLOSED', 'UNKNOWN'))
    attempt.onFailure(failure('CONNECT_FAILED', 'NO'))
    attempt.onFailure(failure('CONNECT_FAILED', 'NO'))
    expect(outcome.error).toMatchObject({ sent: 'UNKNOWN' })
  })

  it('tries no more when its time is over', () => {
    const { attempt, outcome, context } = attemptSetup({ mode })
    context.time = 3000
    attempt.onFailure(failure('REQUEST_TIMEOUT', 'UNKNOWN'))
    expect(context.requests).toHaveLength(1)
    expect(outcome.error).toMatchObject({ code: 'SEND_TIMEOUT', sent: 'UNKNOWN', attempts: 1, brokersTried: ['a'] })
    expect(outcome.error?.cause).toMatchObject({ code: 'REQUEST_TIMEOUT' })
  })

  it('does not repeat what can never succeed', () => {
    const { attempt, outcome, context } = attemptSetup({ mode })
    attempt.onFailure(failure('INVALID_MESSAGE'))
    expect(context.requests).toHaveLength(1)
    expect(outcome.error).toMatchObject({ code: 'INVALID_MESSAGE', sent: 'NO', attempts: 1 })
  })

  it('is tried once where no retries are wanted', () => {
    const { attempt, outcome } = attemptSetup({ mode, retries: 0 })
    attempt.onFailure(failure('CONNECT_FAILED', 'NO'))
    expect(outcome.error).toMatchObject({ attempts: 1, message: expect.stringContaining('one try') })
  })
})

const RETRIED: readonly ResponseCode[] = [
  'TOPIC_NOT_EXIST',
  'SERVICE_NOT_AVAILABLE',
  'SYSTEM_ERROR',
  'SYSTEM_BUSY',
  'NO_PERMISSION',
  'NO_BUYER_ID',
  'NOT_IN_CURRENT_UNIT',
  'GO_AWAY',
]
const FINAL: readonly ResponseCode[] = ['MESSAGE_ILLEGAL', 'INVALID_PARAMETER', 'VERSION_NOT_SUPPORTED']

describe('a send that a broker refuses', () => {
  it.each(RETRIED)('with %s is tried on another broker in the blocking form', code => {
    const { attempt, context } = attemptSetup()
    attempt.onReply(answer(code))
    expect(context.chosen).toEqual([undefined, 'a'])
  })

  it.each([...RETRIED, ...FINAL])('with %s is an error at once in the callback form', code => {
    const { attempt, outcome, context } = attemptSetup({ mode: 'ASYNC' })
    attempt.onReply(answer(code))
    expect(context.requests).toHaveLength(1)
    expect(outcome.error).toMatchObject({ code: 'BROKER_ERROR', responseCode: code, attempts: 1 })
  })

  it.each(FINAL)('with %s is an error at once in the blocking form', code => {
    const { attempt, outcome, context } = attemptSetup()
    attempt.onReply(answer(code))
    expect(context.requests).toHaveLength(1)
    expect(outcome.error).toMatchObject({
      responseCode: code,
      remark: 'says the broker',
      sent: 'NO',
      brokersTried: ['a'],
    })
  })

  it('is an error of the last broker when its tries are used up', () => {
    const { attempt, outcome } = attemptSetup()
    for (let i = 0; i < 3; i++) attempt.onReply(answer('SYSTEM_BUSY'))
    expect(outcome.error).toMatchObject({
      responseCode: 'SYSTEM_BUSY',
      sent: 'NO',
      attempts: 3,
      brokersTried: ['a', 'b', 'c'],
      brokerName: 'c',
    })
  })

  it('may be stored all the same after an error of the system or a code that nobody knows', () => {
    for (const code of [RESPONSE_CODES.SYSTEM_ERROR.code, 999]) {
      const { attempt, outcome } = attemptSetup({ mode: 'ASYNC' })
      attempt.onReply(reply(code))
      expect(outcome.error).toMatchObject({ sent: 'UNKNOWN' })
    }
  })

  it('is tried no more when its time is over', () => {
    const { attempt, outcome, context } = attemptSetup()
    context.time = 3000
    attempt.onReply(answer('SYSTEM_BUSY'))
    expect(outcome.error).toMatchObject({ responseCode: 'SYSTEM_BUSY', attempts: 1 })
  })
})

describe('a send to a queue of the caller', () => {
  it.each([failure('CONNECT_FAILED', 'NO'), failure('REQUEST_TIMEOUT', 'UNKNOWN')])(
    'is never repeated in the blocking form: $code',
    error => {
      const { attempt, outcome, context } = attemptSetup({ target })
      attempt.onFailure(error)
      expect(context.requests).toHaveLength(1)
      expect(outcome.error).toMatchObject({ code: error.code, attempts: 1 })
    },
  )

  it('is not repeated in the blocking form after an answer either', () => {
    const { attempt, outcome } = attemptSetup({ target })
    attempt.onReply(answer('SYSTEM_BUSY'))
    expect(outcome.error).toMatchObject({ responseCode: 'SYSTEM_BUSY', attempts: 1 })
  })

  it('goes to the same queue again in the callback form, and the selector is not asked twice', () => {
    const { attempt, context } = attemptSetup({ target, mode: 'ASYNC' })
    attempt.onFailure(failure('CONNECT_FAILED', 'NO'))
    expect(context.chosen).toHaveLength(1)
    expect(context.requests.map(({ address }) => address)).toEqual(['a:1', 'a:1'])
    attempt.onReply(reply(0))
  })
})

describe('a message that is stored with less than SEND_OK', () => {
  const WEAK: readonly ResponseCode[] = ['FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT', 'SLAVE_NOT_AVAILABLE']

  it.each(WEAK)('is a result with its status: %s', code => {
    const { attempt, outcome } = attemptSetup()
    attempt.onReply(answer(code))
    expect(outcome.result?.sendStatus).toBe(code)
  })

  it.each(WEAK)('is sent to another broker too where that is wanted: %s', code => {
    const { attempt, outcome } = attemptSetup({ retryWhenNotStoreOK: true })
    attempt.onReply(answer(code))
    expect(outcome.settled).toBe(0)
    attempt.onReply(reply(0))
    expect(outcome.result).toMatchObject({ sendStatus: 'SEND_OK', messageQueue: { brokerName: 'b' } })
  })

  it('is a result with the last status when its tries are used up', () => {
    const { attempt, outcome } = attemptSetup({ retryWhenNotStoreOK: true, retries: 1 })
    attempt.onReply(answer('FLUSH_DISK_TIMEOUT'))
    attempt.onReply(answer('SLAVE_NOT_AVAILABLE'))
    expect(outcome.result).toMatchObject({ sendStatus: 'SLAVE_NOT_AVAILABLE', messageQueue: { brokerName: 'b' } })
  })

  it('is still sent when the tries to store it better fail', () => {
    for (const fail of [
      (attempt: SendAttempt) => attempt.onReply(answer('MESSAGE_ILLEGAL')),
      (attempt: SendAttempt) => attempt.onFailure(failure('CONNECT_FAILED', 'NO')),
    ]) {
      const { attempt, outcome } = attemptSetup({ retryWhenNotStoreOK: true, retries: 1 })
      attempt.onReply(answer('FLUSH_DISK_TIMEOUT'))
      fail(attempt)
      expect(outcome).toMatchObject({ settled: 1, result: { sendStatus: 'FLUSH_DISK_TIMEOUT' } })
      expect(outcome.error).toBeUndefined()
    }
  })

  it('is not sent again in the callback form, nor to a queue of the caller', () => {
    for (const options of [{ mode: 'ASYNC' as const }, { target }]) {
      const { attempt, outcome } = attemptSetup({ retryWhenNotStoreOK: true, ...options })
      attempt.onReply(answer('FLUSH_DISK_TIMEOUT'))
      expect(outcome.result?.sendStatus).toBe('FLUSH_DISK_TIMEOUT')
    }
  })
})

describe('a send that cannot even begin', () => {
  it('fails with the time-out of the send where its time is over before the first try', () => {
    const context = new FakeContext()
    const { outcome } = attemptSetup({ timeoutMs: 0 }, context)
    expect(outcome.error).toMatchObject({ code: 'SEND_TIMEOUT', sent: 'NO', attempts: 0, brokersTried: [] })
  })

  it('fails with what the selector threw', () => {
    const context = new FakeContext()
    context.chooseQueue = () => {
      throw new TypeError('a defect of the selector')
    }
    const { outcome } = attemptSetup({}, context)
    expect(outcome.error).toBeInstanceOf(TypeError)
    expect(outcome.settled).toBe(1)
  })

  it('tells a typed failure that nothing was sent', () => {
    const { attempt, outcome } = attemptSetup()
    attempt.fail(failure('INVALID_STATE'))
    expect(outcome.error).toMatchObject({ code: 'INVALID_STATE', attempts: 1 })
    const context = new FakeContext()
    context.chooseQueue = () => {
      throw failure('NO_WRITABLE_QUEUE')
    }
    expect(attemptSetup({}, context).outcome.error).toMatchObject({
      code: 'NO_WRITABLE_QUEUE',
      sent: 'NO',
      attempts: 0,
    })
  })

  it('fails where the answer cannot be read: it may be stored', () => {
    const { attempt, outcome } = attemptSetup()
    attempt.onReply(reply(0, { extFields: undefined }))
    expect(outcome.error).toMatchObject({ code: 'PROTOCOL_ERROR', sent: 'UNKNOWN' })
  })
})

describe('a send that is aborted', () => {
  it('is taken back from its channel and rejects with the reason', () => {
    const abort = new AbortController()
    const { attempt, outcome } = attemptSetup({ signal: abort.signal })
    const forget = jest.fn()
    attempt.channel = { forget }
    abort.abort(new Error('enough'))
    expect(forget).toHaveBeenCalledWith(attempt)
    expect(outcome).toMatchObject({
      settled: 1,
      error: { code: 'ABORTED', sent: 'UNKNOWN', cause: { message: 'enough' } },
    })
  })

  it('is not sent at all when the signal was aborted before', () => {
    const { outcome, context } = attemptSetup({ signal: AbortSignal.abort(new Error('before')) })
    expect([context.requests, outcome.settled]).toEqual([[], 1])
    expect(outcome.error).toMatchObject({ code: 'ABORTED', sent: 'NO', cause: { message: 'before' } })
  })

  it('tells whether it may have been sent, whatever the reason is', () => {
    const abort = new AbortController()
    const { outcome } = attemptSetup({ signal: abort.signal })
    abort.abort('enough')
    expect(outcome.error).toMatchObject({ code: 'ABORTED', sent: 'UNKNOWN', attempts: 1, brokersTried: ['a'] })
    expect(attemptSetup({ signal: AbortSignal.abort('before') }).outcome.error).toMatchObject({
      code: 'ABORTED',
      sent: 'NO',
    })
  })

  it('is settled once, whatever comes later', () => {
    const abort = new AbortController()
    const { attempt, outcome, context } = attemptSetup({ signal: abort.signal })
    abort.abort(new Error('enough'))
    attempt.onReply(reply(0))
    attempt.onFailure(failure('CONNECT_FAILED', 'NO'))
    attempt.fail(new Error('late'))
    attempt.try()
    expect(outcome).toEqual({ settled: 1, error: expect.objectContaining({ code: 'ABORTED' }) })
    expect(context.requests).toHaveLength(1)
  })

  it('no longer listens to the signal once it has ended', () => {
    const abort = new AbortController()
    const removed = jest.spyOn(abort.signal, 'removeEventListener')
    const { attempt, outcome } = attemptSetup({ signal: abort.signal })
    attempt.onReply(reply(0))
    abort.abort()
    expect(removed).toHaveBeenCalledTimes(1)
    expect(outcome.settled).toBe(1)
    expect(outcome.error).toBeUndefined()
  })
})

describe.each(['SYNC', 'ASYNC'] as const)('a %s send to a queue that its broker has no more', mode => {
  it.each([undefined, target])('goes to its new place, however few retries there are', async target => {
    const { attempt, outcome, context } = attemptSetup({ mode, retries: 0, target })
    attempt.onReply(answer('NOT_LEADER_FOR_QUEUE'))
    expect([context.requests.length, outcome.settled]).toEqual([1, 0])
    context.found[0]?.()
    await Promise.resolve()
    await Promise.resolve()
    expect(context.requests.map(({ address }) => address)).toEqual(['a:1', target === undefined ? 'b:1' : 'a:1'])
    attempt.onReply(reply(0))
    expect(outcome.result?.sendStatus).toBe('SEND_OK')
  })

  it('fails with what the broker said when its time is over, and says that nothing was sent', async () => {
    const { attempt, outcome, context } = attemptSetup({ mode })
    attempt.onReply(answer('NOT_LEADER_FOR_QUEUE'))
    context.time = 3000
    context.found[0]?.()
    await Promise.resolve()
    await Promise.resolve()
    expect(outcome.error).toMatchObject({ responseCode: 'NOT_LEADER_FOR_QUEUE', sent: 'NO', attempts: 1 })
    expect(context.requests).toHaveLength(1)
  })

  it('ends when it is aborted while the route is asked for', async () => {
    const controller = new AbortController()
    const { attempt, outcome, context } = attemptSetup({ mode, signal: controller.signal })
    attempt.onReply(answer('NOT_LEADER_FOR_QUEUE'))
    controller.abort()
    context.found[0]?.()
    await Promise.resolve()
    await Promise.resolve()
    expect([context.requests.length, outcome.settled]).toEqual([1, 1])
  })
})
