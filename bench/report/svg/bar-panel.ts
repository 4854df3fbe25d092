import { digits } from '../numbers'
import { type Drawing, element, line, text } from './svg'

export interface Bar {
  readonly label: string
  readonly value: number
  /** The least and the most that was measured. */
  readonly low: number
  readonly high: number
  /** `limit` is what cannot be passed. */
  readonly kind: 'ours' | 'limit' | 'other'
}

/** Bars of one scale. */
export interface BarPanel {
  readonly title: string
  readonly unit: string
  readonly bars: readonly Bar[]
}

const LABEL_WIDTH = 118
const VALUE_WIDTH = 62
const BAR_HEIGHT = 14
const STEP = 21
const FIRST_BAR = 26

/** Draws a panel: a bar per line with its spread as a thin line, its name before and its value behind it. */
export function drawBars({ title, unit, bars }: BarPanel, width: number): Drawing {
  const most = Math.max(...bars.map(({ value, high }) => Math.max(value, high)))
  const room = width - LABEL_WIDTH - VALUE_WIDTH
  const placeOf = (value: number): number => LABEL_WIDTH + (most > 0 ? (room * value) / most : 0)
  const drawn = bars.flatMap(({ label, value, low, high, kind }, i) => {
    const y = FIRST_BAR + i * STEP
    const middle = y + BAR_HEIGHT / 2
    const shape = { x: LABEL_WIDTH, y, width: placeOf(value) - LABEL_WIDTH, height: BAR_HEIGHT, rx: 2, class: kind }
    return [
      text(label, { x: LABEL_WIDTH - 8, y: y + 11, 'text-anchor': 'end' }),
      element('rect', shape),
      line([placeOf(low), middle], [placeOf(high), middle], 'spread'),
      ...[low, high].map(end => line([placeOf(end), middle - 3], [placeOf(end), middle + 3], 'spread')),
      text(digits(value), { x: placeOf(Math.max(value, high)) + 6, y: y + 11 }),
    ]
  })
  const head = [
    text(title, { y: 12, class: 'title' }),
    text(unit, { x: width, y: 12, class: 'faint', 'text-anchor': 'end' }),
  ]
  return { height: FIRST_BAR + bars.length * STEP, content: [...head, ...drawn].join('\n') }
}
