import { isMoved } from '../../../lib/commands/moved'
import { brokerError } from '../../../lib/commands/response-code'

describe('isMoved', () => {
  it('is true where a broker has a queue no more, and for nothing else', () => {
    const answered = (code: number): Error => brokerError(code, 'says the broker', { command: 'PULL_MESSAGE' })
    expect([answered(501), answered(1), new Error('501')].map(isMoved)).toEqual([true, false, false])
  })
})
