import { RESPONSE_CODES, brokerError, responseCodeName } from '../../../lib/commands/response-code'

describe('RESPONSE_CODES', () => {
  it('has every code once', () => {
    const codes = Object.values(RESPONSE_CODES).map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
  })

  it.each(Object.entries(RESPONSE_CODES))('finds %s by its number', (name, { code }) => {
    expect(responseCodeName(code)).toBe(name)
  })

  it('has no name for other numbers', () => {
    expect(responseCodeName(-1)).toBeUndefined()
    expect(responseCodeName(99_999)).toBeUndefined()
  })
})

describe('brokerError', () => {
  it('names the request, the code, the place and the words of the broker', () => {
    const error = brokerError(17, 'no topic T', { command: 'PULL_MESSAGE', address: 'h:1' })
    expect(error).toMatchObject({
      code: 'BROKER_ERROR',
      responseCode: 'TOPIC_NOT_EXIST',
      remark: 'no topic T',
      command: 'PULL_MESSAGE',
      address: 'h:1',
      message: 'PULL_MESSAGE was answered TOPIC_NOT_EXIST (17) from h:1: no topic T',
    })
  })

  it.each([
    [2, true],
    [13, false],
    [99_999, false],
  ])('takes the verdict on a retry of code %i from the table: %p', (code, retriable) => {
    expect(brokerError(code, undefined).retriable).toBe(retriable)
  })

  it('shows the number of a code without a name', () => {
    expect(brokerError(99_999, undefined)).toMatchObject({
      responseCode: '99999',
      message: 'the request was answered code 99999: no remark',
    })
  })
})
