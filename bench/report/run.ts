import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { packageRoot } from '../../test/support/package-root'
import { runScript, say } from '../script'
import { growthPanels, growthSection } from './growth-section'
import { loopSection } from './loop-section'
import { microSection } from './micro-section'
import { withSection } from './page'
import { scenarioPanels, scenarioSection } from './scenario-section'
import { startupSection } from './startup-section'
import { type NewestResults, newestResults } from './stored-results'
import { targetsSection } from './targets-section'
import { drawBars } from './svg/bar-panel'
import { drawCurve } from './svg/curve-panel'
import { pictureOf } from './svg/svg'

const USAGE = `usage: npm run bench:report -- [--results DIR]

Writes the newest results of each kind into the tables of docs/performance.md, between their markers, and the pictures beside it.
  --results DIR   folder of the results; default bench/results`

const EMULATOR = 'the emulator'
/** Brokers that were started for the measurement; others are somebody's own. */
const REAL = /^RocketMQ \d/

/** What a section of the page is made of. */
interface Section {
  readonly name: string
  readonly text: string
  readonly picture?: { readonly file: string; readonly content: string }
}

/** The folder of the results. */
function read(args: readonly string[]): string {
  const { values } = parseArgs({ args: [...args], options: { results: { type: 'string' } } })
  const folder = values.results ?? join(packageRoot(), 'bench/results')
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}: run a benchmark first`)
  return folder
}

/** Resolves with 1 where there is nothing to write. */
async function run(folder: string): Promise<number> {
  const files = readdirSync(folder).filter(name => name.endsWith('.json'))
  const sections = sectionsOf(
    newestResults(files.map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))),
  )
  if (sections.length === 0) {
    say(`${folder} has no results to report`)
    return 1
  }
  await write(sections)
  return 0
}

function sectionsOf({ scenarios, growth, micro, loop, startup }: NewestResults): Section[] {
  const real = scenarios.filter(({ target }) => REAL.test(target))
  const emulated = scenarios.filter(({ target }) => target === EMULATOR)
  const rates = [
    { name: 'real', results: real },
    { name: 'emulator', results: emulated },
  ].filter(({ results }) => results.length > 0)
  return [
    ...rates.map(({ name, results }) => {
      const file = `images/performance/rates-${name}.svg`
      const panels = scenarioPanels(results).map(panel => (width: number) => drawBars(panel, width))
      const content = pictureOf('Messages per second by scenario and client', panels)
      return { name, text: scenarioSection(results, file), picture: { file, content } }
    }),
    ...(real.length === 0 ? [] : [{ name: 'targets', text: targetsSection(real) }]),
    ...(growth.length === 0 ? [] : [growthPart(growth)]),
    ...(loop === undefined ? [] : [{ name: 'loop', text: loopSection(loop) }]),
    ...(startup === undefined ? [] : [{ name: 'startup', text: startupSection(startup) }]),
    ...(micro.length === 0 ? [] : [{ name: 'micro', text: microSection(micro) }]),
  ]
}

function growthPart(growth: NewestResults['growth']): Section {
  const file = 'images/performance/growth.svg'
  const panels = growthPanels(growth).map(panel => (width: number) => drawCurve(panel, width))
  return {
    name: 'growth',
    text: growthSection(growth, file),
    picture: { file, content: pictureOf('Cost against size', panels) },
  }
}

async function write(sections: readonly Section[]): Promise<void> {
  const page = join(packageRoot(), 'docs/performance.md')
  const written = sections.reduce(
    (text, { name, text: part }) => withSection(text, name, part),
    readFileSync(page, 'utf8'),
  )
  const style = { ...(await resolveConfig(page)), filepath: page }
  for (const { picture } of sections) {
    if (picture === undefined) continue
    const file = join(dirname(page), picture.file)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, picture.content)
    say(`written ${relative(packageRoot(), file)}`)
  }
  writeFileSync(page, await format(written, style))
  say(`written ${relative(packageRoot(), page)}: ${sections.map(({ name }) => name).join(', ')}`)
}

runScript({ usage: USAGE, read, run })
