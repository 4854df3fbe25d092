import { type CurvePoint, formatCurve, growsTooFast, slope, slopeAtEnd } from '../../bench/growth/curve'

const SIZES = [1, 10, 100, 1000, 10_000, 100_000]
const pointsOf = (cost: (size: number) => number): CurvePoint[] => SIZES.map(size => ({ size, cost: cost(size) }))

describe('a curve of costs', () => {
  it('has the power of the size as its slope', () => {
    expect(slope(pointsOf(size => 3 * size ** 2))).toBeCloseTo(2)
    expect(slope(pointsOf(() => 7))).toBeCloseTo(0)
  })

  it('is judged by its larger sizes, where what is always there does not hide what grows', () => {
    const points = pointsOf(size => 1000 + (size / 100) ** 2)
    expect(slope(points)).toBeLessThan(0.7)
    expect(slopeAtEnd(points)).toBeGreaterThan(1.2)
  })

  it('may grow as n log n, and no faster', () => {
    const sorted = pointsOf(size => size * Math.log2(size + 1))
    const squared = pointsOf(size => size ** 2)
    expect([growsTooFast({ of: 'all', points: sorted }), growsTooFast({ of: 'all', points: squared })]).toEqual([
      false,
      true,
    ])
    const searched = pointsOf(size => Math.log2(size + 1))
    const scanned = pointsOf(size => size)
    expect([growsTooFast({ of: 'one', points: searched }), growsTooFast({ of: 'one', points: scanned })]).toEqual([
      false,
      true,
    ])
  })

  it('may not grow at all where nothing is to grow with it', () => {
    const points = (at5: number): CurvePoint[] => [1, 2, 3, 4, 5].map(size => ({ size, cost: size === 5 ? at5 : 100 }))
    expect([
      growsTooFast({ of: 'nothing', points: points(101) }),
      growsTooFast({ of: 'nothing', points: points(110) }),
    ]).toEqual([false, true])
    // What has grown early and stays has grown, too.
    const early = [1, 2, 3, 4, 5].map(size => ({ size, cost: size === 1 ? 100 : 200 }))
    expect(growsTooFast({ of: 'nothing', points: early })).toBe(true)
  })

  it('is printed with a bar for each size, and its verdict', () => {
    const text = formatCurve({ title: 'a scan', unit: 'µs', of: 'one', points: pointsOf(size => size) })
    expect(text).toMatch(/^a scan, µs\n/)
    expect(text).toMatch(/^ +100,000 +100,000 {2}█{40}$/m)
    expect(text).toContain('slope 1.00, of the larger half 1.00: GROWS FASTER THAN n log n')
  })
})
