import { BrokerError } from '../../../lib/errors'
import { GENERATIONS } from '../../../lib/emulator/generation'
import { JavaException, refusal, seeHelp } from '../../../lib/emulator/refusal'

describe('refusal', () => {
  it('is an error with code, remark and fields of the answer', () => {
    const error = refusal('NO_PERMISSION', 'no', { forbiddenType: '2' })
    expect(BrokerError.is(error)).toBe(true)
    expect([error.responseCode, error.remark, error.fields]).toEqual(['NO_PERMISSION', 'no', { forbiddenType: '2' }])
  })
})

describe('JavaException', () => {
  it('is a system error with the text of the exception', () => {
    const error = new JavaException('java.lang.NullPointerException')
    expect([error.responseCode, error.remark]).toEqual(['SYSTEM_ERROR', 'java.lang.NullPointerException'])
  })
})

describe('seeHelp', () => {
  it('points to the page of the generation', () => {
    expect(seeHelp(GENERATIONS['4.9'])).toBe('\nSee http://rocketmq.apache.org/docs/faq/ for further details.')
    expect(seeHelp(GENERATIONS['5'])).toContain('bestPractice/06FAQ')
  })
})
