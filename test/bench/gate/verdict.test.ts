import { type GateRow, exitCodeOf, formatGate, passes, withSecondTry } from '../../../bench/gate/verdict'

const row = (name: string, ...ratios: number[]): GateRow => ({ item: { subject: 'frames', name }, ratios })
const lacking = (name: string): GateRow => ({ item: { subject: 'frames', name }, reason: 'the build has no x' })

describe('the verdict of the gate', () => {
  it('is about the median, so that one slow round fails nothing and one quick round saves nothing', () => {
    expect(passes(row('read', 0.2, 0.85, 1))).toBe(true)
    expect(passes(row('read', 0.84, 0.8, 2))).toBe(false)
  })

  it('fails where one part is slower, or nothing could be compared', () => {
    expect(exitCodeOf([row('read', 1), row('write', 0.9)])).toBe(0)
    expect(exitCodeOf([row('read', 1), row('write', 0.8)])).toBe(1)
    expect(exitCodeOf([row('read', 1), lacking('write')])).toBe(0)
    expect(exitCodeOf([lacking('read'), lacking('write')])).toBe(1)
    expect(exitCodeOf([])).toBe(1)
  })

  it('fails where only the other build can do something still', () => {
    const lost: GateRow = { item: { subject: 'codecs', name: 'LZ4' }, reason: 'this build: it broke', isLost: true }
    expect(exitCodeOf([row('read', 1), lost])).toBe(1)
    expect(formatGate([row('read', 1), lost], 'v1')).toContain('FAILED: 1 of 2 are below 0.85 or lost: codecs, LZ4')
  })

  it('counts the second measurement of what failed at first, and tells the first one', () => {
    const first = [row('read', 0.5), row('write', 1), row('skip', 0.6)]
    const rows = withSecondTry(first, [row('read', 0.95), row('skip', 0.7)])
    expect(rows).toEqual([{ ...row('read', 0.95), before: 0.5 }, row('write', 1), { ...row('skip', 0.7), before: 0.6 }])
    expect(exitCodeOf(rows)).toBe(1)
    expect(exitCodeOf(rows.slice(0, 2))).toBe(0)
  })

  it('lets no failure pass that could not be measured again', () => {
    expect(withSecondTry([row('read', 0.5)], [lacking('read')])).toEqual([row('read', 0.5)])
  })

  it('takes a scenario and a case of the same subject for two things', () => {
    const scenario: GateRow = { item: { subject: 'frames', name: undefined }, ratios: [0.5] }
    expect(withSecondTry([scenario], [row('read', 1)])).toEqual([scenario])
  })
})

describe('the table of the gate', () => {
  it('names what is slower and what was not compared', () => {
    const text = formatGate([row('read', 0.8, 0.7, 0.9), { ...row('write', 1.2), before: 0.5 }, lacking('skip')], 'v1')
    expect(text).toContain('that of v1')
    expect(text).toMatch(/^frames +read +0\.80 +0\.70-0\.90 +SLOWER$/m)
    expect(text).toMatch(/^frames +write +1\.20 +1\.20-1\.20 +0\.50 *$/m)
    expect(text).toContain('frames, skip: not compared, the build has no x')
    expect(text).toContain('FAILED: 1 of 3 are below 0.85 or lost: frames, read; 1 could not be compared')
  })

  it('says that all passed, or that there was nothing', () => {
    expect(formatGate([row('read', 1)], 'v1')).toContain('passed: none of 1 is below 0.85')
    expect(formatGate([lacking('read')], 'v1')).toContain('FAILED: nothing could be compared')
  })
})
