import { randomBytes, randomInt } from 'node:crypto'

/** An integer from 0 up to, not including, `bound`. */
export function randomBelow(bound: number): number {
  return Math.floor(Math.random() * bound)
}

/** Lower-case hexadecimal text of `bytes` unpredictable bytes, for names that must not clash. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}

/** An unpredictable unsigned 32-bit integer. */
export function randomUint32(): number {
  return randomInt(0x1_0000_0000)
}

/** A copy in random order. */
export function shuffled<T>(items: readonly T[]): T[] {
  const copy = [...items]
  for (let i = copy.length - 1; i > 0; i--) {
    const j = randomBelow(i + 1)
    const held = copy[i] as T
    copy[i] = copy[j] as T
    copy[j] = held
  }
  return copy
}

/** Wait before try number `attempt` (0 is the first): doubles from `baseMs` to `maxMs`, the upper half of it random. */
export function backoffMs(attempt: number, baseMs: number, maxMs: number): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30))
  return full / 2 + Math.random() * (full / 2)
}
