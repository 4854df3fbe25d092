import createDebug from 'debug'
import { inspect } from 'node:util'
import { isError } from '../errors'
import { type Clock, systemClock } from './clock'

/** Where log lines go. `console` and pino fit. */
export interface Logger {
  /** For those who look for a defect. */
  debug(line: string): void
  /** Something that happens now and then, as a connection. */
  info(line: string): void
  /** Something is wrong, and it goes on. */
  warn(line: string): void
  /** Something failed. */
  error(line: string): void
}

type Level = keyof Logger
type Details = Readonly<Record<string, unknown>>

/** After this many equal lines in a window the rest are only counted. */
const REPEATS_PER_WINDOW = 5
const WINDOW_MS = 10_000
const REMEMBERED_LINES = 256
/** Of a longer detail, such as a stranger's remark, the rest is left out. */
const MAX_DETAIL_LENGTH = 2000
/** What moves the cursor of a terminal, or begins a line of its own. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g

/**
 * Log of one part of the library: the user's logger where there is one, else `debug` under `rocketwire:<part>`,
 * which is silent unless the DEBUG variable names it. Equal messages are rate-limited; a line is one line,
 * whatever a peer has put into it.
 */
export class Log {
  readonly #part: string
  readonly #logger: Logger | undefined
  readonly #clock: Clock
  #debugger: createDebug.Debugger | undefined
  readonly #repeats = new Map<string, { since: number; count: number }>()

  constructor(part: string, logger?: Logger, clock: Clock = systemClock) {
    this.#part = part
    this.#logger = logger
    this.#clock = clock
  }

  /** The log of another part with the same destination. */
  child(part: string): Log {
    return new Log(part, this.#logger, this.#clock)
  }

  /** For whoever looks for a fault. */
  debug(message: string, details?: Details): void {
    if (this.#logger !== undefined || this.#debug.enabled) this.#write('debug', message, details)
  }

  /** What is worth knowing and no trouble. */
  info(message: string, details?: Details): void {
    this.#write('info', message, details)
  }

  /** Trouble that the library goes on with. */
  warn(message: string, details?: Details): void {
    this.#write('warn', message, details)
  }

  /** Trouble that somebody must look at. */
  error(message: string, details?: Details): void {
    this.#write('error', message, details)
  }

  /** Made when there is something to tell: it opens the standard error. */
  get #debug(): createDebug.Debugger {
    return (this.#debugger ??= createDebug(`rocketwire:${this.#part}`))
  }

  #write(level: Level, message: string, details: Details | undefined): void {
    if (this.#logger === undefined && !this.#debug.enabled) return
    const suppressed = this.#countRepeat(`${level} ${message}`)
    if (suppressed === undefined) return
    const more = suppressed > 0 ? ` (${suppressed} equal lines left out)` : ''
    const line = `${message}${formatDetails(details)}${more}`
    if (this.#logger === undefined) this.#debug('%s %s', level, line)
    else this.#tell(this.#logger, level, `[rocketwire:${this.#part}] ${line}`)
  }

  /** A logger that throws or rejects must not break what it was to tell of: sockets and timers log, too. */
  #tell(logger: Logger, level: Level, line: string): void {
    const failed = (error: unknown): void => this.#debug('the logger threw %O at: %s', error, line)
    try {
      const given: unknown = logger[level](line)
      if (given instanceof Promise) given.catch(failed)
    } catch (error) {
      failed(error)
    }
  }

  /** How many equal lines were left out before this one, or undefined when this one is to be left out too. */
  #countRepeat(key: string): number | undefined {
    const now = this.#clock.monotonic()
    const seen = this.#repeats.get(key)
    if (seen !== undefined && now - seen.since < WINDOW_MS) {
      seen.count++
      return seen.count > REPEATS_PER_WINDOW ? undefined : 0
    }
    this.#repeats.delete(key)
    this.#repeats.set(key, { since: now, count: 1 })
    if (this.#repeats.size > REMEMBERED_LINES) {
      for (const oldest of this.#repeats.keys()) {
        this.#repeats.delete(oldest)
        break
      }
    }
    return Math.max(0, (seen?.count ?? 0) - REPEATS_PER_WINDOW)
  }
}

function formatDetails(details: Details | undefined): string {
  if (details === undefined) return ''
  return Object.entries(details)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${formatValue(value)}`)
    .join('')
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return oneLine(value)
  if (isError(value)) return oneLine(`${value.message}${isError(value.cause) ? ` <- ${value.cause.message}` : ''}`)
  return inspect(value, { breakLength: Infinity, depth: 2 })
}

/** Details may be a peer's own words, which must not look like lines of ours. */
function oneLine(text: string): string {
  const shown = text.length > MAX_DETAIL_LENGTH ? `${text.slice(0, MAX_DETAIL_LENGTH)}…` : text
  return shown.replace(CONTROL, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
