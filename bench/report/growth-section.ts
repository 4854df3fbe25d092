import { circumstancesOf } from './circumstances'
import { digits } from './numbers'
import { markdownTable } from './page'
import type { StoredGrowth } from './stored-results'
import type { CurvePanel } from './svg/curve-panel'

const HEAD = ['', 'from', 'to', 'cost at first', 'cost at last', 'slope', 'slope of the larger sizes']

/** What the benchmarks say where others used the machine. */
const DISTURBED = /NOT QUIET/
const NOT_QUIET = '\\* Others used the machine meanwhile.'

/** Text of the page about what things cost against their size. */
export function growthSection(results: readonly StoredGrowth[], image: string): string {
  const rows = inOrder(results).map(({ title, unit, points, slope, slopeAtEnd, others = '' }) => {
    const [first, last] = [points[0], points.at(-1)]
    return [
      DISTURBED.test(others) ? `${title} \\*` : title,
      (first?.size ?? 0).toLocaleString('en'),
      (last?.size ?? 0).toLocaleString('en'),
      `${digits(first?.cost ?? NaN)} ${unit}`,
      `${digits(last?.cost ?? NaN)} ${unit}`,
      slope.toFixed(2),
      slopeAtEnd?.toFixed(2) ?? '',
    ]
  })
  return [
    `Cost against size, both logarithmic: a slope of 0 does not grow, one of 1 grows as the size does, which is the dashed line. ${circumstancesOf(results)}.`,
    `![cost against size](${image})`,
    markdownTable([HEAD, ...rows], 1),
    ...(results.some(({ others = '' }) => DISTURBED.test(others)) ? [NOT_QUIET] : []),
  ].join('\n\n')
}

/** A panel per curve. */
export function growthPanels(results: readonly StoredGrowth[]): CurvePanel[] {
  return inOrder(results).map(({ title, unit, points, slope }) => ({ title, unit, points, slope }))
}

function inOrder(results: readonly StoredGrowth[]): StoredGrowth[] {
  return [...results].sort((a, b) => (a.name < b.name ? -1 : 1))
}
