import { Log, type Logger } from '../../lib/runtime/log'
import type { Clock } from '../../lib/runtime/clock'

/** A logger that keeps its lines, each with its level before it. */
export class RecordingLogger implements Logger {
  readonly lines: string[] = []

  debug(line: string): void {
    this.lines.push(`debug ${line}`)
  }

  info(line: string): void {
    this.lines.push(`info ${line}`)
  }

  warn(line: string): void {
    this.lines.push(`warn ${line}`)
  }

  error(line: string): void {
    this.lines.push(`error ${line}`)
  }
}

/** A log that nobody reads. */
export function silentLog(clock?: Clock): Log {
  return new Log('test', new RecordingLogger(), clock)
}
