import { timerOutAt } from '../../../lib/emulator/timer'

const NOW = 1_700_000_000_400

describe('timerOutAt', () => {
  it('is undefined for a message without a timer', () => {
    expect(timerOutAt({}, NOW)).toBeUndefined()
  })

  it.each([
    ['TIMER_DELAY_SEC', '2'],
    ['TIMER_DELAY_MS', '2000'],
    ['TIMER_DELIVER_MS', String(NOW + 2000)],
  ])('is the slot of a second in which %s ends, and is noted', (name, value) => {
    const properties: Record<string, string> = { [name]: value }
    expect(timerOutAt(properties, NOW)).toBe(1_700_000_002_000)
    expect(properties['TIMER_OUT_MS']).toBe('1700000002000')
  })

  it('is the slot before for a time that is a whole second', () => {
    expect(timerOutAt({ TIMER_DELIVER_MS: '1700000003000' }, NOW)).toBe(1_700_000_002_000)
  })

  it.each([String(NOW), String(NOW - 5000)])('is undefined for a time that has come: %s', value => {
    expect(timerOutAt({ TIMER_DELIVER_MS: value }, NOW)).toBeUndefined()
  })

  it('is undefined where a message has been through the timer', () => {
    expect(timerOutAt({ TIMER_DELAY_SEC: '2', TIMER_OUT_MS: '1' }, NOW)).toBeUndefined()
  })

  it('forgets the timer of a message with a delay level', () => {
    const properties = { DELAY: '3', TIMER_DELAY_SEC: '2', TIMER_DELAY_MS: '2', TIMER_DELIVER_MS: '2' }
    expect(timerOutAt(properties, NOW)).toBeUndefined()
    expect(properties).toEqual({ DELAY: '3' })
  })

  it.each([String(3 * 24 * 3_600_000 + 1), 'soon', ''])('refuses %j', value => {
    expect(() => timerOutAt({ TIMER_DELAY_MS: value }, NOW)).toThrow(
      expect.objectContaining({ responseCode: 'MESSAGE_ILLEGAL' }),
    )
  })
})
