import { drawBars } from '../../../bench/report/svg/bar-panel'
import { drawCurve, scaleOf } from '../../../bench/report/svg/curve-panel'
import { pictureOf, text } from '../../../bench/report/svg/svg'
import fc from '../../support/property'

const numbersOf = (content: string, attribute: string): number[] =>
  Array.from(content.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g')), match => Number(match[1]))

describe('a picture', () => {
  it('holds its drawings in two columns, and grows with the taller one of each row', () => {
    const drawing = (height: number) => () => ({ height, content: '' })
    const picture = pictureOf('T', [drawing(100), drawing(40), drawing(10)])
    expect(picture).toContain('viewBox="0 0 920 170"')
    expect(Array.from(picture.matchAll(/translate\(([^)]*)\)/g), match => match[1])).toEqual([
      '20 20',
      '470 20',
      '20 140',
    ])
  })

  it('takes texts as they are', () => {
    expect(text('<a> & "b"', { x: 1 })).toBe('<text x="1">&lt;a&gt; &amp; &quot;b&quot;</text>')
  })
})

describe('bars', () => {
  const bar = (value: number, high = value) => ({ label: 'a', value, low: value, high, kind: 'ours' }) as const

  it('are as long as their values are to each other', () => {
    const { content } = drawBars({ title: 'T', unit: 'u', bars: [bar(100), bar(25)] }, 430)
    const [first = 0, second = 0] = numbersOf(content, 'width')
    expect(second / first).toBeCloseTo(0.25)
  })

  it('stay inside with their spread and their values, whatever these are', () => {
    const values = fc.array(fc.record({ value: fc.nat(1_000_000), more: fc.nat(100_000) }), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(values, all => {
        const bars = all.map(({ value, more }) => bar(value, value + more))
        const { content } = drawBars({ title: 'T', unit: 'u', bars }, 430)
        const places = ['x', 'x1', 'x2'].flatMap(name => numbersOf(content, name))
        expect(places.every(place => place >= 0 && place <= 430)).toBe(true)
      }),
    )
  })
})

describe('curves', () => {
  it('have scales that hold all values between their ends, with a few ticks', () => {
    const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1, maxLength: 8 }), values => {
        const { low, high, ticks } = scaleOf(values)
        expect(low).toBeLessThanOrEqual(Math.min(...values))
        expect(high).toBeGreaterThanOrEqual(Math.max(...values))
        expect(ticks.length).toBeGreaterThan(0)
        expect(ticks.length).toBeLessThan(20)
      }),
    )
  })

  it('stay inside, also where a cost is nothing or never changes', () => {
    const costs = fc.array(fc.oneof(fc.constant(0), fc.constant(3), fc.double({ min: 1e-6, max: 1e6, noNaN: true })), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(costs, all => {
        const points = all.map((cost, i) => ({ size: 10 ** i, cost }))
        const { content, height } = drawCurve({ title: 'T', unit: 'ms', points, slope: 1 }, 430)
        const inside = (names: string[], most: number): boolean =>
          names.flatMap(name => numbersOf(content, name)).every(place => place >= 0 && place <= most)
        expect(inside(['x1', 'x2', 'cx'], 430)).toBe(true)
        expect(inside(['y1', 'y2', 'cy'], height)).toBe(true)
        expect(content).not.toContain('NaN')
      }),
    )
  })

  it('are straight where costs are a power of the size', () => {
    const points = [1, 10, 100].map(size => ({ size, cost: size ** 2 }))
    const { content } = drawCurve({ title: 'T', unit: 'ms', points, slope: 2 }, 430)
    const [a = 0, b = 0, c = 0] = numbersOf(content, 'cy')
    expect(b - a).toBeCloseTo(c - b, 1)
    expect(b).toBeLessThan(a)
  })
})
