import { type Drawing, element, line, text } from './svg'

/** One curve on logarithmic scales. */
export interface CurvePanel {
  readonly title: string
  readonly unit: string
  readonly points: readonly { readonly size: number; readonly cost: number }[]
  readonly slope: number
}

interface Scale {
  readonly ticks: readonly number[]
  readonly low: number
  readonly high: number
}

const PLOT = { left: 52, right: 12, top: 40, bottom: 24, height: 130 } as const
/** Steps within a power of ten, from few to many. */
const STEPS = [[1], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]] as const
const ENOUGH_TICKS = 3
const LEAST_SPAN = 100

/** Draws a panel: the curve with its points, and the dashed line that a cost would follow that grows as its size does. */
export function drawCurve({ title, unit, points, slope }: CurvePanel, width: number): Drawing {
  const shown = withoutNothing(points)
  const [xs, ys] = [scaleOf(shown.map(({ size }) => size)), scaleOf(spreadOut(shown.map(({ cost }) => cost)))]
  const [left, right, top, bottom] = [PLOT.left, width - PLOT.right, PLOT.top, PLOT.top + PLOT.height]
  const x = (size: number): number => left + (right - left) * share(xs, size)
  const y = (cost: number): number => bottom - (bottom - top) * share(ys, cost)
  const at = ({ size, cost }: Point): readonly [number, number] => [x(size), y(cost)]
  const grid = [
    ...xs.ticks.map(tick => line([x(tick), top], [x(tick), bottom], 'grid')),
    ...ys.ticks.map(tick => line([left, y(tick)], [right, y(tick)], 'grid')),
  ]
  const labels = [
    ...xs.ticks.map(tick => text(short(tick), { x: x(tick), y: bottom + 16, class: 'faint', 'text-anchor': 'middle' })),
    ...ys.ticks.map(tick => text(short(tick), { x: left - 6, y: y(tick) + 4, class: 'faint', 'text-anchor': 'end' })),
  ]
  const places = shown.map(({ size, cost }) => ({ cx: x(size), cy: y(cost) }))
  const curve = places.map(({ cx, cy }) => `${cx.toFixed(1)},${cy.toFixed(1)}`).join(' ')
  const content = [
    text(title, { y: 12, class: 'title' }),
    text(`${unit}; slope ${slope.toFixed(2)}`, { x: right, y: 30, class: 'faint', 'text-anchor': 'end' }),
    ...grid,
    ...guideOf(shown, ys.high).map(([from, to]) => line(at(from), at(to), 'guide')),
    element('polyline', { points: curve, class: 'curve' }),
    ...places.map(place => element('circle', { ...place, r: 3, class: 'ours' })),
    ...labels,
  ]
  return { height: bottom + PLOT.bottom, content: content.join('\n') }
}

type Point = CurvePanel['points'][number]

/** A logarithm has no place for nothing: it is drawn as the least that is something. */
function withoutNothing(points: readonly Point[]): Point[] {
  const least = Math.min(...points.flatMap(({ cost }) => (cost > 0 ? [cost] : [])))
  return points.map(({ size, cost }) => ({ size, cost: Math.max(cost, Number.isFinite(least) ? least : 1) }))
}

/** Values with two powers of ten around them, or what hardly changes would look as if it did. */
function spreadOut(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const missing = Math.max(1, (LEAST_SPAN * low) / high)
  return [low / Math.sqrt(missing), high * Math.sqrt(missing)]
}

/** From the first point on in proportion to the size, up to the last size or the top. */
function guideOf(points: readonly Point[], top: number): [Point, Point][] {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return []
  const end = Math.min(last.size, (first.size * top) / first.cost)
  return end > first.size ? [[first, { size: end, cost: (first.cost * end) / first.size }]] : []
}

/** From the least to the most, wide enough to hold a tick on each side of the values, with few ticks. */
export function scaleOf(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const powers = Math.floor(Math.log10(low))
  const count = Math.ceil(Math.log10(high)) - powers + 1
  const ticksBy = (steps: readonly number[]): number[] =>
    Array.from({ length: count }, (_, i) => steps.map(step => step * 10 ** (powers + i))).flat()
  const inside = (ticks: readonly number[]): number[] => ticks.filter(tick => tick >= low && tick <= high)
  const all = STEPS.map(ticksBy).find(ticks => inside(ticks).length >= ENOUGH_TICKS) ?? ticksBy(STEPS[2])
  const bounds = { low: all.findLast(tick => tick <= low) ?? low, high: all.find(tick => tick >= high) ?? high }
  return { ...bounds, ticks: all.filter(tick => tick >= bounds.low && tick <= bounds.high) }
}

function share({ low, high }: Scale, value: number): number {
  return high === low ? 0.5 : Math.log(value / low) / Math.log(high / low)
}

function short(value: number): string {
  return value.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 })
}
