import { parseArgs } from 'node:util'
import type { SubjectName } from '../micro/subjects'
import type { ScenarioName } from '../scenarios'
import { WrongUse } from '../script'

/** The codecs and the channel. */
export const GATE_SUBJECTS = [
  'frames',
  'commands',
  'stored-messages',
  'properties',
  'fastjson',
  'codecs',
  'channel',
] as const satisfies readonly SubjectName[]
/** Measured on the emulator. */
export const GATE_SCENARIOS = ['send', 'sync', 'consume'] as const satisfies readonly ScenarioName[]

export type GatePart = (typeof GATE_SUBJECTS)[number] | (typeof GATE_SCENARIOS)[number]

const PARTS: readonly GatePart[] = [...GATE_SUBJECTS, ...GATE_SCENARIOS]

export interface GateOptions {
  readonly parts: readonly GatePart[]
  /** Commit, tag or folder of a build; undefined for the last release. */
  readonly against: string | undefined
  /** Rounds of each measurement. */
  readonly rounds: number
}

export const GATE_USAGE = `usage: npm run bench:gate -- [PART...] [--against COMMIT|DIR] [--n 5]

Measures this build and another one by turns: the codecs, the channel, and the client on the emulator. Ends with 1 where
this one is slower than 0.85 times the other, also when that is measured once more, for which it waits until the machine is quiet.
  PART          ${PARTS.join(', ')}; default all
  --against X   a commit or tag, which is built into the cache, or a folder with a build; default the last release tag
  --n N         rounds; medians of the ratios are looked at; default 5`

/** Reads the command line; throws an error that says what is wrong with it. */
export function readGateOptions(args: readonly string[]): GateOptions {
  const { positionals, values } = parsed(args)
  const rounds = Number(values.n ?? 5)
  if (!Number.isSafeInteger(rounds) || rounds < 1) {
    throw new WrongUse(`--n must be a whole number from 1 up, not ${values.n}`)
  }
  const parts = positionals.length === 0 ? PARTS : positionals.map(partOf)
  return { parts, against: values.against, rounds }
}

function partOf(name: string): GatePart {
  const part = PARTS.find(each => each === name)
  if (part === undefined) throw new WrongUse(`there is no ${name} to compare by; there are ${PARTS.join(', ')}`)
  return part
}

interface Parsed {
  readonly positionals: readonly string[]
  readonly values: { readonly against?: string | undefined; readonly n?: string | undefined }
}

function parsed(args: readonly string[]): Parsed {
  const text = { type: 'string' } as const
  try {
    return parseArgs({ args: [...args], options: { against: text, n: text }, allowPositionals: true })
  } catch (error) {
    throw new WrongUse((error as Error).message)
  }
}
