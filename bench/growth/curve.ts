/** What something costs at a size. */
export interface CurvePoint {
  readonly size: number
  readonly cost: number
}

/** How a cost is told of. */
export interface CurveTitle {
  readonly title: string
  /** Of the cost, such as `µs`. */
  readonly unit: string
  /**
   * Whether it is the cost of one of many, which should hardly grow, that of all, which should grow as they do, or something
   * that has nothing to do with their number.
   */
  readonly of: 'one' | 'all' | 'nothing'
}

/** Cost against size. */
export interface Curve extends CurveTitle {
  readonly points: readonly CurvePoint[]
}

/** Of `n log n` from 1,000 to 100,000 it is 0.12 above that of `n`; the rest is for noise. */
const TOLERATED = { one: 0.25, all: 1.25 } as const
/** What has nothing to do with the number may be so much more at the end than at a fifth of it. */
const TOLERATED_RISE = 1.05
const BAR = 40

/** The exponent of the power of the size that the costs follow: the slope of a line through their logarithms. */
export function slope(points: readonly CurvePoint[]): number {
  const logs = points.map(({ size, cost }) => [Math.log(size), Math.log(Math.max(cost, Number.EPSILON))] as const)
  const meanX = mean(logs.map(([x]) => x))
  const meanY = mean(logs.map(([, y]) => y))
  const rise = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  return rise / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
}

/** The slope of the larger half of the sizes: where these are small, what is always there outweighs what grows. */
export function slopeAtEnd(points: readonly CurvePoint[]): number {
  return slope(points.slice(-Math.max(2, Math.ceil(points.length / 2))))
}

/** Whether costs grow faster than `n log n`, or at all where nothing may grow. */
export function growsTooFast({ of, points }: Pick<Curve, 'of' | 'points'>): boolean {
  if (of !== 'nothing') return slopeAtEnd(points) > TOLERATED[of]
  const last = points.at(-1)
  const before = points.findLast(({ size }) => size <= (last?.size ?? 0) / 5)
  return last !== undefined && before !== undefined && last.cost > before.cost * TOLERATED_RISE
}

/** A line and a bar per size, and the slope. */
export function formatCurve(curve: Curve): string {
  const { title, unit, points } = curve
  const most = Math.max(...points.map(({ cost }) => cost))
  const lines = points.map(({ size, cost }) => {
    const bar = '█'.repeat(Math.round((BAR * cost) / most))
    return `  ${size.toLocaleString('en').padStart(11)}  ${digits(cost).padStart(10)}  ${bar}`
  })
  const slopes = `slope ${slope(points).toFixed(2)}, of the larger half ${slopeAtEnd(points).toFixed(2)}`
  const fault = curve.of === 'nothing' ? 'GROWS' : 'GROWS FASTER THAN n log n'
  const verdict = growsTooFast(curve) ? fault : 'fine'
  return [`${title}, ${unit}`, ...lines, `  ${slopes}: ${verdict}`].join('\n')
}

function digits(cost: number): string {
  return cost >= 100 ? Math.round(cost).toLocaleString('en') : cost.toPrecision(3)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
