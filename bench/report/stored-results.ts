import type { MicroResult } from '../micro/micro-result'
import type { BenchResult } from '../results'
import type { PackageSize } from '../startup/package-size'

/** What every file of `bench/results/` tells besides its figures. */
export interface Circumstances {
  /** When it was measured, as ISO text. */
  readonly at: string
  readonly node: string
  readonly machine: { readonly os: string; readonly cpu?: string; readonly cores: number }
}

/** Cost against size. */
export interface GrowthResult {
  readonly kind: 'growth'
  readonly name: string
  readonly unit: string
  readonly title: string
  readonly points: readonly { readonly size: number; readonly cost: number }[]
  readonly slope: number
  /** Of the larger sizes, where what is always there does not outweigh what grows. */
  readonly slopeAtEnd?: number
  readonly isTrial?: boolean
  /** What else used the machine, for people to read. */
  readonly others?: string
}

/** How long the event loop was blocked. */
export interface LoopBlocks {
  readonly longestMs: number
  readonly p99Ms: number
}

/** Blocks of the event loop while something was done, and while nothing was: medians of the rounds. */
export interface LoopResult {
  readonly kind: 'loop'
  readonly rounds: number
  readonly rows: readonly (LoopBlocks & {
    readonly name: string
    readonly worstMs: number
    readonly idle: LoopBlocks
  })[]
  readonly others?: string
  readonly isTrial?: boolean
}

/** How long processes take that load the package, ms, and its size. */
export interface StartupResult extends PackageSize {
  readonly kind: 'startup'
  readonly rounds: number
  readonly rows: readonly {
    readonly name: string
    readonly wallMs: number
    readonly leastMs: number
    readonly cpuMs: number
    /** What the limit is for: all of it, what comes on top of a bare process, or a part. */
    readonly measuredMs: number
    readonly target?: number | undefined
  }[]
  readonly others?: string
}

export type StoredScenario = BenchResult & Circumstances & { readonly scenario: string }
export type StoredGrowth = GrowthResult & Circumstances
export type StoredMicro = MicroResult & Circumstances
export type StoredLoop = LoopResult & Circumstances
export type StoredStartup = StartupResult & Circumstances

/** The newest results of each thing that was measured. */
export interface NewestResults {
  /** Of each scenario on each target. */
  readonly scenarios: readonly StoredScenario[]
  /** Of each curve. */
  readonly growth: readonly StoredGrowth[]
  /** All of this work tree's builds, newest first. */
  readonly micro: readonly StoredMicro[]
  readonly loop: StoredLoop | undefined
  readonly startup: StoredStartup | undefined
}

/** A file of results. */
export interface ResultFile {
  readonly name: string
  readonly text: string
}

type AnyResult = BenchResult | GrowthResult | MicroResult | LoopResult | StartupResult

/** What was measured, behind the time in the name of a file. */
const FILE_NAME = /^\d{4}-\d\d-\d\dT[\d.-]+Z-(.+)\.json$/

/** Reads files of results, in whatever order; trials, and those of a kind that is not reported, are left out. */
export function newestResults(files: readonly ResultFile[]): NewestResults {
  const scenarios = new Map<string, StoredScenario>()
  const growth = new Map<string, StoredGrowth>()
  const micro: StoredMicro[] = []
  let loop: StoredLoop | undefined
  let startup: StoredStartup | undefined
  for (const { name, text } of [...files].sort((a, b) => (a.name < b.name ? 1 : -1))) {
    const subject = FILE_NAME.exec(name)?.[1]
    if (subject === undefined) continue
    const result = read(name, text)
    if ('isTrial' in result && result.isTrial === true) continue
    switch (result.kind) {
      case 'scenario':
        keepFirst(scenarios, `${subject} ${result.target}`, { ...result, scenario: subject })
        break
      case 'growth':
        keepFirst(growth, result.name, result)
        break
      case 'micro':
        if (result.library === undefined) micro.push(result)
        break
      case 'loop':
        loop ??= result
        break
      case 'startup':
        startup ??= result
        break
      default: // Such as those of the gate, which are about two builds.
    }
  }
  return { scenarios: [...scenarios.values()], growth: [...growth.values()], micro, loop, startup }
}

function read(name: string, text: string): AnyResult & Circumstances {
  try {
    return JSON.parse(text) as AnyResult & Circumstances
  } catch (cause) {
    throw new Error(`${name} is no file of results: delete it`, { cause })
  }
}

function keepFirst<T>(all: Map<string, T>, key: string, value: T): void {
  if (!all.has(key)) all.set(key, value)
}
