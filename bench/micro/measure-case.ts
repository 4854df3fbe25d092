import { getHeapStatistics } from 'node:v8'
import { Bench } from 'tinybench'
import { median } from '../results'
import type { Measurable } from './micro-case'

/** How long a case is measured, and warmed up before, ms. */
export interface MeasureTimes {
  readonly timeMs: number
  readonly warmupMs: number
}

/** What one operation costs. */
export interface MicroFigures {
  /** Median of the samples. */
  readonly nsPerOp: number
  /** Of the quickest sample: what others on the machine do shows least in it. */
  readonly leastNsPerOp: number
  /** Relative margin of error of the mean, %. */
  readonly rme: number
  readonly samples: number
  /** Undefined where it is not about bytes. */
  readonly bytesPerSecond: number | undefined
  /** Bytes taken from the heap and for buffers; undefined where that cannot be told, as of what waits for others. */
  readonly allocatedPerOp: number | undefined
}

/** A sample shorter than this would be noise of the clock. */
const SAMPLE_NS = 200_000
const MIN_SAMPLES = 5
const HEAP_LOOKS = 15

/** Where results go. */
let kept: unknown

/** Measures a case that is set up; rejects with what it fails with. */
export async function measureCase(measurable: Measurable, times: MeasureTimes): Promise<MicroFigures> {
  const { ops = 1, bytes } = measurable
  const isAsync = isThenable((kept = measurable.run()))
  await kept
  const repeats = await repeatsOf(measurable, isAsync)
  const once = isAsync ? runAsync : runSync
  const { timeMs: time, warmupMs: warmupTime } = times
  const bench = new Bench({ time, warmupTime, iterations: MIN_SAMPLES, warmupIterations: MIN_SAMPLES, throws: true })
  bench.add('case', () => once(measurable, repeats), { async: isAsync })
  await bench.run()
  const [result] = bench.results
  if (result?.state !== 'completed') throw new Error(`the measurement is ${result?.state}`)
  const { min, p50, rme, samplesCount } = result.latency
  const nsPerOp = (p50 * 1e6) / (repeats * ops)
  return {
    nsPerOp,
    leastNsPerOp: (min * 1e6) / (repeats * ops),
    rme,
    samples: samplesCount,
    bytesPerSecond: bytes === undefined ? undefined : (bytes * 1e9) / nsPerOp,
    allocatedPerOp: isAsync ? undefined : allocated(measurable, repeats) / (repeats * ops),
  }
}

function runSync({ run }: Measurable, repeats: number): void {
  for (let i = 0; i < repeats; i++) kept = run()
}

async function runAsync({ run }: Measurable, repeats: number): Promise<void> {
  for (let i = 0; i < repeats; i++) kept = await run()
}

/** So many runs are one sample. */
async function repeatsOf(measurable: Measurable, isAsync: boolean): Promise<number> {
  for (let repeats = 1; ; repeats *= 2) {
    const startedAt = process.hrtime.bigint()
    if (isAsync) await runAsync(measurable, repeats)
    else runSync(measurable, repeats)
    if (Number(process.hrtime.bigint() - startedAt) >= SAMPLE_NS) return repeats
  }
}

/** Bytes of one sample. Where garbage was collected meanwhile the heap has not grown: the median passes over that. */
function allocated(measurable: Measurable, repeats: number): number {
  global.gc?.()
  const looked = Array.from({ length: HEAP_LOOKS }, () => growth(() => undefined))
  const grown = Array.from({ length: HEAP_LOOKS }, () => growth(() => runSync(measurable, repeats)))
  return Math.max(0, median(grown) - median(looked))
}

function growth(run: () => void): number {
  const before = takenBytes()
  run()
  return takenBytes() - before
}

function takenBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics()
  return heap + external
}

function isThenable(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'
}
