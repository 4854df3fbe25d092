import { connect } from 'node:net'
import { runInNewContext } from 'node:vm'
import { BrokerError, ERROR_CODES, RocketMQError, asError, isError } from '../../lib/errors'

/** An error of Node's own, which in jest is of another realm than the test. */
function refusedConnection(): Promise<unknown> {
  return new Promise(resolve => connect(1, '127.0.0.1').on('error', resolve))
}

describe('RocketMQError', () => {
  it.each(Object.entries(ERROR_CODES))('takes for %s the verdict on a retry from the table', (code, { retriable }) => {
    expect(new RocketMQError(code as keyof typeof ERROR_CODES, 'm').retriable).toBe(retriable)
  })

  it('lets the place of the error overrule the table', () => {
    expect(new RocketMQError('REQUEST_TIMEOUT', 'm', { retriable: false }).retriable).toBe(false)
  })

  it('carries its details as plain fields, and the cause', () => {
    const cause = new Error('why')
    const error = new RocketMQError('CONNECT_FAILED', 'm', {
      address: 'h:1',
      command: 'PULL_MESSAGE',
      sent: 'NO',
      cause,
    })
    expect(error).toMatchObject({ name: 'RocketMQError', address: 'h:1', command: 'PULL_MESSAGE', sent: 'NO', cause })
  })

  it('has no fields for details that were not given, and none for a missing cause', () => {
    expect(Object.keys(new RocketMQError('ABORTED', 'm')).sort()).toEqual(['code', 'name', 'retriable'])
    expect('cause' in new RocketMQError('ABORTED', 'm')).toBe(false)
  })

  it('is recognised by its brand, so that another copy of the package is recognised too', () => {
    const foreign = Object.defineProperty({}, Symbol.for('rocketwire.RocketMQError'), { value: true })
    expect(RocketMQError.is(new RocketMQError('ABORTED', 'm'))).toBe(true)
    expect(RocketMQError.is(foreign)).toBe(true)
  })

  it.each([[new Error('m')], [undefined], [null], ['text'], [{ code: 'ABORTED' }]])('is not %p', thing => {
    expect(RocketMQError.is(thing)).toBe(false)
  })

  it('does not show the brand to those who list or clone its fields', () => {
    expect(Object.getOwnPropertySymbols({ ...new RocketMQError('ABORTED', 'm') })).toEqual([])
  })
})

describe('BrokerError', () => {
  const error = new BrokerError('TOPIC_NOT_EXIST', 'no such topic', 'm', { retriable: true })

  it('adds the response code and the remark', () => {
    expect(error).toMatchObject({
      name: 'BrokerError',
      code: 'BROKER_ERROR',
      responseCode: 'TOPIC_NOT_EXIST',
      remark: 'no such topic',
      retriable: true,
    })
  })

  it('is recognised, by its response code where one is asked for', () => {
    expect(BrokerError.is(error)).toBe(true)
    expect(BrokerError.is(error, 'TOPIC_NOT_EXIST')).toBe(true)
    expect(BrokerError.is(error, 'SYSTEM_BUSY')).toBe(false)
    expect(BrokerError.is(new RocketMQError('ABORTED', 'm'))).toBe(false)
    expect(RocketMQError.is(error)).toBe(true)
  })
})

describe('isError', () => {
  it('recognises errors of other realms', async () => {
    const foreign: unknown = runInNewContext('new TypeError("m")')
    expect(isError(foreign)).toBe(true)
    expect(isError(await refusedConnection())).toBe(true)
  })

  it('recognises the reason of an abort', () => {
    expect(isError(AbortSignal.abort().reason)).toBe(true)
  })

  it('takes nothing else for one', () => {
    expect([undefined, null, 'Error', { message: 'm' }, Object.create(null)].some(isError)).toBe(false)
  })
})

describe('asError', () => {
  it('keeps errors as they are, those of Node too', async () => {
    const refused = await refusedConnection()
    expect(asError(refused)).toBe(refused)
  })

  it('makes a text the message', () => {
    expect(asError('no luck')).toMatchObject({ message: 'no luck', cause: 'no luck' })
  })

  it.each([[undefined], [null], [Symbol('s')], [Object.create(null)], [{ toString: null }]])(
    'makes an error of %p without failing itself',
    thrown => {
      expect(isError(asError(thrown))).toBe(true)
    },
  )
})
