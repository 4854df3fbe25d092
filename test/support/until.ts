import { systemClock } from '../../lib/runtime/clock'
import { withDeadline } from '../../lib/runtime/deadline'

const WITHIN_MS = 30_000

/** Limit of a wait, and what it waits for, for the message of a wait in vain. */
export interface Wait {
  readonly what: string | (() => string)
  /** Default 30000. */
  readonly withinMs?: number
}

/** Those who wait for a condition are woken by what may have made it true: a message, an event, a callback. */
export class Changes {
  readonly #checks = new Set<() => void>()

  /** Has all conditions looked at again. */
  readonly notify = (): void => {
    for (const check of [...this.#checks]) check()
  }

  /** Resolves once the condition holds; rejects when it throws, or with what was waited for when the time is up. */
  async until(condition: () => boolean, { what, withinMs = WITHIN_MS }: Wait): Promise<void> {
    let check = (): void => undefined
    const held = new Promise<void>((resolve, reject) => {
      check = () => {
        try {
          if (condition()) resolve()
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      }
      this.#checks.add(check)
      check()
    })
    try {
      await withDeadline(held, { clock: systemClock, timeoutMs: withinMs, onTimeout: () => inVain(what, withinMs) })
    } finally {
      this.#checks.delete(check)
    }
  }
}

/**
 * Asks, one request after the other, until the answer is right, and resolves with that. For the state of a broker, of
 * which nothing tells.
 */
export async function answered<T>(
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
  { what, withinMs = WITHIN_MS }: Wait,
): Promise<T> {
  const deadline = systemClock.monotonic() + withinMs
  let answer: T
  do {
    answer = await ask()
    if (isRight(answer)) return answer
  } while (systemClock.monotonic() < deadline)
  throw inVain(what, withinMs, `; the last answer was ${JSON.stringify(answer)}`)
}

function inVain(what: Wait['what'], withinMs: number, rest = ''): Error {
  return new Error(`${typeof what === 'string' ? what : what()}: waited ${withinMs} ms in vain${rest}`)
}
