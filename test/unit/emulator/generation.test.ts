import { GENERATIONS } from '../../../lib/emulator/generation'

describe('GENERATIONS', () => {
  it('present themselves as 4.9.4 and 5.5.0', () => {
    expect([GENERATIONS['4.9'].mqVersion, GENERATIONS['5'].mqVersion]).toEqual([401, 513])
  })

  it('answer in the form of the request in 4.9, in JSON in 5', () => {
    expect(GENERATIONS['4.9'].replyType('ROCKETMQ')).toBe('ROCKETMQ')
    expect(GENERATIONS['4.9'].replyType('JSON')).toBe('JSON')
    expect(GENERATIONS['5'].replyType('ROCKETMQ')).toBe('JSON')
  })

  it('send a message of a retry topic to the dead letters one try apart', () => {
    expect([15, 16, 17].map(times => GENERATIONS['4.9'].sends.isDead(times, 16))).toEqual([false, true, true])
    expect([15, 16, 17].map(times => GENERATIONS['5'].sends.isDead(times, 16))).toEqual([false, false, true])
  })

  it('know languages, Node only in 5', () => {
    expect([GENERATIONS['4.9'].languages.has('NODE_JS'), GENERATIONS['5'].languages.has('NODE_JS')]).toEqual([
      false,
      true,
    ])
  })

  it('know the requests of their time', () => {
    const since = ['4.0', '5.0', '5.1.4', undefined].map(release => ({ since: release }))
    expect(since.map(GENERATIONS['4.9'].knows)).toEqual([true, false, false, true])
    expect(since.map(GENERATIONS['5'].knows)).toEqual([true, true, true, true])
  })
})
